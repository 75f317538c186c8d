import { QQApiError, QQProtocolError } from "../../errors.ts";
import { decodeOneBotMessage } from "../../message/decode-onebot-message.ts";
import type { ContactRequest, InboundMessage } from "../../message/inbound.ts";
import type { Target } from "../../message/target.ts";
import { wireId } from "../../protocol/onebot/values.ts";
import { within } from "./call-options.ts";
import type { OneBotCalls } from "./calls.ts";
import { personalTarget } from "./personal-target.ts";

/** Longest wait for what is only shown, ms: a late "is typing" is worth nothing. */
const SHOWN_MS = 10_000;
/** Longest wait for everything else, ms: NapCat may have to ask QQ first (onebot-napcat.md, 6.1 and 7.2). */
const ANSWER_MS = 30_000;
/** Messages of one chat record that are read; QQ's own client puts 100 into one. */
const MOST_IN_RECORD = 200;

/** Calls about one message, one person or one request (onebot-napcat.md, 6). */
export function createMessageCalls(calls: OneBotCalls) {
  return {
    async typing(userId: string, signal?: AbortSignal): Promise<void> {
      await calls.call("set_input_status", { user_id: wireId(userId), event_type: 1 }, within(SHOWN_MS, signal));
    },

    async recall(messageId: string, signal?: AbortSignal): Promise<void> {
      await calls.call("delete_msg", { message_id: wireId(messageId) }, within(ANSWER_MS, signal));
    },

    async react(target: Target, messageId: string, emoji: string, on: boolean, signal?: AbortSignal): Promise<void> {
      if (target.kind !== "group") throw new QQProtocolError("QQ has reactions in groups only");
      const params = { message_id: wireId(messageId), emoji_id: encodeEmoji(emoji), set: on };
      await calls.call("set_msg_emoji_like", params, within(SHOWN_MS, signal));
    },

    async poke(target: Target, userId: string, signal?: AbortSignal): Promise<void> {
      const chat = personalTarget(target);
      const user_id = wireId(userId);
      const options = within(ANSWER_MS, signal);
      if (chat.kind === "group")
        return await calls.call("group_poke", { group_id: wireId(chat.groupId), user_id }, options);
      await calls.call("friend_poke", { user_id }, options);
    },

    async like(userId: string, times: number, signal?: AbortSignal): Promise<void> {
      await calls.call("send_like", { user_id: wireId(userId), times }, within(ANSWER_MS, signal));
    },

    async decide({ what, flag }: ContactRequest, approve: boolean, signal?: AbortSignal): Promise<void> {
      const options = within(ANSWER_MS, signal);
      if (what === "friend") return await calls.call("set_friend_add_request", { flag, approve }, options);
      const sub_type = what === "join" ? "add" : "invite";
      await calls.call("set_group_add_request", { flag, sub_type, approve }, options);
    },

    async readMessage(messageId: string, signal?: AbortSignal): Promise<InboundMessage | undefined> {
      try {
        const options = within(ANSWER_MS, signal);
        return decodeOneBotMessage(await calls.call("get_msg", { message_id: wireId(messageId) }, options));
      } catch (error) {
        if (error instanceof QQApiError && error.kind === "target") return undefined;
        throw error;
      }
    },

    async readForward(recordId: string, signal?: AbortSignal): Promise<readonly InboundMessage[]> {
      const options = within(ANSWER_MS, signal);
      const { messages } = await calls.call("get_forward_msg", { id: recordId, message_id: recordId }, options);
      return messages.slice(0, MOST_IN_RECORD).flatMap((message) => decodeOneBotMessage(message) ?? []);
    },
  };
}

/**
 * A number as it is, an emoji by its code point in decimal: NapCat takes numbers of up to 3 digits for QQ's faces, longer
 * ones for code points (onebot-napcat.md, 6.1).
 */
function encodeEmoji(emoji: string): string {
  if (/^\d{1,7}$/.test(emoji)) return emoji;
  // A variation selector says how to draw it; QQ's list has the bare code point.
  const [point, ...more] = Array.from(emoji.trim().replaceAll("\u{FE0F}", ""));
  const isEmoji = point !== undefined && more.length === 0 && /\p{Extended_Pictographic}/u.test(point);
  if (isEmoji) return String(point.codePointAt(0));
  throw new QQProtocolError("QQ takes one emoji, or the number of one of its faces, as a reaction");
}
