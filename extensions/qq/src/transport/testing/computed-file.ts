import type { MediaFile, MediaKind } from "../../message/outbound.ts";

/** A file whose bytes are computed as they are read, so that it may be large; it counts what is read of it. */
export interface ComputedFile extends MediaFile {
  /** Every read, as its first byte and its length. */
  readonly reads: readonly (readonly [start: number, length: number])[];
  /** All of it. */
  bytes(): Uint8Array;
}

export function computeFile(size: number, kind: MediaKind = "file", name = "数据.bin"): ComputedFile {
  const reads: [number, number][] = [];
  return {
    kind,
    name,
    size,
    reads,
    read: async (start, end) => {
      reads.push([start, end - start]);
      return compute(start, end);
    },
    bytes: () => compute(0, size),
  };
}

/** No two blocks are alike: each 4 bytes hold a mixture of their own place. */
function compute(start: number, end: number): Uint8Array {
  const first = start >>> 2;
  const words = new Uint32Array((end >>> 2) - first + 1);
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(first + at + 1, 2_654_435_761);
  return new Uint8Array(words.buffer).subarray(start - first * 4, end - first * 4);
}
