import { UnsupportedMedia } from "../unsupported.ts";
import { BitReader } from "./bits.ts";
import { SAMPLE_RATES } from "./bands.ts";

/** What a decoder must know of a stream of AAC-LC. */
export interface AacConfig {
  /** Index into `SAMPLE_RATES`, which also chooses the bands. */
  readonly rateIndex: number;
  readonly rate: number;
}

const LC = 2;
/** Spectral band replication and parametric stereo: what is below is AAC-LC, which alone sounds duller but right. */
const EXTENDED = [5, 29];

/** Reads an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1), which an MP4 file keeps in its `esds` box. */
export function readConfig(bytes: Uint8Array): AacConfig {
  const bits = new BitReader(bytes);
  let objectType = readObjectType(bits);
  const { index, rate } = readRate(bits);
  bits.skip(4);
  if (EXTENDED.includes(objectType)) {
    readRate(bits);
    objectType = readObjectType(bits);
  }
  if (objectType !== LC) throw new UnsupportedMedia("aac", `its object type is ${objectType}, only LC can be read`);
  if (bits.flag()) throw new UnsupportedMedia("aac", "its frames have 960 samples");
  return { rateIndex: index, rate };
}

function readObjectType(bits: BitReader): number {
  const type = bits.read(5);
  return type === 31 ? 32 + bits.read(6) : type;
}

function readRate(bits: BitReader): { index: number; rate: number } {
  const index = bits.read(4);
  if (index !== 15) {
    const rate = SAMPLE_RATES[index];
    if (rate === undefined) throw new Error("no such sample rate");
    return { index, rate };
  }
  const rate = bits.read(24);
  return { index: nearestIndex(rate), rate };
}

/** The bands for a rate that has no index of its own (ISO/IEC 14496-3, table 4.82): those of the nearest one. */
function nearestIndex(rate: number): number {
  if (rate < 1_000 || rate > 96_000) throw new Error("no such sample rate");
  const far = (candidate: number): number => Math.abs(Math.log(candidate / rate));
  return SAMPLE_RATES.reduce((best, candidate, i) => (far(candidate) < far(SAMPLE_RATES[best] ?? 1) ? i : best), 0);
}

/** Frames of a bare AAC stream with an ADTS header each (ISO/IEC 14496-3, 1.A.3), and what the first header says. */
export function readAdts(bytes: Uint8Array): { readonly config: AacConfig; readonly frames: Uint8Array[] } {
  const frames: Uint8Array[] = [];
  let config: AacConfig | undefined;
  let position = 0;
  while (position + 7 <= bytes.length) {
    const bits = new BitReader(bytes.subarray(position));
    if (bits.read(12) !== 0xfff) break;
    bits.skip(3);
    const headerBytes = bits.flag() ? 7 : 9;
    const objectType = bits.read(2) + 1;
    const index = bits.read(4);
    bits.skip(8);
    const length = bits.read(13);
    const rate = SAMPLE_RATES[index];
    if (objectType !== LC || rate === undefined) throw new UnsupportedMedia("aac", "only its LC profile can be read");
    if (length < headerBytes || position + length > bytes.length) throw new Error("it ends within a frame");
    config ??= { rateIndex: index, rate };
    frames.push(bytes.subarray(position + headerBytes, position + length));
    position += length;
  }
  if (config === undefined) throw new Error("it has no frame");
  return { config, frames };
}
