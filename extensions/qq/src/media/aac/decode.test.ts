import { describe, expect, it } from "vitest";
import { flatten, fromS16, readSample } from "../testing/samples.ts";
import { LONG_BANDS, SHORT_BANDS } from "./bands.ts";
import { BitReader } from "./bits.ts";
import { CODEBOOKS, readSymbol, SCALE_FACTOR_CODE } from "./codebooks.ts";
import { readConfig } from "./config.ts";
import { createImdct } from "./imdct.ts";
import { readM4a } from "./sound.ts";

describe("decodeAac", () => {
  it("F6: makes of every kind of window, TNS and joint stereo what FFmpeg makes of it", () => {
    const made = flatten(readM4a(readSample("clicks.m4a")).pieces);
    const expected = fromS16(readSample("clicks.s16"));
    expect(Math.abs(made.length - 0.36 * 22_050)).toBeLessThan(2);
    const worst = made.map((value, i) => Math.abs(value - (expected[i] ?? 0))).reduce((a, b) => Math.max(a, b));
    expect(worst * 32_768).toBeLessThan(2);
  });
});

describe("the tables", () => {
  it.each([
    [121, SCALE_FACTOR_CODE] as const,
    ...CODEBOOKS.map((book) => [book.base ** book.dimension, book.code] as const),
  ])("have a codeword for each of %i symbols, and a symbol for each codeword", (size, code) => {
    expect(new Set(code.symbols)).toHaveLength(size);
    const room = code.counts.reduce((sum, count, length) => sum + count / 2 ** length, 0);
    expect(room).toBe(1);
  });

  it("have bands that fill the spectrum", () => {
    expect(LONG_BANDS.map(({ edges }) => edges.at(-1))).toEqual(Array.from({ length: 13 }, () => 1024));
    expect(SHORT_BANDS.map(({ edges }) => edges.at(-1))).toEqual(Array.from({ length: 13 }, () => 128));
  });

  it("read the first and last codewords as the standard has them", () => {
    expect(readSymbol(new BitReader(new Uint8Array([0])), SCALE_FACTOR_CODE)).toBe(60);
    expect(() => readSymbol(new BitReader(new Uint8Array([0xff])), SCALE_FACTOR_CODE)).toThrow("ends early");
  });
});

describe("createImdct", () => {
  it("is what its definition says", () => {
    const size = 16;
    const spectrum = Float32Array.from({ length: size }, (_, k) => Math.cos(k * k) * (k + 1));
    const made = createImdct(size)(spectrum);
    for (let n = 0; n < 2 * size; n += 1) {
      const angle = (k: number): number => (Math.PI / size) * (n + (size + 1) / 2) * (k + 0.5);
      const expected = spectrum.reduce((sum, value, k) => sum + value * Math.cos(angle(k)), 0) / size;
      expect(made[n]).toBeCloseTo(expected, 5);
    }
  });
});

const config = (...bytes: number[]): unknown => readConfig(Uint8Array.from(bytes));

describe("readConfig", () => {
  it("reads plain AAC-LC, a rate of its own, and what lies below spectral band replication", () => {
    expect(config(0x12, 0x10)).toEqual({ rateIndex: 4, rate: 44_100 });
    // 2 and 15, 24,000 in 24 bits, one channel
    expect(config(0x17, 0x80, 0x2e, 0xe0, 0x08)).toEqual({ rateIndex: 6, rate: 24_000 });
    // 5 and 24 kHz, two channels, extended to 48 kHz, then 2
    expect(config(0x2b, 0x11, 0x88, 0x00)).toEqual({ rateIndex: 6, rate: 24_000 });
  });

  it("refuses other object types and frames of 960 samples", () => {
    expect(() => config(0x0a, 0x10)).toThrow("only LC");
    expect(() => config(0x12, 0x14)).toThrow("960");
  });
});
