import { at } from "../pcm.ts";
import type { BitReader } from "./bits.ts";
import type { Channel } from "./channel.ts";
import { CODEBOOK } from "./codebooks.ts";
import { forEachBand, type WindowInfo } from "./window-info.ts";

/** Whether a band of a pair is kept as sum and difference; by group, then by band. */
export type MidSide = readonly (readonly boolean[])[];

export function readMidSide(bits: BitReader, info: WindowInfo): MidSide {
  const mode = bits.read(2);
  return info.groups.map(() => Array.from({ length: info.maxBand }, () => (mode === 1 ? bits.flag() : mode === 2)));
}

/** Makes left and right of what a pair with shared windows says (ISO/IEC 14496-3, 4.6.8), in place. */
export function decodeStereo(left: Channel, right: Channel, midSide: MidSide): void {
  forEachBand(right.info, ({ group, band, start, end }) => {
    const { codebook = 0, scale = 0 } = right.scales[group]?.[band] ?? {};
    const inverted = midSide[group]?.[band] ?? false;
    if (codebook === CODEBOOK.intensity || codebook === CODEBOOK.outOfPhase) {
      const sign = (codebook === CODEBOOK.intensity) === inverted ? -1 : 1;
      const gain = sign * 2 ** (-scale / 4);
      for (let i = start; i < end; i += 1) right.spectrum[i] = at(left.spectrum, i) * gain;
    } else if (inverted && codebook !== CODEBOOK.noise && left.scales[group]?.[band]?.codebook !== CODEBOOK.noise) {
      sumAndDifference(left.spectrum.subarray(start, end), right.spectrum.subarray(start, end));
    }
  });
}

function sumAndDifference(mid: Float32Array, side: Float32Array): void {
  for (let i = 0; i < mid.length; i += 1) {
    const m = at(mid, i);
    const s = at(side, i);
    mid[i] = m + s;
    side[i] = m - s;
  }
}
