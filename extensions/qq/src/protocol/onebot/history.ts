import { z } from "zod";
import type { Software } from "./software.ts";
import { Count, maybe, OpaqueId, wireId, type WireId } from "./values.ts";

/** Which messages of a chat: the newest ones, or those before one (`onebot-napcat.md` 7.6 and 9). */
export interface HistoryPage {
  readonly count: number;
  /** An id of a message, or QQ's sequence in the chat: that differs. */
  readonly message_seq?: WireId;
  readonly message_id?: WireId;
  /** From `message_seq` into the past. */
  readonly reverse_order?: boolean;
  /** Looks up no addresses of media: each is a call of its own. */
  readonly disable_get_url?: boolean;
  /** Brings along what is in chat records. */
  readonly parse_mult_msg?: boolean;
}

/** What of a message in history a page is asked by. */
export const HistoryEntry = z.looseObject({
  message_id: OpaqueId,
  message_seq: maybe(OpaqueId),
  real_seq: maybe(OpaqueId),
  time: maybe(Count),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/**
 * How `software` is asked for the `count` newest messages, or for those up to `before`, which itself comes along again
 * in most. `undefined`: it has no history, or none that goes further back than its newest page.
 */
export function historyPage(software: Software, count: number, before?: HistoryEntry): HistoryPage | undefined {
  const lean = { disable_get_url: false, parse_mult_msg: false };
  switch (software.history) {
    case "by-message-id":
      if (!before) return { count, ...lean };
      return { count, ...lean, message_seq: wireId(before.message_id), reverse_order: true };
    case "by-sequence": {
      if (!before) return { count };
      const sequence = before.real_seq ?? before.message_seq;
      return sequence === undefined ? undefined : { count, message_seq: wireId(sequence) };
    }
    case "by-anchor":
      return before ? { count, message_id: wireId(before.message_id) } : { count };
    case "none":
      return undefined;
  }
}
