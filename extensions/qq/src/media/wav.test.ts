import { describe, expect, it } from "vitest";
import { flatten, wavOf } from "./testing/samples.ts";
import { UnsupportedMedia } from "./unsupported.ts";
import { readWav } from "./wav.ts";
import { writeWav } from "./write-wav.ts";

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

describe("readWav", () => {
  it.each([
    ["8 bits", 1, 8, new Uint8Array([128, 192, 64])],
    ["16 bits", 1, 16, new Int16Array([0, 16_384, -16_384])],
    ["24 bits", 1, 24, new Uint8Array([0, 0, 0, 0, 0, 0x40, 0, 0, 0xc0])],
    ["32 bits", 1, 32, new Int32Array([0, 2 ** 30, -(2 ** 30)])],
    ["float", 3, 32, new Float32Array([0, 0.5, -0.5])],
    ["double", 3, 64, new Float64Array([0, 0.5, -0.5])],
  ])("reads %s", (_, tag, bits, data) => {
    const wav = wavOf({ tag, bits, channels: 1, rate: 24_000 }, bytesOf(data));
    expect([...flatten(readWav(wav).pieces)]).toEqual([0, 0.5, -0.5]);
  });

  // Values by the tables of ITU-T G.711.
  it.each([
    ["A-law", 6, [0xd5, 0x55, 0xaa, 0x2a], [8, -8, 32_256, -32_256]],
    ["mu-law", 7, [0xff, 0x7f, 0x80, 0x00], [0, 0, 32_124, -32_124]],
  ])("reads %s", (_, tag, data, expected) => {
    const wav = wavOf({ tag, bits: 8, channels: 1, rate: 8_000 }, Uint8Array.from(data));
    expect([...flatten(readWav(wav).pieces)].map((value) => value * 32_768)).toEqual(expected);
  });

  it("mixes channels and says the rate", () => {
    const wav = wavOf(
      { tag: 1, bits: 16, channels: 2, rate: 11_025 },
      bytesOf(new Int16Array([16_384, 0, -8_192, -8_192])),
    );
    const { rate, pieces } = readWav(wav);
    expect([rate, ...flatten(pieces)]).toEqual([11_025, 0.25, -0.25]);
  });

  it.each([0, 0xffff_ffff, 0x7fff_ffff])(
    "reads to the end what was written without knowing its length (%i)",
    (length) => {
      const data = bytesOf(new Int16Array([16_384, 16_384]));
      const wav = wavOf({ tag: 1, bits: 16, channels: 1, rate: 24_000, length }, data);
      expect([...flatten(readWav(wav).pieces)]).toEqual([0.5, 0.5]);
    },
  );

  it("refuses what ends early, has no sound, makes no sense or is of another kind", () => {
    const header = { tag: 1, bits: 16, channels: 1, rate: 24_000 };
    expect(() => readWav(wavOf({ ...header, length: 9 }, new Uint8Array(8)))).toThrow("it ends early");
    expect(() => readWav(wavOf(header, new Uint8Array(8)).subarray(0, 36))).toThrow("it has no sound");
    expect(() => readWav(wavOf({ ...header, channels: 0 }, new Uint8Array(8)))).toThrow("makes no sense");
    const adpcm = readWav(wavOf({ ...header, tag: 2 }, new Uint8Array(8)));
    expect(() => flatten(adpcm.pieces)).toThrow(UnsupportedMedia);
  });
});

describe("writeWav", () => {
  it("writes what is read back", () => {
    const wav = writeWav(bytesOf(new Int16Array([0, 16_384, -16_384])), 24_000);
    const { rate, pieces } = readWav(wav);
    expect([rate, ...flatten(pieces)]).toEqual([24_000, 0, 0.5, -0.5]);
  });
});
