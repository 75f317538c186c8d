import { at, type Pcm } from "./pcm.ts";

/** Zero crossings of the low-pass on each side. */
const CROSSINGS = 32;
/** Shape of the Kaiser window: 90 dB down beyond the transition (Kaiser's formula). */
const BETA = 9;
/** Middle of the transition as a part of the lower half-rate; with the numbers above it ends just at that half-rate. */
const CUTOFF = 0.91;

/** One channel at another rate, by a windowed sinc at exact positions. What is as it should be passes through. */
export function* resample({ rate, pieces }: Pcm, target: number): Iterable<Float32Array> {
  if (rate === target) return yield* pieces;
  const kernels = createKernels(rate, target);
  const { reach, up, down } = kernels;
  let held: Float32Array = new Float32Array(reach);
  /** Where `held` begins, and the next sample to make, the one counted at the source's rate and the other at the target's. */
  let origin = -reach;
  let next = 0;
  for (const piece of withTail(pieces, reach)) {
    held = concat(held, piece);
    const ready = Math.floor(((origin + held.length - reach) * up - 1) / down) + 1;
    const out = new Float32Array(Math.max(0, ready - next));
    for (let i = 0; i < out.length; i += 1) {
      const position = (next + i) * down;
      const center = Math.floor(position / up);
      out[i] = convolve(held, center - reach + 1 - origin, kernels.at(position % up));
    }
    next += out.length;
    const from = Math.max(0, Math.floor((next * down) / up) - reach + 1 - origin);
    held = held.slice(from);
    origin += from;
    if (out.length > 0) yield out;
  }
}

/** Silence at the end, so that the last samples of the source get through. */
function* withTail(pieces: Iterable<Float32Array>, length: number): Iterable<Float32Array> {
  yield* pieces;
  yield new Float32Array(length);
}

interface Kernels {
  /** Samples of the source on each side of a position. */
  readonly reach: number;
  /** The target's rate to the source's, in lowest terms. */
  readonly up: number;
  readonly down: number;
  /** Weights for a position of `phase / up` between two samples; made when first asked for. */
  at(phase: number): Float32Array;
}

function createKernels(rate: number, target: number): Kernels {
  const divisor = gcd(rate, target);
  const up = target / divisor;
  const scale = Math.min(1, target / rate) * CUTOFF;
  const reach = Math.ceil(CROSSINGS / scale);
  const made: Float32Array[] = [];
  const make = (phase: number): Float32Array =>
    normalize(Float32Array.from({ length: 2 * reach }, (_, i) => weight(i - reach + 1 - phase / up, scale, reach)));
  return { reach, up, down: rate / divisor, at: (phase) => (made[phase] ??= make(phase)) };
}

/** The low-pass at a distance, in samples of the source. */
function weight(distance: number, scale: number, reach: number): number {
  const x = Math.PI * distance * scale;
  const edge = 1 - (distance / reach) ** 2;
  if (edge <= 0) return 0;
  return (x === 0 ? 1 : Math.sin(x) / x) * bessel(BETA * Math.sqrt(edge));
}

/** Weights that add up to one: a constant stays what it is. */
function normalize(weights: Float32Array): Float32Array {
  const sum = weights.reduce((total, value) => total + value, 0);
  return weights.map((value) => value / sum);
}

function convolve(samples: Float32Array, start: number, weights: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) sum += at(samples, start + i) * at(weights, i);
  return sum;
}

function concat(a: Float32Array, b: Float32Array): Float32Array {
  const whole = new Float32Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Modified Bessel function of the first kind, order 0. */
export function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
