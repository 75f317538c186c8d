import { createHash } from "node:crypto";

/** `md5_10m` is of so many bytes from the beginning (qq-official.md 6.3). */
const MD5_10M_BYTES = 10_002_432;
/** Enough for every signature, and for the size of a picture behind its thumbnail. */
const HEAD_BYTES = 64 * 1024;

/** What is known of a file's bytes. Digests are lower-case hex. */
export interface Contents {
  /** Bytes. */
  readonly size: number;
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly md5Of10M: string;
  /** The first 64 KiB. */
  readonly head: Buffer;
  /** All of it; `undefined` when it was more than was to be kept. */
  readonly bytes: Buffer | undefined;
}

/** Takes a file piece by piece, so that a large one is never held as a whole. */
export interface ContentsReader {
  push(piece: Uint8Array): void;
  /** Bytes so far. */
  size(): number;
  finish(): Contents;
}

/** `keepUpTo`: a file of more bytes is only digested. */
export function createContentsReader(keepUpTo: number): ContentsReader {
  const md5 = createHash("md5");
  const sha1 = createHash("sha1");
  const sha256 = createHash("sha256");
  const md5Of10M = createHash("md5");
  const heads: Buffer[] = [];
  let kept: Uint8Array[] | undefined = [];
  let size = 0;
  return {
    push(piece) {
      for (const hash of [md5, sha1, sha256]) hash.update(piece);
      if (size < MD5_10M_BYTES) md5Of10M.update(piece.subarray(0, MD5_10M_BYTES - size));
      // A copy: a view would hold the whole piece.
      if (size < HEAD_BYTES) heads.push(Buffer.from(piece.subarray(0, HEAD_BYTES - size)));
      size += piece.length;
      if (size > keepUpTo) kept = undefined;
      else kept?.push(piece);
    },
    size: () => size,
    finish: () => ({
      size,
      md5: md5.digest("hex"),
      sha1: sha1.digest("hex"),
      sha256: sha256.digest("hex"),
      md5Of10M: md5Of10M.digest("hex"),
      head: Buffer.concat(heads),
      bytes: kept && Buffer.concat(kept),
    }),
  };
}

export function readContents(bytes: Uint8Array, keepUpTo: number): Contents {
  const reader = createContentsReader(keepUpTo);
  reader.push(bytes);
  return reader.finish();
}
