import type { InSegment } from "../protocol/onebot/segments.ts";
import { Count } from "../protocol/onebot/values.ts";
import { describeMedia, showName } from "./decode-attachments.ts";
import type { InboundAttachment } from "./inbound.ts";

type Data = NonNullable<InSegment["data"]>;

/** A picture, voice message, video or file: how it stands in the text, and how it can be got, where it can. */
export interface MediaPart {
  readonly text: string;
  readonly attachment?: InboundAttachment;
}

const KINDS = { image: "image", mface: "image", record: "voice", video: "video", file: "file" } as const;
export type MediaType = keyof typeof KINDS;

export function isMediaType(type: string): type is MediaType {
  return Object.hasOwn(KINDS, type);
}

/** Reads a segment of media. A path on the implementation's machine is neither address nor key: it means nothing here. */
export function decodeMedia(type: MediaType, data: Data): MediaPart {
  const kind = KINDS[type];
  const file = text(data["file"]);
  const key = type === "file" ? opaqueKey(data["file_id"]) : nameKey(file);
  // The name of a file is what its sender wrote: as an address it would have us fetch whatever they like.
  const url = [text(data["url"]), type === "file" ? "" : file].find(isAddress);
  // Names of pictures, voice messages and videos are hashes: they say nothing.
  const name = type === "file" ? file || text(data["name"]) : "";
  const size = Count.safeParse(data["file_size"]).data;
  const facts = { kind, ...(name !== "" && { name }), ...(size !== undefined && size > 0 && { size }) };
  const shown = isSticker(type, data) ? describeSticker(text(data["summary"])) : describeMedia(kind, name);
  if (url === undefined) return { text: shown, ...(key !== undefined && { attachment: { ...facts, key } }) };
  return { text: shown, attachment: { ...facts, url, ...(key !== undefined && { key }) } };
}

/** `subType` in LLOneBot and Lagrange; a store sticker has no subtype, but an `emoji_id` (`onebot-napcat.md` 4.5). */
function isSticker(type: MediaType, data: Data): boolean {
  if (type === "mface" || data["emoji_id"] !== undefined) return true;
  const subtype = data["sub_type"] ?? data["subType"];
  return type === "image" && (subtype === 1 || subtype === "1");
}

function describeSticker(summary: string): string {
  const name = showName(summary.replaceAll(/^\[|\]$/g, "").trim());
  return `[${name === "" ? "表情" : name}]`;
}

/** Key of a picture, voice message or video: its name. One that could be a path is none, so that none is ever opened. */
function nameKey(file: string): string | undefined {
  return file === "" || file.length > 255 || /[\\/:\p{Cc}]|\.\./u.test(file) ? undefined : file;
}

/** Key of a file. Its name, which the sender gives, is no key. */
function opaqueKey(value: unknown): string | undefined {
  const key = text(value);
  return key === "" || key.length > 1024 ? undefined : key;
}

function isAddress(value: string): boolean {
  return value.length <= 8192 && /^https?:\/\//i.test(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
