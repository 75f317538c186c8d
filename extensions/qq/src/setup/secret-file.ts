import { randomBytes } from "node:crypto";
import { lstat, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { QQConfigError } from "../errors.ts";
import { bindTexts } from "./bind-texts.ts";

/** A secret that stands in its file. */
export interface WrittenSecret {
  /** Where it stands: what a symbolic link led to, and else the path that was given. */
  readonly path: string;
  /** Puts back what stood there before. */
  undo(): Promise<void>;
}

/** Only the gateway's own user may read it. */
const MODE = 0o600;

/** Whether something stands there, be it a link that leads nowhere. */
export async function hasFile(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path))) !== undefined;
}

/**
 * Writes the secret into a file, whole or not at all. Rejects with a `QQConfigError`, and the file is as it was.
 * @param path a symbolic link is followed
 */
export async function writeSecretFile(path: string, secret: string): Promise<WrittenSecret> {
  try {
    const target = (await unlessMissing(realpath(path))) ?? path;
    const before = await contentOf(target);
    await replace(target, `${secret}\n`, MODE);
    return {
      path: target,
      undo: () => (before ? replace(target, before.content, before.mode) : rm(target, { force: true })),
    };
  } catch (cause) {
    const reason = codeOf(cause) ?? "unwritable";
    throw new QQConfigError("channels.qq.appSecretFile", bindTexts.unwritable(path, reason), { cause });
  }
}

async function contentOf(path: string): Promise<{ readonly content: Uint8Array; readonly mode: number } | undefined> {
  const stats = await unlessMissing(stat(path));
  return stats && { content: await readFile(path), mode: stats.mode & 0o777 };
}

/** By a file beside it, which takes its place once it is on the disk: a reader finds the old secret or the new one. */
async function replace(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(fresh, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
