import { describe, expect, it } from "vitest";
import type { Pcm } from "./pcm.ts";
import { resample } from "./resample.ts";
import { flatten, sine, strength } from "./testing/samples.ts";

/** A sound in pieces of uneven length. */
function pcm(samples: Float32Array, rate: number): Pcm {
  const pieces: Float32Array[] = [];
  for (let place = 0, length = 1; place < samples.length; place += length, length = (length * 7) % 1000) {
    pieces.push(samples.subarray(place, place + length));
  }
  return { rate, pieces };
}

describe("resample", () => {
  it.each([8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000])(
    "keeps a tone as high, as loud and as long from %i Hz",
    (rate) => {
      const out = flatten(resample(pcm(sine(1_000, 0.8, 0.4, rate), rate), 24_000));
      expect(Math.abs(out.length - 9_600)).toBeLessThanOrEqual(1);
      const middle = out.subarray(2_400, 7_200);
      expect(strength(middle, 1_000, 24_000)).toBeCloseTo(0.8, 3);
      expect(Math.max(...middle)).toBeLessThan(0.801);
    },
  );

  it("leaves nothing of what is too high, where it would sound as something lower", () => {
    const out = flatten(resample(pcm(sine(15_000, 0.8, 0.5, 48_000), 48_000), 24_000));
    expect(Math.max(...out.subarray(2_400, 9_600).map(Math.abs))).toBeLessThan(0.0001);
  });

  it("keeps what is in the voice's range", () => {
    const out = flatten(resample(pcm(sine(9_000, 0.8, 0.5, 48_000), 48_000), 24_000));
    expect(strength(out.subarray(2_400, 9_600), 9_000, 24_000)).toBeCloseTo(0.8, 2);
  });

  it("is in time: what comes at a moment comes at that moment", () => {
    const click = new Float32Array(44_100);
    click[22_050] = 1;
    const out = flatten(resample(pcm(click, 44_100), 24_000));
    expect(out.indexOf(Math.max(...out))).toBe(12_000);
  });

  it("makes nothing of nothing", () => {
    expect(flatten(resample({ rate: 44_100, pieces: [] }, 24_000))).toHaveLength(0);
  });
});
