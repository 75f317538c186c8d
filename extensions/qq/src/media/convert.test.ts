import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decodeVoice, encodeVoice } from "./convert.ts";
import { sniff } from "./sniff.ts";
import { readSample, sineWav } from "./testing/samples.ts";

/** Numbers that look random and are the same each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Cut somewhere, or with bytes changed: one near the start, some, many. */
function* broken(bytes: Uint8Array, count: number): Iterable<Uint8Array> {
  const next = random(bytes.length);
  for (let n = 0; n < count; n += 1) {
    const copy = n % 4 === 0 ? bytes.slice(0, next(bytes.length)) : bytes.slice();
    const changes = [0, 1, 20, 200][n % 4] ?? 0;
    for (let i = 0; i < changes; i += 1) copy[next(changes === 1 ? 200 : copy.length)] = next(256);
    yield copy;
  }
}

/** How many of the broken files it made something of, and how many it refused. */
async function count(files: Iterable<Uint8Array>, convert: (bytes: Uint8Array) => Promise<unknown>): Promise<number[]> {
  const results = [0, 0];
  for (const file of files) {
    const index = await convert(file).then(
      () => 0,
      (error: unknown) => (error instanceof Error ? 1 : 2),
    );
    results[index] = (results[index] ?? 0) + 1;
  }
  return results;
}

describe("hostile files", { timeout: 30_000 }, () => {
  // The decoders tell of every broken frame; in a worker that is dropped.
  beforeAll(() => void vi.spyOn(console, "error").mockReturnValue());
  afterAll(() => void vi.restoreAllMocks());

  it.each(["tone.m4a", "clicks.m4a", "tone.aac", "tone.ogg", "tone.opus"])(
    "end in sound or an error: %s",
    async (name) => {
      const sample = readSample(name);
      const { format } = sniff(sample);
      const [made = 0, refused = 0, ...others] = await count(broken(sample, 20), (bytes) => encodeVoice(bytes, format));
      expect([made + refused, others]).toEqual([20, []]);
      expect(refused).toBeGreaterThan(3);
    },
  );

  it("end in sound or an error: SILK", async () => {
    const { silk } = await encodeVoice(sineWav(440, 0.5, 0.4, 24_000), "wav");
    const [made = 0, refused = 0, ...others] = await count(broken(silk, 20), decodeVoice);
    expect([made + refused, others]).toEqual([20, []]);
    expect(refused).toBeGreaterThan(3);
  });

  it("end in an error where a table claims more than there is", async () => {
    const sample = readSample("tone.m4a");
    const stsz = Buffer.from(sample).indexOf("stsz");
    new DataView(sample.buffer).setUint32(stsz + 12, 0x7fff_ffff);
    await expect(encodeVoice(sample, "m4a")).rejects.toThrow("a table ends early");
  });

  it("end in an error where pages of Vorbis promise hours", async () => {
    const head = Buffer.alloc(30);
    head.write("\x01vorbis", 0, "latin1");
    head[11] = 1;
    head.writeUInt32LE(8_000, 12);
    head[28] = 0xdd;
    const pages = Array.from({ length: 20 }, (_, i) => page(Buffer.alloc(255, 1), Buffer.alloc(255), i === 19));
    const file = Buffer.concat([page(Buffer.from([head.length]), head, false), ...pages]);
    await expect(encodeVoice(new Uint8Array(file), "ogg-vorbis")).rejects.toThrow("it is too long");
  });
});

/** A page of Ogg. */
function page(lengths: Buffer, packets: Buffer, last: boolean): Buffer {
  const head = Buffer.alloc(27);
  head.write("OggS");
  head[5] = last ? 4 : 0;
  head[26] = lengths.length;
  return Buffer.concat([head, lengths, packets]);
}
