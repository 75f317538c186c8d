import { describe, expect, it } from "vitest";
import { sniff } from "./sniff.ts";
import { readSample, sineWav } from "./testing/samples.ts";

const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
const box = (name: string, ...content: string[]): string => {
  const body = content.join("");
  return `\0\0\0${String.fromCharCode(8 + body.length)}${name}${body}`;
};
const handler = (kind: string): string => box("hdlr", `\0\0\0\0\0\0\0\0${kind}`);

describe("sniff", () => {
  it.each([
    ["tone.mp3", "mp3", "audio/mpeg"],
    ["tone.ogg", "ogg-vorbis", "audio/ogg"],
    ["tone.opus", "ogg-opus", "audio/ogg"],
    ["tone.m4a", "m4a", "audio/mp4"],
    ["tone.aac", "aac", "audio/aac"],
  ])("knows %s", (name, format, mime) => {
    expect(sniff(readSample(name))).toEqual({ kind: "audio", format, mime });
  });

  it.each([
    ["audio", "wav", sineWav(440, 0.5, 0.01, 8_000)],
    ["audio", "silk", latin("#!SILK_V3...")],
    ["audio", "silk", latin("\x02#!SILK_V3...")],
    ["audio", "amr", latin("#!AMR\n")],
    ["audio", "flac", latin("fLaC\0\0\0\x22")],
    ["audio", "mp3", hex("fffb9064 00000000")],
    ["video", "mp4", latin(box("ftyp", "isom") + box("moov", handler("vide"), handler("soun")))],
    ["audio", "m4a", latin(box("ftyp", "isom") + box("moov", handler("soun")))],
    ["video", "mov", latin(box("ftyp", "qt  ") + box("moov", handler("vide")))],
    ["video", "webm", hex("1a45dfa3 01000000")],
    ["image", "heic", latin(box("ftyp", "heic"))],
    ["other", "pdf", latin("%PDF-1.7")],
    ["other", "zip", latin("PK\x03\x04....")],
    ["other", "bin", latin("hello")],
    ["other", "bin", new Uint8Array(0)],
    ["other", "bin", hex("ff")],
  ])("tells %s %s", (kind, format, bytes) => {
    expect(sniff(bytes)).toMatchObject({ kind, format });
  });

  const size = { width: 640, height: 360 };
  it.each([
    ["png", hex("89504e470d0a1a0a 0000000d49484452 00000280 00000168")],
    ["gif", hex("474946383961 8002 6801")],
    ["bmp", hex("424d 00000000 00000000 36000000 28000000 80020000 68010000")],
    ["bmp", hex("424d 00000000 00000000 36000000 28000000 80020000 98feffff")],
    ["jpg", hex("ffd8 ffe0 0004 0000 ffc4 0003 00 ff ffc2 0011 08 0168 0280 03")],
    ["webp", hex("52494646 00000000 57454250 56503820 00000000 000000 9d012a 8002 6801")],
    ["webp", hex("52494646 00000000 57454250 5650384c 00000000 2f 7fc25900")],
    ["webp", hex("52494646 00000000 57454250 56503858 0a000000 00000000 7f0200 670100")],
  ])("reads the size of %s", (format, bytes) => {
    expect(sniff(bytes)).toMatchObject({ kind: "image", format, ...size });
  });

  it.each(["89504e470d0a1a0a 0000", "ffd8ffe0", "ffd8ffe0ffff", "474946383961 0000 0000"])(
    "says no size that is not there: %s",
    (bytes) => {
      expect(sniff(hex(bytes))).not.toHaveProperty("width");
    },
  );
});
