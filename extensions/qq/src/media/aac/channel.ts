import { at } from "../pcm.ts";
import { UnsupportedMedia } from "../unsupported.ts";
import type { BitReader } from "./bits.ts";
import { CODEBOOK, CODEBOOKS, readSymbol, SCALE_FACTOR_CODE } from "./codebooks.ts";
import { readSpectrum, type BandScale, type Pulse } from "./spectrum.ts";
import { readTns, type TnsFilter } from "./tns.ts";
import { readWindowInfo, type WindowInfo } from "./window-info.ts";

/** One channel of one frame, before it becomes sound. */
export interface Channel {
  readonly info: WindowInfo;
  /** By group, then by band. */
  readonly scales: readonly (readonly BandScale[])[];
  /** 1024 values; short windows one after the other. */
  readonly spectrum: Float32Array;
  readonly filters: readonly TnsFilter[];
}

/** `individual_channel_stream` (ISO/IEC 14496-3, 4.4.2.7). `shared` is the window info of a pair that has one. */
export function readChannel(bits: BitReader, rateIndex: number, shared?: WindowInfo): Channel {
  const gain = bits.read(8);
  const info = shared ?? readWindowInfo(bits, rateIndex);
  const codebooks = readSections(bits, info);
  const scales = readScales(bits, codebooks, gain);
  const pulses = bits.flag() ? readPulses(bits, info) : [];
  const filters = bits.flag() ? readTns(bits, info) : [];
  if (bits.flag()) throw new UnsupportedMedia("aac", "it has gain control, which LC never has");
  return { info, scales, filters, spectrum: readSpectrum(bits, info, scales, pulses) };
}

/** The codebook of each band, by group: runs of bands share one. */
function readSections(bits: BitReader, info: WindowInfo): number[][] {
  const width = info.sequence === "short" ? 3 : 5;
  const more = (1 << width) - 1;
  return info.groups.map(() => {
    const codebooks: number[] = [];
    while (codebooks.length < info.maxBand) {
      const codebook = bits.read(4);
      if (codebook === CODEBOOK.reserved) throw new Error("no such codebook");
      let length = 0;
      let part = more;
      while (part === more) {
        part = bits.read(width);
        length += part;
      }
      if (codebooks.length + length > info.maxBand) throw new Error("a section is too long");
      for (let i = 0; i < length; i += 1) codebooks.push(codebook);
    }
    return codebooks;
  });
}

/** Three counters run through the bands, each moved by what its kind of band says. */
function readScales(bits: BitReader, codebooks: readonly number[][], gain: number): BandScale[][] {
  let factor = gain;
  let position = 0;
  let noise = gain - 90;
  let firstNoise = true;
  const difference = (): number => readSymbol(bits, SCALE_FACTOR_CODE) - 60;
  const next = (codebook: number): number => {
    if (codebook === CODEBOOK.zero) return 0;
    if (codebook === CODEBOOK.intensity || codebook === CODEBOOK.outOfPhase) return (position += difference());
    if (codebook !== CODEBOOK.noise) return (factor += difference());
    noise += firstNoise ? bits.read(9) - 256 : difference();
    firstNoise = false;
    return noise;
  };
  const scales = codebooks.map((group) => group.map((codebook) => ({ codebook, scale: next(codebook) })));
  for (const { codebook, scale } of scales.flat()) {
    if (codebook <= CODEBOOKS.length && (scale < 0 || scale > 255)) throw new Error("a scale factor is out of range");
    if (Math.abs(scale) > 512) throw new Error("a scale is out of range");
  }
  return scales;
}

/** Up to four single values that are added after the rest. */
function readPulses(bits: BitReader, info: WindowInfo): Pulse[] {
  if (info.sequence === "short") throw new Error("short windows have no pulses");
  const count = bits.read(2) + 1;
  const band = bits.read(6);
  if (band >= info.bands.edges.length) throw new Error("a pulse is out of range");
  let place = at(info.bands.edges, band);
  return Array.from({ length: count }, () => {
    place += bits.read(5);
    const amplitude = bits.read(4);
    if (place >= 1024) throw new Error("a pulse is out of range");
    return { place, amplitude };
  });
}
