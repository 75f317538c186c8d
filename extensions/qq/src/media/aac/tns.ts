import { at } from "../pcm.ts";
import type { BitReader } from "./bits.ts";
import { windowLength, type WindowInfo } from "./window-info.ts";

/** A filter along the spectrum of one window, which shapes the noise in time. */
export interface TnsFilter {
  readonly window: number;
  /** Bands from, to. */
  readonly from: number;
  readonly to: number;
  readonly downward: boolean;
  /** Reflection coefficients. */
  readonly reflections: readonly number[];
}

/** Highest order of a filter in LC (ISO/IEC 14496-3, table 4.138). */
const MAX_ORDER = { long: 12, short: 7 };

/** `tns_data` (ISO/IEC 14496-3, 4.4.2.7). */
export function readTns(bits: BitReader, info: WindowInfo): TnsFilter[] {
  const short = info.sequence === "short";
  const filters: TnsFilter[] = [];
  for (let window = 0; window < (short ? 8 : 1); window += 1) {
    const count = bits.read(short ? 1 : 2);
    const resolution = count > 0 ? bits.read(1) + 3 : 0;
    let to = info.bands.edges.length - 1;
    for (let i = 0; i < count; i += 1) {
      const from = Math.max(0, to - bits.read(short ? 4 : 6));
      const order = bits.read(short ? 3 : 5);
      if (order > MAX_ORDER[short ? "short" : "long"]) throw new Error("the order of a filter is too high");
      if (order > 0) {
        const downward = bits.flag();
        filters.push({ window, from, to, downward, reflections: readReflections(bits, order, resolution) });
      }
      to = from;
    }
  }
  return filters;
}

/** Coefficients are kept as parts of a right angle, in 3 or 4 bits or one less (ISO/IEC 14496-3, 4.6.9.3). */
function readReflections(bits: BitReader, order: number, resolution: number): number[] {
  const width = resolution - bits.read(1);
  const half = 2 ** (resolution - 1);
  return Array.from({ length: order }, () => {
    const raw = bits.read(width);
    const value = raw >= 2 ** (width - 1) ? raw - 2 ** width : raw;
    return Math.sin((value * Math.PI) / 2 / (value >= 0 ? half - 0.5 : half + 0.5));
  });
}

/** Runs the filters over the spectrum, in place. */
export function applyTns(filters: readonly TnsFilter[], info: WindowInfo, spectrum: Float32Array): void {
  const { edges, tnsBands } = info.bands;
  const top = Math.min(tnsBands, info.maxBand);
  for (const { window, from, to, downward, reflections } of filters) {
    const base = window * windowLength(info);
    const values = spectrum.subarray(base + at(edges, Math.min(from, top)), base + at(edges, Math.min(to, top)));
    if (downward) values.reverse();
    recurse(values, predictor(reflections));
    if (downward) values.reverse();
  }
}

/** Coefficients of the recursive filter with the given reflections. */
function predictor(reflections: readonly number[]): number[] {
  let coefficients: number[] = [];
  for (const [order, reflection] of reflections.entries()) {
    coefficients = coefficients.map((value, i) => value + reflection * at(coefficients, order - 1 - i));
    coefficients.push(reflection);
  }
  return coefficients;
}

function recurse(values: Float32Array, coefficients: readonly number[]): void {
  for (let n = 0; n < values.length; n += 1) {
    let value = at(values, n);
    for (let k = 0; k < Math.min(n, coefficients.length); k += 1) value -= at(coefficients, k) * at(values, n - 1 - k);
    values[n] = value;
  }
}
