import { fileURLToPath } from "node:url";
import { nameInUrl } from "../../media/fetching.ts";
import type { Media } from "../../media/library.ts";
import { ActionError } from "../actions.ts";
import { baseName, type NapCatDisk } from "./disk.ts";

/** What the data of a file-like segment says about where its bytes are (4.6). */
export interface FileSource {
  readonly url?: unknown;
  readonly file?: unknown;
  readonly path?: unknown;
}

/** Bytes that somebody wants sent, and what they are called where they come from. */
export interface SourceFile {
  readonly bytes: Buffer;
  readonly name?: string;
}

export interface SourceContext {
  readonly disk: NapCatDisk;
  /** The file that a key of this NapCat's stands for. */
  readonly find: (key: string) => Media | undefined;
}

/**
 * Reads a file as NapCat does: the first of `url`, `file` and `path` that is not blank, in the forms of 4.6 in their
 * order. Only the emulated NapCat's own disk is read. Throws with NapCat's texts.
 */
export async function openSource(source: FileSource, context: SourceContext): Promise<SourceFile> {
  const address = [source.url, source.file, source.path].find(isFilled);
  const opened = address === undefined ? undefined : await openAddress(address, context);
  if (!opened) throw new ActionError(`文件处理失败: 识别URL失败, uri= ${address ?? ""}`);
  if (opened.bytes.length === 0) throw new ActionError("文件异常，大小为0");
  return opened;
}

const isFilled = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

async function openAddress(address: string, { disk, find }: SourceContext): Promise<SourceFile | undefined> {
  const onDisk = disk.read(address);
  if (onDisk) return { bytes: onDisk, name: baseName(address) };
  if (/^https?:/i.test(address)) return download(address);
  if (/^base64:/i.test(address)) return { bytes: fromBase64(address.replace(/^base64:(?:\/\/)?/i, "")) };
  if (/^file:\/\//i.test(address)) return readFileUrl(address, disk);
  if (/^data:/i.test(address)) return { bytes: fromBase64(address.slice(address.indexOf(",") + 1)) };
  const media = find(address);
  return media?.contents.bytes && { bytes: media.contents.bytes, name: media.name };
}

const fromBase64 = (text: string): Buffer => Buffer.from(text, "base64");

function readFileUrl(address: string, disk: NapCatDisk): SourceFile {
  const path = pathOf(address);
  const bytes = disk.read(path);
  if (!bytes) throw new ActionError(`ENOENT: no such file or directory, open '${path}'`);
  return { bytes, name: baseName(path) };
}

/** NapCat also takes what is no proper URL, such as `file://relative`. */
function pathOf(address: string): string {
  try {
    return fileURLToPath(address, { windows: false });
  } catch {
    return decodeURIComponent(address.slice("file://".length));
  }
}

/** Without a limit of time or size, as NapCat downloads (7.2). */
async function download(address: string): Promise<SourceFile> {
  const response = await fetch(address).catch((error: unknown) => {
    throw new ActionError(error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw new ActionError(`下载文件失败: ${response.statusText}`);
  const name = nameInUrl(address);
  return { bytes: Buffer.from(await response.arrayBuffer()), ...(name !== undefined && { name }) };
}
