import { at } from "../pcm.ts";

/**
 * Inverse modified cosine transform: `size` values to twice as many samples, without window. Done as a DCT-IV by a complex
 * FFT of half the size. `size` is a power of two.
 */
export function createImdct(size: number): (spectrum: Float32Array) => Float32Array {
  const half = size / 2;
  const twist = Array.from({ length: half }, (_, k) => (-Math.PI * (8 * k + 1)) / (8 * size));
  const cos = Float64Array.from(twist, Math.cos);
  const sin = Float64Array.from(twist, Math.sin);
  const fft = createFft(half);
  const re = new Float64Array(half);
  const im = new Float64Array(half);
  return (spectrum) => {
    for (let k = 0; k < half; k += 1) {
      const a = at(spectrum, 2 * k);
      const b = at(spectrum, size - 1 - 2 * k);
      re[k] = a * at(cos, k) - b * at(sin, k);
      im[k] = a * at(sin, k) + b * at(cos, k);
    }
    fft(re, im);
    const folded = new Float64Array(size);
    for (let n = 0; n < half; n += 1) {
      folded[2 * n] = at(re, n) * at(cos, n) - at(im, n) * at(sin, n);
      folded[size - 1 - 2 * n] = -(at(re, n) * at(sin, n) + at(im, n) * at(cos, n));
    }
    return unfold(folded);
  };
}

/** The transform is antisymmetric around its first quarter and symmetric around its third. */
function unfold(folded: Float64Array): Float32Array {
  const size = folded.length;
  const half = size / 2;
  const out = new Float32Array(2 * size);
  for (let n = 0; n < half; n += 1) {
    out[n] = at(folded, n + half) / size;
    out[size - 1 - n] = -at(folded, n + half) / size;
    out[size + n] = -at(folded, half - 1 - n) / size;
    out[2 * size - 1 - n] = -at(folded, half - 1 - n) / size;
  }
  return out;
}

/** In-place complex FFT of a power of two. */
function createFft(size: number): (re: Float64Array, im: Float64Array) => void {
  const cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  return (re, im) => {
    reorder(re, im);
    for (let span = 1; span < size; span *= 2) {
      const step = size / (2 * span);
      for (let start = 0; start < size; start += 2 * span) {
        for (let k = 0; k < span; k += 1) butterfly(re, im, start + k, span, at(cos, k * step), at(sin, k * step));
      }
    }
  };
}

function butterfly(re: Float64Array, im: Float64Array, i: number, span: number, cos: number, sin: number): void {
  const j = i + span;
  const x = at(re, j) * cos - at(im, j) * sin;
  const y = at(re, j) * sin + at(im, j) * cos;
  re[j] = at(re, i) - x;
  im[j] = at(im, i) - y;
  re[i] = at(re, i) + x;
  im[i] = at(im, i) + y;
}

/** Puts each value where the bits of its index say when read backwards. */
function reorder(re: Float64Array, im: Float64Array): void {
  let j = 0;
  for (let i = 0; i < re.length - 1; i += 1) {
    if (i < j) {
      [re[i], re[j]] = [at(re, j), at(re, i)];
      [im[i], im[j]] = [at(im, j), at(im, i)];
    }
    let bit = re.length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
  }
}
