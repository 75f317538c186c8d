import { QQMediaError, QQProtocolError } from "../../errors.ts";
import { parseData, type ActionData, type ActionParams } from "../../protocol/onebot/actions.ts";
import { within } from "./call-options.ts";
import type { OneBotCalls } from "./calls.ts";

type Piece = ActionData<"download_file_stream">;

/** A file as it came, piece by piece. */
export interface StreamedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name?: string;
}

/** Size of a piece that is asked for, bytes: 64 KiB to 1 MiB (onebot-napcat.md, 8.4). */
const PIECE_BYTES = 512 * 1024;
/**
 * Longest silence between two pieces, ms. The first comes once the implementation has the file itself: with its default
 * speed of 256 KB/s (onebot-napcat.md, 7.2) that is two minutes for 30 MB.
 */
const SILENCE_MS = 180_000;

/**
 * Reads a file from the implementation. Rejects with `QQMediaError` as soon as it is known to be larger than `maxBytes`,
 * and with `QQProtocolError` when pieces are missing.
 */
export async function downloadByStream(
  calls: OneBotCalls,
  file: ActionParams<"get_file">,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<StreamedFile> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let name: string | undefined;
  let total = 0;
  let announced: number | undefined;
  let isWhole = false;
  const take = (data: unknown): void => {
    const piece = readPiece(data);
    if (piece.file_name) name = piece.file_name;
    announced ??= piece.data_type === "file_info" ? piece.file_size : undefined;
    if ((announced ?? 0) > maxBytes) throw tooLarge(maxBytes);
    if (piece.data_type === "file_complete") isWhole = (piece.total_bytes ?? total) === total;
    if (piece.data_type !== "file_chunk") return;
    if ((piece.index ?? pieces.length) !== pieces.length) throw incomplete();
    const bytes = fromBase64(piece.data ?? "");
    total += bytes.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    pieces.push(bytes);
  };
  const params = { ...file, chunk_size: PIECE_BYTES };
  await calls.stream("download_file_stream", params, take, within(SILENCE_MS, signal));
  if (!isWhole || (announced ?? total) !== total) throw incomplete();
  return { bytes: join(pieces, total), ...(name !== undefined && { name }) };
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** `limit`: bytes. */
export function tooLarge(limit: number): QQMediaError {
  const mb = Math.floor(limit / 1024 / 1024);
  return new QQMediaError({
    en: `the file is larger than the ${mb} MB that are taken here; ask for a smaller one or a link`,
    zh: `文件超过接收上限 ${mb} MB；请改发较小的文件或链接`,
  });
}

function readPiece(data: unknown): Piece {
  const reading = parseData("download_file_stream", data);
  if (reading.malformed !== undefined) throw incomplete();
  return reading.data;
}

function join(pieces: readonly Uint8Array[], total: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function incomplete(): QQProtocolError {
  return new QQProtocolError("download_file_stream left pieces of the file out; fetch it again");
}
