import { QQProtocolError } from "../../errors.ts";
import type { OutboundMessage, SentMessage, TypingNotice } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import type { V2Message } from "../../protocol/official/messages.ts";
import type { OfficialApi, SendOutcome } from "./api.ts";

/** Sends one message where `target` says: what both official lines do. */
export async function sendOfficial(
  api: OfficialApi,
  target: Target,
  message: OutboundMessage,
  signal?: AbortSignal,
): Promise<SentMessage> {
  switch (target.kind) {
    case "c2c":
      return sentMessage(await api.sendC2C(target.userId, encodeText(message), signal));
    case "group":
      return sentMessage(await api.sendGroup(target.groupId, encodeText(message), signal));
    case "channel":
    case "dm":
      throw new QQProtocolError(
        `cannot send to ${formatTarget(target)}: guild chats are not built yet; use c2c:OPENID or group:OPENID`,
      );
  }
}

/** Shows "is typing" in a direct message; groups have no such notice. */
export async function notifyTyping(
  api: OfficialApi,
  userId: string,
  { anchor, seconds }: TypingNotice,
  signal?: AbortSignal,
): Promise<void> {
  const tied = { msg_id: anchor.msgId, msg_seq: anchor.msgSeq };
  await api.sendC2C(userId, { msg_type: 6, input_notify: { input_type: 1, input_second: seconds }, ...tied }, signal);
}

function encodeText({ text, anchor, quote }: OutboundMessage): V2Message {
  return {
    msg_type: 0,
    content: text,
    ...(anchor && { msg_id: anchor.msgId, msg_seq: anchor.msgSeq }),
    ...(quote !== undefined && { message_reference: { message_id: quote } }),
  };
}

function sentMessage({ answer }: SendOutcome): SentMessage {
  if (!answer) return { duplicate: true };
  const quoteIndex = answer.ext_info?.ref_idx;
  return { messageId: answer.id, ...(quoteIndex !== undefined && { quoteIndex }) };
}
