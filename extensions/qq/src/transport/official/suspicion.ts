import type { OutboundMessage } from "../../message/outbound.ts";
import type { Target } from "../../message/target.ts";
import { HOLD_MS } from "./hold.ts";

/** How a connection that had been up was lost. Times in ms since the epoch. */
export interface Drop {
  readonly at: number;
  /** The last sign of life before it; absent when the platform had asked for a new connection in good time. */
  readonly doubtFrom: number | undefined;
}

/** While this lasts, QQ may accept messages that it never shows. `until` is its end, ms since the epoch. */
export interface SuspiciousWindow {
  readonly from: number;
  readonly until: number;
}

/** How long after a drop accepted messages were seen to vanish, ms (qq-official.md 11: 55 to 150 s). */
const GRACE_MS = 150_000;

/**
 * The window that a drop opens, once the line is up again at `upAt`.
 *
 * Messages vanished around connections that died: a close 4009 or 1005 without notice, a socket that was dead before
 * anybody knew (qq-official.md 11, 2.7). The change of connection that op 7 asks for every half hour is none of these,
 * and it opens no window when the new connection is up before sends stop waiting for it: otherwise every bot would
 * repeat its last answers 48 times a day, to be told each time that they had arrived.
 */
export function suspiciousWindow(drop: Drop, upAt: number): SuspiciousWindow | undefined {
  const from = drop.doubtFrom ?? (upAt - drop.at > HOLD_MS ? drop.at : undefined);
  return from === undefined ? undefined : { from, until: Math.max(upAt, drop.at + GRACE_MS) };
}

/** A message that was answered with an id. */
export interface Answered {
  readonly target: Target;
  readonly message: OutboundMessage;
  /** When it was answered, ms since the epoch. */
  readonly at: number;
}

/** An answered message that may not have been shown, and how often it was sent again. */
export interface Doubted extends Answered {
  readonly repeats: number;
}

/** When a message in doubt is sent again, ms after the line is up again, or after its answer when that was later. */
const REPEAT_AFTER_MS: readonly number[] = [5_000, 60_000, 150_000];

/** When this one is sent again next, ms since the epoch; `undefined` when it was sent often enough. */
export function repeatAt({ at, repeats }: Doubted, upAt: number): number | undefined {
  const after = REPEAT_AFTER_MS[repeats];
  return after === undefined ? undefined : Math.max(at, upAt) + after;
}

/** Whether a message to this chat can vanish: a guild's is refused while the bot has no session there (304018). */
export function canVanish({ target }: Answered): boolean {
  return target.kind === "c2c" || target.kind === "group";
}

/** Whether QQ can tell this message from a new one, so that sending it again never shows it twice (`msg_seq`). */
export function isProvable({ message }: Answered): boolean {
  return message.anchor !== undefined;
}
