import type { Wording } from "../errors.ts";

/** How bad it is: the account cannot work; it works with a loss or a risk; nothing is wrong. */
export type Level = "error" | "warning" | "ok";

/** The area that the host's status sorts an issue by. */
export type Area = "intent" | "permissions" | "config" | "auth" | "runtime";

/** One thing that was looked at, as an operator reads it. Never a secret, never the text of a message. */
export interface Finding {
  /** Name of the check, in kebab case: the same in the status, in `openclaw qq doctor` and in the documents. */
  readonly check: string;
  readonly level: Level;
  readonly area: Area;
  /** Absent where it concerns the whole channel or the machine. */
  readonly accountId?: string;
  /** What was seen. */
  readonly saw: Wording;
  /** Why it matters; absent where nothing is wrong. */
  readonly why?: Wording;
  /** The exact thing to do; absent where nothing is wrong. */
  readonly fix?: Wording;
}
