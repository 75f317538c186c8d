import type { OutboundMessage } from "../../message/outbound.ts";
import { parseCq } from "../../protocol/onebot/cq.ts";
import { InSegment, type OutSegment } from "../../protocol/onebot/segments.ts";
import { Count, maybe } from "../../protocol/onebot/values.ts";

/** What a message shows, as far as history lets two of them be told apart. */
export interface SentContent {
  /** Without what QQ may change: white space is one space, and control characters are gone. */
  readonly text: string;
  readonly media: readonly SentMedia[];
}

interface SentMedia {
  /** As segments name it. */
  readonly type: string;
  /** Of files alone: pictures are called by their digest in history. */
  readonly name?: string;
  /** Bytes; 0 where it is not known, or where the implementation makes something else of it (voices). */
  readonly size: number;
}

const MEDIA_TYPES: ReadonlySet<string> = new Set(["image", "record", "video", "file", "forward"]);

/** What the segments of a message on its way out will show. */
export function contentToSend(segments: readonly OutSegment[], { content }: OutboundMessage): SentContent {
  const size = content.kind === "media" && content.media.source !== undefined ? content.media.size : 0;
  const { text, media } = contentOf(segments);
  return { text, media: media.map((each) => ({ ...each, size: each.type === "record" ? 0 : size })) };
}

/** What a message in history shows; its `message` is a list of segments, one of them, or a CQ string. */
export function contentInHistory(message: unknown): SentContent {
  if (typeof message === "string") return contentOf(parseCq(message));
  const segments = Array.isArray(message) ? message : [message];
  return contentOf(
    segments.flatMap((segment) => {
      const parsed = InSegment.safeParse(segment);
      return parsed.success ? [parsed.data] : [];
    }),
  );
}

/** Whether what is seen in history can be what was sent. */
export function isSameContent(sent: SentContent, seen: SentContent): boolean {
  if (sent.text !== seen.text || sent.media.length !== seen.media.length) return false;
  return sent.media.every((media, at) => {
    const other = seen.media[at];
    return other !== undefined && isSameMedia(media, other);
  });
}

function isSameMedia(sent: SentMedia, seen: SentMedia): boolean {
  if (sent.type !== seen.type) return false;
  const sameSize = sent.size === seen.size;
  if (sent.name !== undefined) return sent.name === seen.name || (sameSize && sent.size > 0);
  return sameSize || sent.size === 0 || seen.size === 0;
}

type Segment = { readonly type: string; readonly data?: Readonly<Record<string, unknown>> | null | undefined };

function contentOf(segments: readonly Segment[]): SentContent {
  const texts = segments.map(textOf);
  const media = segments.filter(({ type }) => MEDIA_TYPES.has(type)).map(mediaOf);
  return { text: steady(texts.join("")), media };
}

/** A mention counts as its number, whether it goes as a mention, is still to become one, or went as text. */
function textOf({ type, data }: Segment): string {
  if (type === "text") return asText(data?.["text"]).replaceAll(/<@(\d+)>/g, "@$1");
  const qq = data?.["qq"];
  return type === "at" ? `@${typeof qq === "number" ? qq : asText(qq)}` : "";
}

function mediaOf({ type, data }: Segment): SentMedia {
  // A file that goes out is called `name`; its `file` is the source. In history that is its name.
  const name = type === "file" ? asText(data?.["name"] ?? data?.["file"]) : "";
  const size = type === "record" ? 0 : (maybe(Count).parse(data?.["file_size"]) ?? 0);
  return { type, size, ...(name !== "" && { name }) };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function steady(text: string): string {
  // Format characters and controls are not shown, and not all of them come back.
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
}
