import type { Format } from "./formats.ts";

/** Pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The size of a picture; `undefined` when its bytes do not tell. */
export function measurePicture(format: Format | undefined, bytes: Buffer): PictureSize | undefined {
  try {
    if (format === "png") return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
    if (format === "gif") return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
    if (format === "bmp") return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
    if (format === "webp") return measureWebp(bytes);
    return format === "jpg" ? measureJpeg(bytes) : undefined;
  } catch (error) {
    // The picture ends before its size.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** WebP has three kinds of first chunk, each with the size in a place of its own. */
function measureWebp(bytes: Buffer): PictureSize | undefined {
  switch (bytes.toString("latin1", 12, 16)) {
    case "VP8X":
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case "VP8 ":
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case "VP8L": {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    default:
      return undefined;
  }
}

/** Goes from segment to segment until one that begins a frame (SOF): 0xC0 to 0xCF but for three that are something else. */
function measureJpeg(bytes: Buffer): PictureSize | undefined {
  for (let at = 2; bytes.readUInt8(at) === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    }
  }
  return undefined;
}

/** How much sound a SILK packet holds, ms. Encoders can be told otherwise, those of QQ are not. */
export const SILK_PACKET_MS = 20;

/** Length of a voice message, ms; `undefined` for formats that would have to be decoded. */
export function measureVoice(format: Format | undefined, bytes: Buffer): number | undefined {
  if (format === "silk") return countSilkPackets(bytes) * SILK_PACKET_MS;
  return format === "wav" ? measureWav(bytes) : undefined;
}

/** Packets follow the mark, each with its length before it; a negative length ends the plain flavour. */
function countSilkPackets(bytes: Buffer): number {
  let count = 0;
  let at = bytes[0] === 2 ? 10 : 9;
  while (at + 2 <= bytes.length) {
    const length = bytes.readInt16LE(at);
    if (length < 0) break;
    at += 2 + length;
    count += 1;
  }
  return count;
}

function measureWav(bytes: Buffer): number | undefined {
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (name === "fmt " && at + 20 <= bytes.length) bytesPerSecond = bytes.readUInt32LE(at + 16);
    if (name === "data" && bytesPerSecond > 0) return Math.round((size / bytesPerSecond) * 1000);
    // Chunks begin at even places.
    at += 8 + size + (size % 2);
  }
  return undefined;
}
