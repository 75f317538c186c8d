import { at } from "../pcm.ts";
import type { BitReader } from "./bits.ts";
import { CODEBOOK, CODEBOOKS, readSymbol, type Codebook } from "./codebooks.ts";
import { forEachBand, type WindowInfo } from "./window-info.ts";

/** The codebook and the scale factor (or level of noise, or position between the channels) of a band. */
export interface BandScale {
  readonly codebook: number;
  readonly scale: number;
}

/** A single value that is added after the rest. */
export interface Pulse {
  readonly place: number;
  readonly amplitude: number;
}

/** Values of 16 in the last codebook are the start of an escape. */
const ESCAPE = 16;

/** `spectral_data` and what makes amplitudes of it: the power law, the scale factors, and noise where noise is meant. */
export function readSpectrum(
  bits: BitReader,
  info: WindowInfo,
  scales: readonly (readonly BandScale[])[],
  pulses: readonly Pulse[],
): Float32Array {
  const levels = new Int32Array(1024);
  forEachBand(info, ({ group, band, start, end }) => {
    const codebook = CODEBOOKS[(scales[group]?.[band]?.codebook ?? 0) - 1];
    if (codebook !== undefined) readLevels(bits, codebook, levels.subarray(start, end));
  });
  for (const { place, amplitude } of pulses) {
    levels[place] = at(levels, place) + (at(levels, place) > 0 ? amplitude : -amplitude);
  }
  const spectrum = new Float32Array(1024);
  forEachBand(info, ({ group, band, start, end }) => {
    const { codebook, scale } = scales[group]?.[band] ?? { codebook: 0, scale: 0 };
    if (codebook === CODEBOOK.noise) fillNoise(spectrum.subarray(start, end), 2 ** (scale / 4));
    if (CODEBOOKS[codebook - 1] === undefined) return;
    const gain = 2 ** ((scale - 100) / 4);
    for (let i = start; i < end; i += 1) {
      const level = at(levels, i);
      spectrum[i] = Math.sign(level) * Math.abs(level) ** (4 / 3) * gain;
    }
  });
  return spectrum;
}

function readLevels(bits: BitReader, codebook: Codebook, levels: Int32Array): void {
  const { dimension, base, offset, code } = codebook;
  const escapes = codebook === CODEBOOKS.at(-1);
  for (let i = 0; i < levels.length; i += dimension) {
    let symbol = readSymbol(bits, code);
    for (let digit = i + dimension - 1; digit >= i; digit -= 1) {
      levels[digit] = (symbol % base) - offset;
      symbol = Math.floor(symbol / base);
    }
    if (offset === 0) readSigns(bits, levels.subarray(i, i + dimension));
    if (escapes) readEscapes(bits, levels.subarray(i, i + dimension));
  }
}

function readSigns(bits: BitReader, levels: Int32Array): void {
  for (let i = 0; i < levels.length; i += 1) {
    if (at(levels, i) !== 0 && bits.flag()) levels[i] = -at(levels, i);
  }
}

/** An escape is as many ones as it has bits beyond four, a zero, and the bits. */
function readEscapes(bits: BitReader, levels: Int32Array): void {
  for (let i = 0; i < levels.length; i += 1) {
    if (Math.abs(at(levels, i)) !== ESCAPE) continue;
    let length = 4;
    while (bits.flag()) length += 1;
    if (length > 12) throw new Error("an escape is too long");
    levels[i] = Math.sign(at(levels, i)) * ((1 << length) + bits.read(length));
  }
}

/** Noise of a given energy, the same at every run: what it is made of cannot be heard. */
function fillNoise(values: Float32Array, gain: number): void {
  let seed = values.byteOffset + 1;
  let energy = 0;
  for (let i = 0; i < values.length; i += 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    values[i] = seed / 2 ** 31;
    energy += at(values, i) ** 2;
  }
  const factor = energy === 0 ? 0 : gain / Math.sqrt(energy);
  for (let i = 0; i < values.length; i += 1) values[i] = at(values, i) * factor;
}
