import type { FaultKind, Retry } from "../../errors.ts";

export interface Fault {
  readonly kind: FaultKind;
  readonly retry: Retry;
}

const fault = (kind: FaultKind, retry: Retry): Fault => ({ kind, retry });

/** Platform codes by what they mean to a client (QQ, "Error codes", 2026-09, and codes seen in production). */
const families: readonly (readonly [Fault, readonly number[]])[] = [
  [fault("rate-limited", "later"), [100001, 40034100, 22009, 20028, 620006]],
  [fault("config", "never"), [100007, 100016, 10004, 11251, 11261, 11262, 11265, 11275, 40054016]],
  [fault("token", "now"), [11241, 11243, 11244]],
  [fault("ip-blocked", "never"), [11298, 40023002]],
  [
    fault("temporary", "later"),
    [
      11242, 11252, 11263, 11281, 304006, 304007, 304008, 304009, 304012, 304016, 304018, 304029, 304044, 304051,
      340067, 1100300, 1100499, 40054006, 50055001, 50055002, 50055006, 50015014, 50001, 306003, 306005, 306006,
      50065001, 50002, 630004, 630005, 40093001, 12001, 12003, 620007,
    ],
  ],
  [
    fault("permission", "never"),
    [
      11253, 11254, 11264, 11282, 11703, 304004, 304036, 40034090, 40034127, 50056, 40034102, 40034105, 40034123,
      40054013, 40062003, 40064004, 40061002, 306001, 306002, 306004, 620002, 620003, 620004, 620005,
    ],
  ],
  [
    fault("target", "never"),
    [11255, 304031, 304032, 304033, 304034, 40034101, 40054003, 40054002, 850018, 40054004, 306009],
  ],
  [
    fault("quota", "never"),
    [304019, 304022, 304035, 304045, 304046, 304047, 304048, 304049, 304050, 304052, 1100308, 40034122, 40093002],
  ],
  [
    fault("reply-window", "never"),
    [304026, 304027, 304028, 304103, 40034005, 40034024, 40034025, 40034026, 40034027, 40034128],
  ],
  [fault("duplicate", "never"), [40054005]],
  [fault("url", "never"), [40054010, 304003]],
  [fault("audit", "never"), [304023, 304024]],
  [
    fault("content", "never"),
    [
      304025, 1100100, 1100101, 1100102, 1100103, 1100104, 3300006, 40034006, 40054007, 40054018, 50037, 50041, 50042,
      50054, 50055, 50057, 304037, 304038, 304039, 304040, 305007, 40034029, 40034008, 40034009, 40034010, 40034011,
      40034124,
    ],
  ],
  [
    fault("media", "never"),
    [
      304010, 304017, 304020, 304021, 304080, 304082, 304083, 40034001, 40034004, 850012, 850019, 850026, 850027,
      850031,
    ],
  ],
  [fault("bug", "never"), [22006, 50006, 50059, 304061, 340069, 50035, 12002, 40034106, 40034108, 40034109]],
];

const byCode: ReadonlyMap<number, Fault> = new Map(
  families.flatMap(([family, codes]) => codes.map((code) => [code, family] as const)),
);

/** The bot has no right to send markdown of its own (QQ, "Error codes"). */
const MARKDOWN_DENIED: ReadonlySet<number> = new Set([304036, 40034090, 40034127, 50056]);
/** Something in the markdown is not to QQ's liking; the same words as plain text are. */
const MARKDOWN_INVALID: ReadonlySet<number> = new Set([
  40034004, 40034008, 40034009, 40034010, 40034011, 40034124, 50037, 50041, 50042, 50054, 50055, 50057,
]);
const KEYBOARD_INVALID: ReadonlySet<number> = new Set([
  304037, 304038, 304039, 304040, 305007, 40034029, 40034106, 40034108, 40034109,
]);
const TOO_LONG: ReadonlySet<number> = new Set([40054007, 40054018]);

/** A step of a stream does not follow the one before it, as far as a malformed body can mean that (INF, 7.1). */
export const STREAM_INDEX_WRONG = 50035;

/** The bot is no member or friend any more. */
const CHAT_GONE: ReadonlySet<number> = new Set([40034101, 40054003, 40054004]);
/** Nobody, or not the bot, may speak there for a while. */
const CHAT_MUTED: ReadonlySet<number> = new Set([40054002, 850018]);

/** What a refusal says of the chat itself; of a wrong id it says nothing. */
export function chatState(platformCode: number): "gone" | "muted" | undefined {
  if (CHAT_GONE.has(platformCode)) return "gone";
  return CHAT_MUTED.has(platformCode) ? "muted" : undefined;
}

/** What of a message was refused, where the code says more than its kind. */
export type RefusedPart = "markdown-right" | "markdown" | "keyboard" | "length";

export function refusedPart(platformCode: number): RefusedPart | undefined {
  if (MARKDOWN_DENIED.has(platformCode)) return "markdown-right";
  if (MARKDOWN_INVALID.has(platformCode)) return "markdown";
  if (KEYBOARD_INVALID.has(platformCode)) return "keyboard";
  return TOO_LONG.has(platformCode) ? "length" : undefined;
}

/**
 * What a refusal means: by the platform's code where it is known, else by the HTTP status.
 * A proxy before the platform answers HTML with 4xx or 5xx and no code.
 */
export function classifyFault(status: number, platformCode: number): Fault {
  const known = byCode.get(platformCode);
  if (known) return known;
  if (status === 401) return fault("token", "now");
  if (status === 429) return fault("rate-limited", "later");
  if (status >= 500) return fault("temporary", "later");
  if (status === 413) return fault("media", "never");
  return fault("bug", "never");
}
