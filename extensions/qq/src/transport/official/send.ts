import { QQProtocolError } from "../../errors.ts";
import type {
  MediaKind,
  OutboundMessage,
  PassiveAnchor,
  SentMessage,
  StreamedStep,
  StreamStep,
  TypingNotice,
  UploadedMedia,
} from "../../message/outbound.ts";
import { encodeKeyboard } from "../../message/encode-official.ts";
import type { Target } from "../../message/target.ts";
import type { V2Message } from "../../protocol/official/messages.ts";
import type { OfficialApi, SendOutcome } from "./api.ts";
import { encodeGuild } from "./guild-send.ts";

/** Sends one message where `target` says: what both official lines do. */
export async function sendOfficial(
  api: OfficialApi,
  target: Target,
  message: OutboundMessage,
  signal?: AbortSignal,
): Promise<SentMessage> {
  switch (target.kind) {
    case "c2c":
      return sentMessage(await api.sendV2("users", target.userId, encodeV2(message), signal));
    case "group":
      return sentMessage(await api.sendV2("groups", target.groupId, encodeV2(message), signal));
    case "channel":
      return sentMessage(await api.sendChannel(target.channelId, encodeGuild(message), signal));
    case "dm":
      return sentMessage(await api.sendDm(target.guildId, encodeGuild(message), signal));
  }
}

/** Shows "is typing" in a direct message; groups have no such notice. */
export async function notifyTyping(
  api: OfficialApi,
  userId: string,
  { anchor, seconds }: TypingNotice,
  signal?: AbortSignal,
): Promise<void> {
  // Without a message to tie it to there is none: QQ would refuse it.
  if (!anchor) return;
  const body = { msg_type: 6, input_notify: { input_type: 1, input_second: seconds }, ...tied(anchor) } as const;
  await api.sendV2("users", userId, body, signal);
}

/** One step of a growing direct message (QQ, "Stream message"). */
export async function streamStep(
  api: OfficialApi,
  userId: string,
  step: StreamStep,
  signal?: AbortSignal,
): Promise<StreamedStep> {
  const answer = await api.stream(
    userId,
    {
      input_mode: "replace",
      input_state: step.last ? 10 : 1,
      index: step.index,
      content_type: "markdown",
      content_raw: step.text,
      ...(step.streamId !== undefined && { stream_msg_id: step.streamId }),
      ...tied(step.anchor),
    },
    signal,
  );
  const quoteIndex = answer.ext_info?.ref_idx;
  const room = answer.remain_msg_len;
  return {
    streamId: answer.id,
    ...(quoteIndex !== undefined && { quoteIndex }),
    ...(room !== undefined && { room }),
  };
}

function encodeV2({ content, anchor, quote, wakeUp }: OutboundMessage): V2Message {
  const tie = anchor ? tied(anchor) : wakeUp ? ({ is_wakeup: true } as const) : {};
  const quoted = quote === undefined ? {} : { message_reference: { message_id: quote } };
  switch (content.kind) {
    case "text":
      return { msg_type: 0, content: content.text, ...tie, ...quoted };
    case "markdown": {
      const keyboard = content.keyboard ? { keyboard: encodeKeyboard(content.keyboard) } : {};
      return { msg_type: 2, markdown: { content: content.text }, ...keyboard, ...tie, ...quoted };
    }
    case "media": {
      const caption = content.caption === undefined ? {} : { content: content.caption };
      return { msg_type: 7, media: { file_info: fileInfoOf(content.media) }, ...caption, ...tie, ...quoted };
    }
  }
}

function fileInfoOf({ fileInfo }: UploadedMedia): string {
  if (fileInfo === undefined)
    throw new QQProtocolError("a picture read for a guild chat has no upload; upload it here");
  return fileInfo;
}

function tied(anchor: PassiveAnchor) {
  return anchor.msgId === undefined
    ? { event_id: anchor.eventId, msg_seq: anchor.msgSeq }
    : { msg_id: anchor.msgId, msg_seq: anchor.msgSeq };
}

function sentMessage({ answer, auditId }: SendOutcome): SentMessage {
  if (auditId !== undefined) return { auditId };
  if (!answer) return { duplicate: true };
  const quoteIndex = answer.ext_info?.ref_idx;
  return { messageId: answer.id, ...(quoteIndex !== undefined && { quoteIndex }) };
}

/** The number that QQ has for a kind of file ("Rich media"). */
export const FILE_TYPES: Readonly<Record<MediaKind, 1 | 2 | 3 | 4>> = { image: 1, video: 2, voice: 3, file: 4 };
