import { QQApiError, QQProtocolError } from "../../errors.ts";
import { encodeOneBot, mentionsAsText } from "../../message/encode-onebot.ts";
import type { OutboundMessage, UploadedMedia } from "../../message/outbound.ts";
import { sendTimeoutMs } from "../../protocol/onebot/limits.ts";
import type { OutSegment } from "../../protocol/onebot/segments.ts";
import { wireId } from "../../protocol/onebot/values.ts";
import { within } from "./call-options.ts";
import type { CallOptions, OneBotCalls } from "./calls.ts";
import type { Delivery } from "./delivery.ts";
import type { MediaOut, SourceMedia } from "./media-out.ts";
import type { PersonalTarget } from "./personal-target.ts";
import { contentToSend } from "./sent-content.ts";

/** On top of the implementation's own wait for QQ, ms (onebot-napcat.md, 7.2). */
export const ANSWER_MARGIN_MS = 15_000;

export interface OutParts {
  readonly calls: OneBotCalls;
  readonly mediaOut: MediaOut;
}

/** How one of these is delivered. Media are handed over again where the implementation may have deleted them since. */
export function deliveryOf(
  { calls, mediaOut }: OutParts,
  target: PersonalTarget,
  message: OutboundMessage,
  signal: AbortSignal | undefined,
): Delivery {
  const media = sourceOf(message);
  const sendWith = async (source: SourceMedia | undefined): Promise<string | undefined> => {
    const shown = source ? withMedia(message, source) : message;
    return await sendOne(calls, target, shown, signal);
  };
  return {
    target,
    action: actionOf(target, media),
    content: contentToSend(encodeOneBot(message), message),
    mediaBytes: media?.size,
    async send() {
      if (!media) return await sendWith(undefined);
      const fresh = mediaOut.isOver(media) ? await mediaOut.again(media, signal) : media;
      return await sendWith(fresh ?? media);
    },
  };
}

function withMedia(message: OutboundMessage, media: SourceMedia): OutboundMessage {
  const { content } = message;
  return content.kind === "media" ? { ...message, content: { ...content, media } } : message;
}

function sourceOf({ content }: OutboundMessage): SourceMedia | undefined {
  if (content.kind !== "media") return undefined;
  if (isSource(content.media)) return content.media;
  throw new QQProtocolError("a file uploaded for an official bot cannot go out on a personal account; upload it here");
}

function isSource(media: UploadedMedia): media is SourceMedia {
  return media.source !== undefined;
}

function isAddress(source: string): boolean {
  return /^https?:/i.test(source);
}

function actionOf(target: PersonalTarget, media: SourceMedia | undefined): string {
  const place = target.kind === "group" ? "group" : "private";
  return media?.kind === "file" ? `upload_${place}_file` : `send_${place}_msg`;
}

async function sendOne(
  calls: OneBotCalls,
  target: PersonalTarget,
  message: OutboundMessage,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { content } = message;
  const media = content.kind === "media" && isSource(content.media) ? content.media : undefined;
  const options = within(waitFor(media), signal);
  if (media?.kind === "file") return await sendFile(calls, target, media, options);
  const segments = encodeOneBot(message, target.kind);
  if (segments.length === 0) throw new QQProtocolError("an empty message cannot be sent");
  if (target.kind === "group") return await sendGroup(calls, target.groupId, segments, options);
  return await sendPrivate(calls, target.userId, segments, options);
}

/** NapCat refuses all of a message that mentions nobody it knows (onebot-napcat.md, 4.6): the mentions then go as text. */
async function sendGroup(
  calls: OneBotCalls,
  groupId: string,
  message: readonly OutSegment[],
  options: CallOptions,
): Promise<string | undefined> {
  const group_id = wireId(groupId);
  const send = async (segments: readonly OutSegment[]) =>
    (await calls.call("send_group_msg", { group_id, message: segments }, options)).message_id;
  try {
    return await send(message);
  } catch (error) {
    const asText = error instanceof QQApiError && error.kind === "content" ? mentionsAsText(message) : undefined;
    if (!asText) throw error;
    return await send(asText);
  }
}

/**
 * Never with a `group_id`, which would put it into the group when the person is not known (onebot-napcat.md, 4.8): who
 * is not known is looked up, and the message sent once more. Nothing was sent the first time.
 */
async function sendPrivate(
  calls: OneBotCalls,
  userId: string,
  message: readonly OutSegment[],
  options: CallOptions,
): Promise<string | undefined> {
  const user_id = wireId(userId);
  const send = async () => (await calls.call("send_private_msg", { user_id, message }, options)).message_id;
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof QQApiError) || error.kind !== "target") throw error;
    await calls.call("get_stranger_info", { user_id, no_cache: true }, options).catch(() => {
      throw error;
    });
    return await send();
  }
}

/** Tells no id of the message that shows the file. */
async function sendFile(
  calls: OneBotCalls,
  target: PersonalTarget,
  { source: file, name }: SourceMedia,
  options: CallOptions,
): Promise<undefined> {
  if (target.kind === "group")
    await calls.call("upload_group_file", { group_id: wireId(target.groupId), file, name }, options);
  else await calls.call("upload_private_file", { user_id: wireId(target.userId), file, name }, options);
}

/** ms. What is to be fetched from an address is fetched before the implementation's own wait begins, without a limit. */
function waitFor(media: SourceMedia | undefined): number {
  const bytes = media?.size ?? 0;
  const toFetch = media && isAddress(media.source) ? sendTimeoutMs(bytes) : 0;
  return sendTimeoutMs(bytes) + toFetch + ANSWER_MARGIN_MS;
}
