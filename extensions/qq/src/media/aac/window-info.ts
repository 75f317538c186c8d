import { at } from "../pcm.ts";
import { UnsupportedMedia } from "../unsupported.ts";
import { LONG_BANDS, SHORT_BANDS, type Bands } from "./bands.ts";
import type { BitReader } from "./bits.ts";

/** One long window, one with a steep end, eight short ones, one with a steep start (ISO/IEC 14496-3, table 4.109). */
export type WindowSequence = "long" | "start" | "short" | "stop";
/** Sine, or Kaiser-Bessel derived. */
export type WindowShape = "sine" | "kbd";

const SEQUENCES = ["long", "start", "short", "stop"] as const;

/** `ics_info`: the windows of a frame, and how far up its spectrum goes. */
export interface WindowInfo {
  readonly sequence: WindowSequence;
  readonly shape: WindowShape;
  readonly bands: Bands;
  /** Bands that are coded; what lies above is silence. */
  readonly maxBand: number;
  /** Windows by group; those of one group share their scale factors. */
  readonly groups: readonly (readonly number[])[];
}

/** Values of one window: 1024, or 128 of a short one. */
export function windowLength(info: WindowInfo): number {
  return info.sequence === "short" ? 128 : 1024;
}

export function readWindowInfo(bits: BitReader, rateIndex: number): WindowInfo {
  bits.skip(1);
  const sequence = SEQUENCES[bits.read(2)] ?? "long";
  const shape = bits.flag() ? "kbd" : "sine";
  const short = sequence === "short";
  const bands = (short ? SHORT_BANDS : LONG_BANDS)[rateIndex];
  const maxBand = bits.read(short ? 4 : 6);
  if (bands === undefined || maxBand >= bands.edges.length) throw new Error("it has more bands than there are");
  const groups = short ? readGroups(bits) : [[0]];
  if (!short && bits.flag()) throw new UnsupportedMedia("aac", "it predicts from frame to frame, which LC never does");
  return { sequence, shape, bands, maxBand, groups };
}

/** Seven bits: whether each window but the first belongs to the group of the one before. */
function readGroups(bits: BitReader): number[][] {
  const groups = [[0]];
  for (let window = 1; window < 8; window += 1) {
    if (bits.flag()) groups.at(-1)?.push(window);
    else groups.push([window]);
  }
  return groups;
}

/** Calls back for each coded band of each window, with its place among the 1024 values. */
export function forEachBand(
  info: WindowInfo,
  visit: (place: { group: number; band: number; start: number; end: number }) => void,
): void {
  const length = windowLength(info);
  for (const [group, windows] of info.groups.entries()) {
    for (let band = 0; band < info.maxBand; band += 1) {
      for (const window of windows) {
        const start = window * length + at(info.bands.edges, band);
        visit({ group, band, start, end: window * length + at(info.bands.edges, band + 1) });
      }
    }
  }
}
