/** What the host's forms show of a key. */
export interface Hint {
  readonly label: string;
  readonly help: string;
  readonly sensitive?: true;
  readonly advanced?: true;
  readonly placeholder?: string;
}

/** A hint as the host's forms take it. */
export interface FormHint extends Omit<Hint, "advanced"> {
  readonly advanced: boolean;
  /** Place in the form, lowest first. */
  readonly order: number;
}

/** What is in a list has no label of its own. */
export type ItemHint = Pick<FormHint, "advanced">;

/** A key as it is explained: in English to the host's forms, in both languages in the documents. */
export interface KeyText extends Hint {
  readonly helpZh: string;
  /** What holds where the key is left out: a value, or the host's key that it is then taken from. */
  readonly default?: string;
}
