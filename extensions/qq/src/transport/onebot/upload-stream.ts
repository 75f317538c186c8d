import { createHash, randomUUID } from "node:crypto";
import { QQApiError, QQError, QQProtocolError, QQTransportError } from "../../errors.ts";
import type { MediaFile } from "../../message/outbound.ts";
import { readExactly } from "../official/file-digests.ts";
import { inParallel } from "../official/in-parallel.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { within } from "./call-options.ts";
import type { OneBotCalls } from "./calls.ts";

/** What uploads in pieces are made with. */
export interface UploadStreamParts {
  readonly calls: OneBotCalls;
  readonly clock: Clock;
  readonly log: Log;
}

/** Size of a piece, bytes, and how many are on their way at once: 64 KiB to 1 MiB, 2 to 4 (onebot-napcat.md, 8.4). */
const PIECE_BYTES = 512 * 1024;
const WIDTH = 3;
/** How long NapCat keeps the file for the message that shows it, ms. */
export const KEPT_MS = 600_000;
/** Longest wait for one piece, and for the whole file to be put together, ms. */
const PIECE_MS = 60_000;
const WHOLE_MS = 120_000;
const TRIES = 3;
const RETRY_MS = 1000;

/**
 * Hands a file over piece by piece and resolves with its path on the implementation's machine. What is sent twice is
 * ignored there. An upload that was lost on the way, as by a restart, is begun anew, once.
 */
export async function uploadByStream(parts: UploadStreamParts, file: MediaFile, signal?: AbortSignal): Promise<string> {
  const sha256 = await digest(file, signal);
  try {
    return await uploadOnce(parts, file, sha256, signal);
  } catch (error) {
    if (!mayPass(error) || signal?.aborted) throw error;
    parts.log.info(`upload begun anew size=${file.size} why="${error.message}"`);
    return await uploadOnce(parts, file, sha256, signal);
  }
}

async function uploadOnce(
  { calls, clock }: UploadStreamParts,
  file: MediaFile,
  sha256: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const stream_id = randomUUID();
  const total_chunks = Math.ceil(file.size / PIECE_BYTES);
  const head = {
    stream_id,
    total_chunks,
    file_size: file.size,
    // The name is NapCat's own affair: a file of the same name would be overwritten there.
    filename: `${stream_id}${extensionOf(file.name)}`,
    expected_sha256: sha256,
    file_retention: KEPT_MS,
  };
  const put = async (chunk_index: number, signal?: AbortSignal): Promise<void> => {
    const start = chunk_index * PIECE_BYTES;
    const bytes = await readExactly(file, start, Math.min(start + PIECE_BYTES, file.size), signal);
    const step = { ...head, chunk_index, chunk_data: toBase64(bytes) };
    await tried(
      clock,
      signal,
      async () => void (await calls.call("upload_file_stream", step, within(PIECE_MS, signal))),
    );
  };
  // The first piece opens the upload.
  await put(0, signal);
  const rest = Array.from({ length: total_chunks - 1 }, (_, at) => at + 1);
  await inParallel(rest, WIDTH, signal, put);
  const end = { stream_id, is_complete: true } as const;
  const { file_path } = await calls.call("upload_file_stream", end, within(WHOLE_MS, signal));
  if (!file_path) throw new QQProtocolError("upload_file_stream told no path of the file; use a current NapCat");
  return file_path;
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** A piece may be sent again whatever became of it. */
async function tried(clock: Clock, signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= TRIES || !mayPass(error) || signal?.aborted) throw error;
      await clock.sleep(RETRY_MS * tries, signal).catch(() => {
        throw error;
      });
    }
  }
}

function mayPass(error: unknown): error is QQError {
  if (error instanceof QQTransportError) return true;
  return error instanceof QQApiError && error.retry !== "never";
}

async function digest(file: MediaFile, signal: AbortSignal | undefined): Promise<string> {
  const sha256 = createHash("sha256");
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    sha256.update(await readExactly(file, start, Math.min(start + PIECE_BYTES, file.size), signal));
  }
  return sha256.digest("hex");
}

/** NapCat does not look at the name that it makes a path of: letters and digits only. */
function extensionOf(name: string): string {
  return /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0].toLowerCase() ?? "";
}
