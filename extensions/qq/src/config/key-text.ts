/** What the host's forms show of a key. */
export interface Hint {
  readonly label: string;
  readonly help: string;
  readonly sensitive?: true;
  readonly advanced?: true;
  readonly placeholder?: string;
}

/** A key as it is explained: in English to the host's forms, in both languages in the documents. */
export interface KeyText extends Hint {
  readonly helpZh: string;
}
