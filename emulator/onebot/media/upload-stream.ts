import { createHash, randomUUID } from "node:crypto";
import { ActionError } from "../actions.ts";

/** 8.4: a stream that announces no more than this is kept in memory. Bytes. */
const MEMORY_STREAM_BYTES = 10 * 1024 * 1024;

/** Parameters of `upload_file_stream` (8.4), converted and checked for their types. */
export interface UploadCall {
  readonly stream_id: string;
  /** base64 */
  readonly chunk_data?: string;
  readonly chunk_index?: number;
  readonly total_chunks?: number;
  /** Bytes. */
  readonly file_size?: number;
  readonly filename?: string;
  /** Lower-case hex. */
  readonly expected_sha256?: string;
  readonly is_complete?: boolean;
  readonly verify_only?: boolean;
  readonly reset?: boolean;
  /** ms; 0 keeps the file. */
  readonly file_retention?: number;
}

/** `data` of an answer. */
export interface UploadAnswer {
  readonly type: "stream" | "response";
  readonly stream_id: string;
  readonly status: "chunk_received" | "file_created" | "file_complete";
  readonly received_chunks: number;
  readonly total_chunks: number;
  readonly file_path?: string;
  readonly file_size?: number;
  readonly sha256?: string;
}

/** A file that comes in chunks, in any order. */
export interface UploadStream {
  readonly id: string;
  readonly total: number;
  readonly inMemory: boolean;
  readonly name: string;
  readonly chunks: Map<number, Buffer>;
  /** What the whole must have. */
  sha256: string | undefined;
  /** Calls its end by idleness off. */
  disarm: () => void;
}

export function openUpload(call: UploadCall): UploadStream {
  if (!call.total_chunks) throw new ActionError("total_chunks required for new stream");
  return {
    id: call.stream_id,
    total: call.total_chunks,
    inMemory: call.file_size !== undefined && call.file_size <= MEMORY_STREAM_BYTES,
    name: call.filename || `upload_${randomUUID()}`,
    chunks: new Map(),
    sha256: undefined,
    disarm: () => {},
  };
}

/** `room`: bytes that may still be taken. A chunk that is there already is not taken again. */
export function addChunk(
  stream: UploadStream,
  { chunk_index: index, chunk_data }: UploadCall,
  room: number,
): UploadAnswer {
  if (index === undefined || index < 0 || index >= stream.total) {
    throw new ActionError(`Invalid chunk index: ${index}`);
  }
  if (stream.chunks.has(index)) return statusOf(stream, "file_created");
  const bytes = Buffer.from(chunk_data ?? "", "base64");
  if (bytes.length > room) throw new ActionError("Memory limit exceeded");
  stream.chunks.set(index, bytes);
  return statusOf(stream, "chunk_received");
}

/** The whole file, which has the digest that was promised. */
export function joinChunks(stream: UploadStream): { bytes: Buffer; sha256: string } {
  const place = stream.inMemory ? "memory chunk" : "chunk file";
  const chunks = Array.from({ length: stream.total }, (_, index) => {
    const chunk = stream.chunks.get(index);
    if (!chunk) throw new ActionError(`Missing ${place} ${index}`);
    return chunk;
  });
  const bytes = Buffer.concat(chunks);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (stream.sha256 !== undefined && stream.sha256 !== sha256) {
    throw new ActionError(`SHA256 mismatch. Expected: ${stream.sha256}, Got: ${sha256}`);
  }
  return { bytes, sha256 };
}

/** Bytes so far. */
export const sizeOf = (stream: UploadStream): number =>
  [...stream.chunks.values()].reduce((sum, { length }) => sum + length, 0);

export const statusOf = (stream: UploadStream, status: UploadAnswer["status"]): UploadAnswer => ({
  type: "stream",
  stream_id: stream.id,
  status,
  received_chunks: stream.chunks.size,
  total_chunks: stream.total,
});
