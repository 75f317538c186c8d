import { at } from "../pcm.ts";
import { bessel } from "../resample.ts";
import { createImdct } from "./imdct.ts";
import type { WindowInfo, WindowSequence, WindowShape } from "./window-info.ts";

const LONG = 1024;
const SHORT = 128;
/** Where the short slope starts in a half of a long window. */
const FLAT = (LONG - SHORT) / 2;

const longImdct = createImdct(LONG);
const shortImdct = createImdct(SHORT);

/** Rising halves of the windows (ISO/IEC 14496-3, 4.6.11.3.2). */
const SLOPES = {
  long: { sine: sineSlope(LONG), kbd: kaiserSlope(LONG, 4) },
  short: { sine: sineSlope(SHORT), kbd: kaiserSlope(SHORT, 6) },
};

/** Makes sound of the spectra of one channel, frame by frame; each overlaps the one before. */
export class FilterBank {
  #overlap = new Float32Array(LONG);
  #shape: WindowShape = "sine";

  /** 1024 samples, on the scale of 16 bits. */
  synthesize(info: WindowInfo, spectrum: Float32Array): Float32Array {
    const block = info.sequence === "short" ? this.#shortBlock(info, spectrum) : this.#longBlock(info, spectrum);
    const out = new Float32Array(LONG);
    for (let i = 0; i < LONG; i += 1) out[i] = at(block, i) + at(this.#overlap, i);
    this.#overlap = block.slice(LONG);
    this.#shape = info.shape;
    return out;
  }

  #longBlock(info: WindowInfo, spectrum: Float32Array): Float32Array {
    const block = longImdct(spectrum);
    const rise = slope(info.sequence, "stop", this.#shape);
    const fall = slope(info.sequence, "start", info.shape);
    for (let i = 0; i < LONG; i += 1) {
      block[i] = at(block, i) * at(rise, i);
      block[2 * LONG - 1 - i] = at(block, 2 * LONG - 1 - i) * at(fall, i);
    }
    return block;
  }

  #shortBlock(info: WindowInfo, spectrum: Float32Array): Float32Array {
    const block = new Float32Array(2 * LONG);
    for (let window = 0; window < 8; window += 1) {
      const part = shortImdct(spectrum.subarray(window * SHORT, (window + 1) * SHORT));
      const rise = SLOPES.short[window === 0 ? this.#shape : info.shape];
      const fall = SLOPES.short[info.shape];
      const place = FLAT + window * SHORT;
      for (let i = 0; i < SHORT; i += 1) {
        const last = 2 * SHORT - 1 - i;
        block[place + i] = at(block, place + i) + at(part, i) * at(rise, i);
        block[place + last] = at(block, place + last) + at(part, last) * at(fall, i);
      }
    }
    return block;
  }
}

/** Half of a long window; the steep one where the sequence says so. */
function slope(sequence: WindowSequence, steepFor: WindowSequence, shape: WindowShape): Float32Array {
  if (sequence !== steepFor) return SLOPES.long[shape];
  const steep = new Float32Array(LONG);
  steep.set(SLOPES.short[shape], FLAT);
  return steep.fill(1, FLAT + SHORT);
}

function sineSlope(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, n) => Math.sin((Math.PI / (2 * size)) * (n + 0.5)));
}

function kaiserSlope(size: number, alpha: number): Float32Array {
  const kernel = Array.from({ length: size + 1 }, (_, n) =>
    bessel(Math.PI * alpha * Math.sqrt(1 - ((2 * n) / size - 1) ** 2)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  return Float32Array.from({ length: size }, (_, n) => {
    sum += at(kernel, n);
    return Math.sqrt(sum / total);
  });
}
