import type { FileHandle } from "node:fs/promises";
import { QQMediaError, type Wording } from "../../errors.ts";
import { MEDIA_LIMITS } from "../../media/limits.ts";
import { tooLarge } from "../../transport/official/media.ts";

/** The bytes of a file that an answer names, before it is known what they are. */
export interface SourceBytes {
  /** As the source calls it: a base name, not safe yet, or nothing. */
  readonly name: string;
  /** Media type as the source says; what the bytes say counts more. */
  readonly mime?: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes from `start` up to, and without, `end`. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** Gives back what holding it open takes: a handle, a temporary file. */
  close(): Promise<void>;
}

/** No larger file is read for QQ, bytes: QQ takes none (QQ, "Rich media", hard limit). */
export const MAX_SOURCE_BYTES = MEDIA_LIMITS.file.hardBytes;
/** Up to here bytes are held in memory, above in a file. */
export const MAX_HELD_BYTES = 8 * 1024 * 1024;

/** What a source says of its bytes. */
export type SourceFacts = Pick<SourceBytes, "name" | "mime">;

export function heldBytes(bytes: Uint8Array, facts: SourceFacts): SourceBytes {
  return {
    ...facts,
    size: bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
    close: async () => undefined,
  };
}

/** Reads from an open file, a piece at a time. Closes it. */
export function fileBytes(handle: FileHandle, size: number, facts: SourceFacts): SourceBytes {
  return {
    ...facts,
    size,
    read: async (start, end) => {
      const bytes = Buffer.allocUnsafe(end - start);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
        // Shorter than it was: whoever asked sees that it is not all.
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
    close: async () => await handle.close(),
  };
}

/** Refuses a file that QQ takes in no form. `size` in bytes, as far as it is known. */
export function refuseTooLarge(size: number): void {
  if (size > MAX_SOURCE_BYTES) throw tooLarge(size, MAX_SOURCE_BYTES);
}

/** The refusal for a source that cannot be read. Paths and addresses stay in the cause. */
export function unreadable(wording: Wording, cause?: unknown): QQMediaError {
  return new QQMediaError(wording, cause === undefined ? {} : { cause });
}
