/** Sound of one channel in pieces, ±1. Pieces are decoded as they are taken, so that a long one never lies in memory whole. */
export interface Pcm {
  /** Samples a second. */
  readonly rate: number;
  readonly pieces: Iterable<Float32Array>;
}

/** Numbers of a typed array, which is never read beyond its end here; the compiler cannot know. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}

/** Mean of channels that lie one after the other. */
export function mixPlanar(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (first === undefined) return new Float32Array(0);
  if (channels.length === 1) return first;
  const mixed = new Float32Array(first.length);
  for (const channel of channels) {
    for (let i = 0; i < mixed.length; i += 1) mixed[i] = at(mixed, i) + at(channel, i) / channels.length;
  }
  return mixed;
}

/** Cuts samples off the start and whatever goes beyond `length` samples after it. */
export function* trim(pieces: Iterable<Float32Array>, start: number, length: number): Iterable<Float32Array> {
  let skip = start;
  let left = length;
  for (const piece of pieces) {
    const kept = piece.subarray(skip, skip + left);
    skip = Math.max(0, skip - piece.length);
    left -= kept.length;
    if (kept.length > 0) yield kept;
    if (left <= 0) return;
  }
}
