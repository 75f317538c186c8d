/** Sound that cannot be converted. Sending it as a file still works; that is for the caller to do. */
export class UnsupportedMedia extends Error {
  override readonly name = "UnsupportedMedia";
  readonly code = "QQ_MEDIA";
  /** What it was taken for, as `sniff` says it, or the codec within. */
  readonly format: string;
  /** The reason alone, on one line. */
  readonly why: string;

  constructor(format: string, why: string, options?: ErrorOptions) {
    super(`cannot convert ${format} voice: ${why}; send it as a file`, options);
    this.format = format;
    this.why = why;
  }
}
