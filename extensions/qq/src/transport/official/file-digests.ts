import { createHash } from "node:crypto";
import { QQError, QQMediaError, QQTransportError } from "../../errors.ts";
import type { MediaFile } from "../../message/outbound.ts";

/** What `upload_prepare` wants to know of a file (QQ, "Rich media", chunked upload). Lower-case hex. */
export interface FileDigests {
  readonly md5: string;
  readonly sha1: string;
  /** md5 of the first 10 002 432 bytes: by it QQ knows a file it has already. */
  readonly md5Of10M: string;
}

const MD5_10M_BYTES = 10_002_432;
/** Read at once while digesting, bytes: some 5 ms of hashing between two turns of the event loop. */
const PIECE_BYTES = 1024 * 1024;

/** Reads the whole file once, a piece at a time. Rejects with `QQMediaError` when it cannot be read as it was announced. */
export async function digestFile(file: MediaFile, signal?: AbortSignal): Promise<FileDigests> {
  const md5 = createHash("md5");
  const sha1 = createHash("sha1");
  const md5Of10M = createHash("md5");
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    const piece = await readExactly(file, start, Math.min(start + PIECE_BYTES, file.size), signal);
    md5.update(piece);
    sha1.update(piece);
    if (start < MD5_10M_BYTES) md5Of10M.update(piece.subarray(0, MD5_10M_BYTES - start));
  }
  return { md5: md5.digest("hex"), sha1: sha1.digest("hex"), md5Of10M: md5Of10M.digest("hex") };
}

/** Bytes from `start` up to, and without, `end`; a file that has become shorter meanwhile is refused. */
export async function readExactly(
  file: MediaFile,
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (signal?.aborted) throw new QQTransportError("the upload was given up", { cause: signal.reason });
  const bytes = await file.read(start, end).catch((cause: unknown) => {
    throw cause instanceof QQError ? cause : unreadable({ cause });
  });
  if (bytes.length !== end - start) throw unreadable();
  return bytes;
}

function unreadable(options?: ErrorOptions): QQMediaError {
  const wording = {
    en: "the file changed or went away while it was read; send it again once it is complete",
    zh: "读取文件时文件发生变化或已不存在；请在文件写完后重新发送",
  };
  return new QQMediaError(wording, options);
}
