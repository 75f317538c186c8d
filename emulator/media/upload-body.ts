import { isAbsent, isFields, readText, type Fields } from "../fields.ts";
import { Refusal, demand } from "../refusal.ts";
import type { MediaKind } from "./formats.ts";
import type { FinishedPart, UploadPlan } from "./uploads.ts";

/** Where the bytes of an upload come from. */
export type Source =
  | { readonly from: "url"; readonly url: string }
  | { readonly from: "data"; readonly bytes: Buffer }
  | { readonly from: "parts"; readonly uploadId: string };

/** An upload, read from the body of `/files`. */
export interface UploadWish {
  readonly source: Source;
  /** May be absent when the upload was prepared, which said it already. */
  readonly kind: MediaKind | undefined;
  readonly name: string | undefined;
  /** `srv_send_msg`: send it at once. */
  readonly isSentAtOnce: boolean;
}

const KINDS: ReadonlyMap<unknown, MediaKind> = new Map<unknown, MediaKind>([
  [1, "image"],
  [2, "video"],
  [3, "voice"],
  [4, "file"],
]);

/** Reads the body of `POST .../files` (qq-official.md 6.1). */
export function readUpload(body: unknown): UploadWish {
  demand(isFields(body), 12002);
  const source = readSource(body);
  const kind = KINDS.get(body["file_type"]);
  const mayBeAbsent = source.from === "parts" && isAbsent(body["file_type"]);
  demand(kind !== undefined || mayBeAbsent, 50035, "file_type");
  return { source, kind, name: readText(body, "file_name"), isSentAtOnce: body["srv_send_msg"] === true };
}

function readSource(body: Fields): Source {
  const uploadId = readText(body, "upload_id");
  if (uploadId !== undefined) return { from: "parts", uploadId };
  const data = readText(body, "file_data");
  if (data !== undefined) return { from: "data", bytes: decodeBase64(data, "file_data") };
  const url = readText(body, "url");
  demand(url !== undefined, 50035, "url");
  return { from: "url", url };
}

/** Raw base64: a `data:` prefix is none of it. */
function decodeBase64(text: string, name: string): Buffer {
  demand(isBase64(text), 50035, name);
  return Buffer.from(text, "base64");
}

/** One character at a time: a pattern for the whole would go back and forth over millions of them. */
export const isBase64 = (text: string): boolean => text !== "" && !/[^A-Za-z0-9+/=\s]/.test(text);

/** Reads the body of `POST .../upload_prepare` (qq-official.md 6.3). */
export function readPlan(body: unknown): UploadPlan {
  demand(isFields(body), 12002);
  const kind = KINDS.get(body["file_type"]);
  demand(kind !== undefined, 50035, "file_type");
  const name = readText(body, "file_name");
  demand(name !== undefined, 50035, "file_name");
  return {
    kind,
    name,
    size: readCount(body, "file_size"),
    md5: readDigest(body, "md5", 32),
    sha1: readDigest(body, "sha1", 40),
    md5Of10M: readDigest(body, "md5_10m", 32),
  };
}

/** Reads the body of `POST .../upload_part_finish` (qq-official.md 6.3). */
export function readFinishedPart(body: unknown): FinishedPart {
  demand(isFields(body), 12002);
  const uploadId = readText(body, "upload_id");
  demand(uploadId !== undefined, 50035, "upload_id");
  return {
    uploadId,
    index: readCount(body, "part_index"),
    size: readCount(body, "block_size"),
    md5: readDigest(body, "md5", 32),
  };
}

/** A number above 0; clients write it as a number or as text. */
function readCount(body: Fields, name: string): number {
  const value = body[name];
  const count = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1) throw new Refusal(50035, name);
  return count;
}

function readDigest(body: Fields, name: string, length: number): string {
  const digest = readText(body, name)?.toLowerCase();
  demand(digest !== undefined && digest.length === length && /^[0-9a-f]+$/.test(digest), 50035, name);
  return digest;
}
