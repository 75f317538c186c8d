import { imageSize } from "./image-size.ts";

/** What a file is by its first bytes; its name and what a server called it do not count. */
export interface Sniffed {
  readonly kind: "image" | "audio" | "video" | "other";
  /** Short name: png, jpg, gif, webp, bmp, mp4, silk, amr, mp3, wav, ogg-opus, m4a ...; `bin` for what is not known. */
  readonly format: string;
  readonly mime: string;
  /** Pixels, of images that say so in a way we read. */
  readonly width?: number;
  readonly height?: number;
}

/** Formats: kind, MIME type, and how they start; a dot stands for any byte. The first that fits is it. */
const SIGNATURES: readonly (readonly [format: string, kind: Sniffed["kind"], mime: string, start: string])[] = [
  ["png", "image", "image/png", "\x89PNG\r\n\x1a\n"],
  ["jpg", "image", "image/jpeg", "\xff\xd8\xff"],
  ["gif", "image", "image/gif", "GIF87a"],
  ["gif", "image", "image/gif", "GIF89a"],
  ["webp", "image", "image/webp", "RIFF....WEBP"],
  ["bmp", "image", "image/bmp", "BM....\0\0\0\0"],
  ["silk", "audio", "audio/silk", "\x02#!SILK_V3"],
  ["silk", "audio", "audio/silk", "#!SILK_V3"],
  ["amr", "audio", "audio/amr", "#!AMR"],
  ["wav", "audio", "audio/wav", "RIFF....WAVE"],
  ["flac", "audio", "audio/flac", "fLaC"],
  ["mp3", "audio", "audio/mpeg", "ID3"],
  ["avi", "video", "video/x-msvideo", "RIFF....AVI "],
  ["webm", "video", "video/webm", "\x1aE\xdf\xa3"],
  ["pdf", "other", "application/pdf", "%PDF-"],
  ["zip", "other", "application/zip", "PK\x03\x04"],
  ["zip", "other", "application/zip", "PK\x05\x06"],
  ["gz", "other", "application/gzip", "\x1f\x8b\x08"],
  ["7z", "other", "application/x-7z-compressed", "7z\xbc\xaf'\x1c"],
  ["rar", "other", "application/vnd.rar", "Rar!\x1a\x07"],
];

/** Brands of `ftyp` that are no video. */
const STILL_BRANDS: Readonly<Record<string, readonly [format: string, mime: string]>> = {
  avif: ["avif", "image/avif"],
  heic: ["heic", "image/heic"],
  heix: ["heic", "image/heic"],
  mif1: ["heic", "image/heif"],
};

/** Tells what a file is. Never throws: what is not known is `bin`. */
export function sniff(bytes: Uint8Array): Sniffed {
  const head = text(bytes, 0, 64);
  const found = SIGNATURES.find(([, , , start]) => fits(head, start));
  if (found !== undefined) {
    const [format, kind, mime] = found;
    return { kind, format, mime, ...(kind === "image" ? imageSize(bytes, format) : {}) };
  }
  if (head.startsWith("OggS")) return sniffOgg(head);
  if (head.slice(4, 8) === "ftyp") return sniffMp4(bytes, head.slice(8, 12));
  return sniffFrames(bytes) ?? { kind: "other", format: "bin", mime: "application/octet-stream" };
}

/** Bytes as characters of the same code. */
function text(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function fits(head: string, start: string): boolean {
  if (head.length < start.length) return false;
  for (let i = 0; i < start.length; i += 1) {
    if (start[i] !== "." && start[i] !== head[i]) return false;
  }
  return true;
}

/** The first packet of an Ogg file follows the header of its first page, and names the codec. */
function sniffOgg(head: string): Sniffed {
  const mime = "audio/ogg";
  if (head.startsWith("OpusHead", 28)) return { kind: "audio", format: "ogg-opus", mime };
  if (head.startsWith("\x01vorbis", 28)) return { kind: "audio", format: "ogg-vorbis", mime };
  if (head.startsWith("\x80theora", 28)) return { kind: "video", format: "ogg-theora", mime: "video/ogg" };
  return { kind: "audio", format: "ogg", mime };
}

/** A file of the MP4 family is sound when its brand says so, or when it has a track of sound and none of video. */
function sniffMp4(bytes: Uint8Array, brand: string): Sniffed {
  const still = STILL_BRANDS[brand];
  if (still !== undefined) return { kind: "image", format: still[0], mime: still[1] };
  const tracks = handlers(bytes);
  if (brand === "M4A " || brand === "M4B " || (tracks.has("soun") && !tracks.has("vide"))) {
    return { kind: "audio", format: "m4a", mime: "audio/mp4" };
  }
  if (brand === "qt  ") return { kind: "video", format: "mov", mime: "video/quicktime" };
  return { kind: "video", format: "mp4", mime: "video/mp4" };
}

/** Kinds of tracks, wherever their `hdlr` boxes lie. */
function handlers(bytes: Uint8Array): Set<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Set<string>();
  for (let at = buffer.indexOf("hdlr"); at >= 0; at = buffer.indexOf("hdlr", at + 4)) {
    found.add(text(bytes, at + 12, at + 16));
  }
  return found;
}

/** MPEG audio and bare AAC have no header but their frames': 11 bits of ones, then fields that have forbidden values. */
function sniffFrames(bytes: Uint8Array): Sniffed | undefined {
  const [first = 0, second = 0, third = 0] = bytes;
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || bytes.length < 4) return undefined;
  if ((second & 0xf6) === 0xf0) return { kind: "audio", format: "aac", mime: "audio/aac" };
  const reserved = (second & 0x18) === 0x08 || (second & 0x06) === 0 || third >> 4 === 15 || (third & 0x0c) === 0x0c;
  return reserved ? undefined : { kind: "audio", format: "mp3", mime: "audio/mpeg" };
}
