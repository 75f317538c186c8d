/** Small files of each kind, and what their bytes are called. */
import { createHash } from "node:crypto";

/** One red pixel. */
export const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
);
export const jpg = Buffer.from("ffd8ffe000040000ffc0000b080010002001011100ffd9", "hex");
export const gif = Buffer.from("4749463839610300020000000000", "hex");
export const bmp = Buffer.concat([Buffer.from("BM"), Buffer.alloc(16), Buffer.from("0500000007000000", "hex")]);
export const webp = Buffer.concat([
  Buffer.from("RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0", "latin1"),
  Buffer.from("090000130000", "hex"),
]);
export const mp4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypisom"), Buffer.alloc(12)]);
export const quickTime = Buffer.concat([Buffer.from([0, 0, 0, 20]), Buffer.from("ftypqt  "), Buffer.alloc(8)]);
/** 60 ms: three packets of 4 bytes. */
export const silk = Buffer.concat([
  Buffer.from("\x02#!SILK_V3", "latin1"),
  ...[1, 2, 3].map((n) => Buffer.from([4, 0, n, n, n, n])),
]);
/** The same as other programs write it: without the byte before the mark, with an end. */
export const plainSilk = Buffer.concat([silk.subarray(1), Buffer.from([0xff, 0xff])]);
export const mp3 = Buffer.from("fffb9064", "hex");
export const ogg = Buffer.from("OggS0000");
/** 500 ms of silence, 8 kHz. */
export const wav = Buffer.concat([
  Buffer.from("RIFF\0\0\0\0WAVEfmt ", "latin1"),
  Buffer.from("1000000001000100401f0000803e000002001000", "hex"),
  Buffer.from("data", "latin1"),
  Buffer.from("401f0000", "hex"),
  Buffer.alloc(8000),
]);

export const digest = (kind: "md5" | "sha1" | "sha256", bytes: Buffer): string =>
  createHash(kind).update(bytes).digest("hex");
