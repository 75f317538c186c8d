import type { OutSegment } from "../protocol/onebot/segments.ts";
import type { OutboundContent, OutboundMessage, UploadedMedia } from "./outbound.ts";
import type { Target } from "./target.ts";

/** A mention as a model writes it: of one person by their QQ number, never of everybody. */
const MENTION = /<@(\d{5,11})>/;

/**
 * One message as segments. What a model writes is text, a CQ code or an @ in it is carried out by nobody; in a group
 * (`chat`) `<@20001>` alone is a mention. A caption goes along with a picture; in front of everything else, which stands alone, it must be a message of its own
 * (`captionApart`).
 */
export function encodeOneBot({ content, quote }: OutboundMessage, chat?: Target["kind"]): readonly OutSegment[] {
  const quoted = quote === undefined ? [] : [{ type: "reply", data: { id: quote } } as const];
  const segments = [...quoted, ...encodeContent(content)];
  return chat === "group" ? segments.flatMap(withMentions) : segments;
}

/** The same with its mentions as text, for a group in which somebody mentioned is not known; `undefined` without any. */
export function mentionsAsText(segments: readonly OutSegment[]): readonly OutSegment[] | undefined {
  if (!segments.some(({ type }) => type === "at")) return undefined;
  return segments.map((each) => (each.type === "at" ? { type: "text", data: { text: `@${each.data.qq}` } } : each));
}

function withMentions(segment: OutSegment): readonly OutSegment[] {
  if (segment.type !== "text") return [segment];
  // Split by a pattern with one group, the numbers stand at the odd places.
  return segment.data.text
    .split(MENTION)
    .flatMap((piece, at) => (at % 2 === 1 ? [{ type: "at", data: { qq: piece } } as const] : encodeText(piece)));
}

function encodeContent(content: OutboundContent): readonly OutSegment[] {
  if (content.kind !== "media") return encodeText(content.text);
  const { media, caption } = content;
  return media.kind === "image" ? [...encodeText(caption ?? ""), ...encodeMedia(media)] : encodeMedia(media);
}

/** The caption that QQ does not show together with its media. */
export function captionApart(content: OutboundContent): string | undefined {
  if (content.kind !== "media" || content.media.kind === "image") return undefined;
  return content.caption === "" ? undefined : content.caption;
}

function encodeText(text: string): readonly OutSegment[] {
  return text === "" ? [] : [{ type: "text", data: { text } }];
}

/** Nothing for what another transport has made ready. */
function encodeMedia(media: UploadedMedia): readonly OutSegment[] {
  if (media.source === undefined) return [];
  const { source: file, name } = media;
  switch (media.kind) {
    case "image":
      return [{ type: "image", data: { file, name } }];
    case "voice":
      return [{ type: "record", data: { file } }];
    case "video":
      return [{ type: "video", data: { file, name } }];
    case "file":
      return [{ type: "file", data: { file, name } }];
  }
}
