import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** As long as the answer that a file belongs to is kept: 7 days, ms. */
const KEPT_TTL_MS = 7 * 24 * 3_600_000;
/** Copied at once, bytes. */
const BLOCK_BYTES = 4 * 1024 * 1024;

/** What can be copied: the same shape as a file of an answer. */
interface Readable {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Copies of files that wait for a chat to allow replies again: the host removes its own once it has given up. */
export interface KeptFiles {
  /** Folder that all of them lie in. */
  readonly directory: string;
  /** Copies a file; resolves with its path, which ends with its name. */
  keep(file: Readable): Promise<string>;
  /** Removes a copy. A path that is none of ours is left alone. */
  drop(path: string): Promise<void>;
  prune(now: number): Promise<void>;
}

export function openKeptFiles(directory: string): KeptFiles {
  return {
    directory,
    keep: async (file) => {
      const folder = join(directory, randomUUID());
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, file.name);
      try {
        await copy(file, path);
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
      return path;
    },
    drop: async (path) => {
      const folder = dirname(path);
      if (dirname(folder) === directory) await rm(folder, { recursive: true, force: true });
    },
    prune: async (now) => {
      for (const name of await readdir(directory).catch(() => [])) {
        const folder = join(directory, name);
        const { mtimeMs } = await stat(folder);
        if (mtimeMs < now - KEPT_TTL_MS) await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function copy(file: Readable, path: string): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    for (let start = 0; start < file.size; start += BLOCK_BYTES) {
      await handle.write(await file.read(start, Math.min(start + BLOCK_BYTES, file.size)));
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
