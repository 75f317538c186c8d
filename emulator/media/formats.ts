/** Formats that the emulator tells by their first bytes. */
export type Format = "png" | "jpg" | "gif" | "webp" | "bmp" | "mp4" | "silk" | "mp3" | "wav" | "ogg" | "amr";

/** How a message shows a file. */
export type MediaKind = "image" | "video" | "voice" | "file";

const MIME: Readonly<Record<Format, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
  mp4: "video/mp4",
  silk: "audio/silk",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  ogg: "audio/ogg",
  amr: "audio/amr",
};

/** Media type of a format, and of bytes without a known one. */
export const mimeOf = (format: Format | undefined): string =>
  format === undefined ? "application/octet-stream" : MIME[format];

/** Brands of MP4 files; `ftyp` with another brand is a QuickTime film, an M4A, a HEIC picture. */
const MP4_BRAND = /^(?:iso\w|mp4\d|avc1|M4V |MSNV|dash)$/;

const byText = (start: string, format: Format) => (text: string) => (text.startsWith(start) ? format : undefined);

const signatures: readonly ((text: string) => Format | undefined)[] = [
  byText("\x89PNG\r\n\x1a\n", "png"),
  byText("\xff\xd8\xff", "jpg"),
  byText("GIF8", "gif"),
  // Reserved words that are zero follow the length: two letters alone would be little.
  (text) => (text.startsWith("BM") && text.slice(6, 10) === "\0\0\0\0" ? "bmp" : undefined),
  // Tencent's flavour has one byte before it.
  byText("#!SILK_V3", "silk"),
  byText("\x02#!SILK_V3", "silk"),
  byText("#!AMR", "amr"),
  byText("OggS", "ogg"),
  byText("ID3", "mp3"),
  (text) => (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP" ? "webp" : undefined),
  (text) => (text.startsWith("RIFF") && text.slice(8, 12) === "WAVE" ? "wav" : undefined),
  (text) => (text.slice(4, 8) === "ftyp" && MP4_BRAND.test(text.slice(8, 12)) ? "mp4" : undefined),
  (text) => (isMp3Frame(text.charCodeAt(0), text.charCodeAt(1)) ? "mp3" : undefined),
];

/** Eleven bits of synchronisation, then layer III. */
const isMp3Frame = (first: number, second: number): boolean =>
  first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x06) === 0x02;

/** The format of a file that begins with these bytes; `undefined` for any other. Names and media types do not count. */
export function sniffFormat(head: Buffer): Format | undefined {
  const text = head.toString("latin1", 0, 16);
  for (const signature of signatures) {
    const format = signature(text);
    if (format !== undefined) return format;
  }
  return undefined;
}

const IMAGES: ReadonlySet<Format> = new Set<Format>(["png", "jpg", "gif", "webp", "bmp"]);

/** Whether a file of this format can be uploaded as this kind (qq-official.md 6.2). */
export function isAccepted(kind: MediaKind, format: Format | undefined, voiceFormats: readonly Format[]): boolean {
  if (kind === "file") return true;
  if (format === undefined) return false;
  if (kind === "image") return IMAGES.has(format);
  return kind === "video" ? format === "mp4" : voiceFormats.includes(format);
}
