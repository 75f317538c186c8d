import { decode } from "silk-wasm";
import { describe, expect, it } from "vitest";
import { MAX_VOICE_BYTES } from "./limits.ts";
import { dominant, fromS16, readSample, sineWav, strength, TONE, wavOf } from "./testing/samples.ts";
import { fromSilk, toSilk, UnsupportedMedia } from "./voice.ts";

const RATE = 24_000;
const TENCENT = new TextEncoder().encode("\x02#!SILK_V3");

/** What anybody else's decoder makes of it. */
async function listen(silk: Uint8Array): Promise<Float32Array> {
  return fromS16((await decode(silk, RATE)).data);
}

const SOURCES: readonly (readonly [string, () => Uint8Array])[] = [
  ["wav", () => sineWav(TONE.frequency, TONE.amplitude, 0.8, 44_100, 2)],
  ["wav at 8 kHz", () => sineWav(TONE.frequency, TONE.amplitude, 0.8, 8_000)],
  ["mp3", () => readSample("tone.mp3")],
  ["ogg with Vorbis", () => readSample("tone.ogg")],
  ["ogg with Opus", () => readSample("tone.opus")],
  ["m4a", () => readSample("tone.m4a")],
  ["aac", () => readSample("tone.aac")],
];

// A worker takes a second to start on a busy machine.
describe("toSilk", { timeout: 30_000 }, () => {
  it.each(SOURCES)("F6: makes Tencent SILK of %s, as long, as high and as loud", async (_, read) => {
    const { silk, durationMs } = await toSilk(read());
    expect(silk.subarray(0, TENCENT.length)).toEqual(TENCENT);
    expect(Math.abs(durationMs - TONE.ms)).toBeLessThanOrEqual(60);
    const heard = await listen(silk);
    expect(Math.abs((heard.length / RATE) * 1000 - TONE.ms)).toBeLessThanOrEqual(60);
    expect(dominant(heard, RATE)).toBe(TONE.frequency);
    const middle = heard.subarray(RATE * 0.2, RATE * 0.6);
    expect(strength(middle, TONE.frequency, RATE)).toBeCloseTo(TONE.amplitude, 1);
    expect(Math.max(...heard)).toBeLessThan(0.65);
  });

  it("F6: keeps a full-scale voice from clipping over to the other side", async () => {
    const heard = await listen((await toSilk(sineWav(300, 1, 0.4, 48_000))).silk);
    const middle = heard.subarray(RATE * 0.1, RATE * 0.3);
    expect(strength(middle, 300, RATE)).toBeGreaterThan(0.85);
    expect(strength(middle, 900, RATE)).toBeLessThan(0.1);
  });

  it("F6: lets SILK through, with Tencent's leading byte and without an end mark", async () => {
    const { silk, durationMs } = await toSilk(sineWav(440, 0.5, 0.4, 24_000));
    await expect(toSilk(silk)).resolves.toEqual({ silk, durationMs });
    const plain = new Uint8Array([...silk.subarray(1), 0xff, 0xff]);
    await expect(toSilk(plain)).resolves.toEqual({ silk, durationMs });
  });

  it("leaves what it was given as it was, and takes a part of a larger buffer", async () => {
    const wav = sineWav(440, 0.5, 0.2, 24_000);
    const pool = Buffer.concat([Buffer.alloc(7), wav, Buffer.alloc(9)]);
    const part = pool.subarray(7, 7 + wav.length);
    await expect(toSilk(part)).resolves.toEqual(await toSilk(wav));
    expect(new Uint8Array(part)).toEqual(wav);
  });

  it.each([
    ["nothing", new Uint8Array(0), "bin"],
    ["text", new TextEncoder().encode("hello"), "bin"],
    ["an image", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), "png"],
    ["flac", new TextEncoder().encode("fLaC and more"), "flac"],
    ["a wav that ends early", sineWav(440, 0.5, 0.2, 8_000).subarray(0, 500), "wav"],
    ["an ogg that ends early", readSample("tone.opus").subarray(0, 2_000), "ogg-opus"],
    ["an m4a that ends early", readSample("tone.m4a").subarray(0, 2_000), "m4a"],
    ["silk that ends early", new TextEncoder().encode("#!SILK_V3\x10\x00abc"), "silk"],
    ["silk of nothing", TENCENT, "silk"],
    ["too much", new Uint8Array([...sineWav(440, 0.5, 0.01, 8_000), ...new Uint8Array(MAX_VOICE_BYTES)]), "wav"],
  ])("refuses %s and says what it was", async (_, bytes, format) => {
    const refusal = await toSilk(bytes).then(String, (error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnsupportedMedia);
    expect(refusal).toMatchObject({ format, message: expect.stringContaining("send it as a file") });
  });

  it("refuses a voice that is too long", async () => {
    const silence = wavOf({ tag: 1, bits: 8, channels: 1, rate: 24_000 }, new Uint8Array(24_000 * 301));
    await expect(toSilk(silence)).rejects.toThrow("longer than 5 minutes");
  });

  it("stops when its signal aborts", async () => {
    const stop = new AbortController();
    const made = toSilk(sineWav(440, 0.5, 60, 24_000), stop.signal);
    stop.abort(new Error("not wanted any more"));
    await expect(made).rejects.toThrow("not wanted any more");
    await expect(toSilk(sineWav(440, 0.5, 1, 24_000), stop.signal)).rejects.toThrow("not wanted any more");
    await expect(toSilk(sineWav(440, 0.5, 0.1, 24_000))).resolves.toMatchObject({ durationMs: 100 });
  });
});

describe("fromSilk", { timeout: 30_000 }, () => {
  it("F6: makes WAV of what Tencent and others write", async () => {
    const { silk } = await toSilk(sineWav(440, 0.5, 0.4, 24_000));
    const wav = await fromSilk(silk);
    expect(new TextDecoder().decode(wav.subarray(0, 4))).toBe("RIFF");
    expect(dominant(fromS16(wav.subarray(44)), RATE)).toBe(440);
    expect(wav.length - 44).toBe(0.4 * RATE * 2);
    await expect(fromSilk(new Uint8Array([...silk.subarray(1), 0xff, 0xff]))).resolves.toEqual(wav);
  });

  it("refuses real AMR, and SILK that ends early", async () => {
    const amr = new TextEncoder().encode("#!AMR\nxyz");
    await expect(fromSilk(amr)).rejects.toMatchObject({ name: "UnsupportedMedia", format: "amr" });
    const { silk } = await toSilk(sineWav(440, 0.5, 0.1, 24_000));
    const cut = silk.subarray(0, -3);
    await expect(fromSilk(cut)).rejects.toMatchObject({ name: "UnsupportedMedia", format: "silk" });
  });
});
