import type { Attachment } from "../protocol/official/events.ts";
import type { InboundAttachment } from "./inbound.ts";
import type { MediaKind } from "./outbound.ts";

/** Longest name in a line of text, UTF-16 units. */
const MAX_NAME_UNITS = 120;

/** Ends a line or the bracket, leads to a folder, or turns the reading order. */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\\/[\]]/gu;

const NOUNS: Readonly<Record<MediaKind, string>> = { image: "图片", video: "视频", voice: "语音", file: "文件" };

/** What can be fetched of a message. An attachment without an address is but a line of its text. */
export function decodeAttachments(wire: readonly Attachment[] | undefined): readonly InboundAttachment[] {
  return (wire ?? []).flatMap((attachment) => {
    const { url, filename: name, size, content_type: contentType } = attachment;
    if (!url) return [];
    const kind = kindOf(attachment);
    return {
      kind,
      url,
      ...(name && { name }),
      ...(size !== undefined && size > 0 && { size }),
      ...(contentType && { contentType }),
      ...(kind === "voice" && decodeVoice(attachment)),
    };
  });
}

function decodeVoice({ voice_wav_url: wavUrl, asr_refer_text: heard }: Attachment) {
  const transcript = heard?.trim();
  return { ...(wavUrl && { wavUrl }), ...(transcript && { transcript }) };
}

/** An attachment as a line of text: the agent hears of it, whether or not it can be opened. */
export function describeAttachment(attachment: Attachment): string {
  const kind = kindOf(attachment);
  if (kind !== "voice") return describeMedia(kind, attachment.filename);
  const transcript = attachment.asr_refer_text?.trim();
  return transcript ? `${describeMedia(kind)} ${transcript}` : describeMedia(kind);
}

/** A file as it stands in a text. `name` is the sender's. */
export function describeMedia(kind: MediaKind, name = ""): string {
  const shown = showName(name);
  return shown === "" ? `[${NOUNS[kind]}]` : `[${NOUNS[kind]}: ${shown}]`;
}

/** A name that somebody else gave, fit to stand between brackets on one line. */
export function showName(name: string): string {
  return name.slice(0, MAX_NAME_UNITS).toWellFormed().replaceAll(UNSHOWN, "_");
}

/** `content_type` is a media type, or one of the words `voice` and `file` (QQ, "Message object"). */
function kindOf({ content_type: type = "file" }: Attachment): MediaKind {
  if (type === "voice" || type.startsWith("audio/")) return "voice";
  if (type.startsWith("image/")) return "image";
  return type.startsWith("video/") ? "video" : "file";
}
