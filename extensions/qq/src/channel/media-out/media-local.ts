import { constants } from "node:fs";
import { open, realpath, stat, type FileHandle } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { getDefaultLocalRoots, loadWebMediaRaw, LocalMediaAccessError } from "openclaw/plugin-sdk/web-media";
import { QQMediaError } from "../../errors.ts";
import {
  fileBytes,
  heldBytes,
  MAX_HELD_BYTES,
  MAX_SOURCE_BYTES,
  refuseTooLarge,
  unreadable,
  type SourceBytes,
} from "./media-bytes.ts";
import { nameOf } from "./media-names.ts";

/** What the host lets a send read from disk: of its send contexts, the newer form and the older one. */
export interface MediaAccess {
  readonly mediaAccess?:
    | {
        readonly localRoots?: readonly string[];
        readonly readFile?: (path: string) => Promise<Buffer>;
        readonly workspaceDir?: string;
      }
    | undefined;
  readonly mediaLocalRoots?: readonly string[] | undefined;
  readonly mediaReadFile?: ((path: string) => Promise<Buffer>) | undefined;
}

/** Shown to the host's own checks of what a file is, bytes; smaller files as a whole. */
const HEAD_BYTES = 1024 * 1024;

/**
 * Opens a file on disk. The host decides whether it may be sent: its loader resolves the path (`media://`, `file://`,
 * `~`, the agent's workspace), keeps to the allowed folders and looks at what is in it. It would read the whole file, so
 * the reading is ours: it gets the beginning, and the rest is read when QQ wants it.
 */
export async function openLocal(source: string, access: MediaAccess): Promise<SourceBytes> {
  const {
    localRoots = access.mediaLocalRoots,
    readFile = access.mediaReadFile,
    workspaceDir,
  } = access.mediaAccess ?? {};
  const roots = localRoots?.length ? localRoots : undefined;
  let opened: SourceBytes | undefined;
  try {
    const loaded = await loadWebMediaRaw(source, {
      maxBytes: MAX_SOURCE_BYTES,
      hostReadCapability: readFile !== undefined,
      ...(roots && { localRoots: roots }),
      ...(workspaceDir !== undefined && { workspaceDir }),
      readFile: async (path) => {
        opened = await openAllowed(path, roots ?? getDefaultLocalRoots(), readFile);
        return await readHead(opened);
      },
    });
    // A source that the host resolved to an address of its own was read by it.
    return opened ?? heldBytes(loaded.buffer, { name: loaded.fileName ?? "", ...mimeOf(loaded.contentType) });
  } catch (error) {
    await opened?.close();
    throw error instanceof QQMediaError ? error : notReadable(error);
  }
}

function mimeOf(mime: string | undefined): { readonly mime?: string } {
  return mime === undefined ? {} : { mime };
}

/** Opens what the host has allowed; its own reader, where there is one, reads what fits into memory. */
export async function openAllowed(
  path: string,
  roots: readonly string[],
  readFile: ((path: string) => Promise<Buffer>) | undefined,
): Promise<SourceBytes> {
  const name = nameOf(path);
  const handle = await openFile(path, readFile !== undefined);
  // Not on this machine: the host reads it from where the agent works.
  if (!handle) return await readByHost(path, name, readFile);
  try {
    const { size } = await handle.stat();
    refuseTooLarge(size);
    if (readFile && size <= MAX_HELD_BYTES) {
      await handle.close();
      return await readByHost(path, name, readFile);
    }
    await demandStillAllowed(handle, path, roots);
    return fileBytes(handle, size, { name });
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
}

async function readByHost(
  path: string,
  name: string,
  readFile: ((path: string) => Promise<Buffer>) | undefined,
): Promise<SourceBytes> {
  if (!readFile) throw notFound();
  const bytes = await readFile(path);
  refuseTooLarge(bytes.length);
  return heldBytes(bytes, { name });
}

/** Never waits: to open a pipe would. */
async function openFile(path: string, mayBeElsewhere: boolean): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (mayBeElsewhere) return undefined;
    throw notFound(error);
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw unreadable({ en: "it is not a file; send the files in it one by one", zh: "这不是文件；请逐个发送其中的文件" });
}

/** Between the host's check and the opening the path may have come to lead elsewhere: what is open must lie inside. */
async function demandStillAllowed(handle: FileHandle, path: string, roots: readonly string[]): Promise<void> {
  const real = await realpath(path);
  const [there, here] = await Promise.all([stat(real, { bigint: true }), handle.stat({ bigint: true })]);
  const isSame = there.dev === here.dev && there.ino === here.ino;
  const allowed = await Promise.all(roots.map(async (root) => await realpath(root).catch(() => resolve(root))));
  if (!isSame || !allowed.some((root) => isInside(root, real))) throw notAllowed();
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Text is cut between two characters: the host looks whether it is one. */
async function readHead(opened: SourceBytes): Promise<Buffer> {
  const isWhole = opened.size <= MAX_HELD_BYTES;
  const head = Buffer.from(await opened.read(0, isWhole ? opened.size : HEAD_BYTES));
  if (isWhole) return head;
  let end = head.length;
  while (end > HEAD_BYTES - 4 && ((head[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return (head[end - 1] ?? 0) >= 0xc0 ? head.subarray(0, end - 1) : head;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function notFound(cause?: unknown): QQMediaError {
  return unreadable(
    { en: "there is no such file; write it first, with its full path", zh: "文件不存在；请先写好文件并给出完整路径" },
    cause,
  );
}

function notAllowed(cause?: unknown): QQMediaError {
  return unreadable(
    {
      en: "OpenClaw does not let this file be sent: it lies outside the agent's folders, or is of no kind that may leave them; copy it into the workspace, as a picture, a document or an archive",
      zh: "OpenClaw 不允许发送此文件：它不在智能体的目录内，或类型不被允许；请以图片、文档或压缩包的形式复制到工作目录",
    },
    cause,
  );
}

/** What the host's loader says names the path: it stays in the cause. */
function notReadable(cause: unknown): QQMediaError {
  if (cause instanceof LocalMediaAccessError) return cause.code === "not-found" ? notFound(cause) : notAllowed(cause);
  return unreadable(
    {
      en: "the file cannot be read; check its rights and that it is complete",
      zh: "文件无法读取；请检查权限并确认文件完整",
    },
    cause,
  );
}
