import type { OutSegment } from "../protocol/onebot/segments.ts";
import type { OutboundContent, OutboundMessage, UploadedMedia } from "./outbound.ts";

/**
 * One message as segments. What a model writes is text and nothing else: a CQ code or an @ in it is carried out by nobody.
 * A caption goes along with a picture; in front of everything else, which stands alone, it must be a message of its own
 * (`captionApart`).
 */
export function encodeOneBot({ content, quote }: OutboundMessage): readonly OutSegment[] {
  const quoted = quote === undefined ? [] : [{ type: "reply", data: { id: quote } } as const];
  return [...quoted, ...encodeContent(content)];
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
