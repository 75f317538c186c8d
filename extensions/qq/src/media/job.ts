/** What a worker is asked to do. */
export type Job =
  | { readonly kind: "encode"; readonly bytes: Uint8Array; readonly format: string }
  | { readonly kind: "decode"; readonly bytes: Uint8Array };

/** What it answers: SILK, or WAV without a duration; or why not. */
export type Outcome =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly durationMs: number }
  | { readonly ok: false; readonly why: string; readonly format?: string };
