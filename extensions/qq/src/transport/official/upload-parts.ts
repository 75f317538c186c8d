import { createHash } from "node:crypto";
import { QQApiError, QQError, QQProtocolError, QQTransportError } from "../../errors.ts";
import type { MediaFile } from "../../message/outbound.ts";
import { isPartAddress, type V2Scene } from "../../protocol/official/endpoints.ts";
import type { FileAnswer } from "../../protocol/official/messages.ts";
import type { Log } from "../log.ts";
import type { Outside } from "../transport.ts";
import type { OfficialApi } from "./api.ts";
import { exchange } from "./exchange.ts";
import { readExactly, type FileDigests } from "./file-digests.ts";
import { refusalError } from "./refusal.ts";
import { inParallel } from "./in-parallel.ts";
import { FILE_TYPES } from "./send.ts";
import { layOutParts, partRules, type PartRules } from "./upload-plan.ts";

/** What uploads of one account are made with. */
export interface UploadContext {
  readonly outside: Outside;
  readonly api: OfficialApi;
  readonly apiBaseUrl: string;
  readonly log: Log;
}

/** Where an upload belongs: a `file_info` of one scene is unknown in the other. */
export interface UploadPlace {
  readonly scene: V2Scene;
  readonly openid: string;
}

/** However long they take: one that hangs may outlast the time for all. */
const LEAST_TRIES = 3;
/** Wait for the answer to one part, ms (Tencent's own client). */
const PUT_MS = 300_000;
/** "Chunk channel failed": a part or the whole upload is not there (QQ, "Error codes"). */
const PARTS_LOST = 40093001;

/**
 * Uploads a file in parts, each tried again by itself. When the platform has lost the upload it is begun anew, once:
 * what it knows by its digest is not sent twice.
 */
export async function uploadInParts(
  context: UploadContext,
  place: UploadPlace,
  file: MediaFile,
  digests: FileDigests,
  signal?: AbortSignal,
): Promise<FileAnswer> {
  try {
    return await uploadOnce(context, place, file, digests, signal);
  } catch (error) {
    if (!isUploadLost(error) || signal?.aborted) throw error;
    context.log.info(`upload begun anew size=${file.size} why="${error.message}"`);
    return await uploadOnce(context, place, file, digests, signal);
  }
}

async function uploadOnce(
  context: UploadContext,
  { scene, openid }: UploadPlace,
  file: MediaFile,
  digests: FileDigests,
  signal: AbortSignal | undefined,
): Promise<FileAnswer> {
  const { api } = context;
  const file_type = FILE_TYPES[file.kind];
  const { md5, sha1, md5Of10M: md5_10m } = digests;
  const wish = { file_type, file_name: file.name, file_size: file.size, md5, sha1, md5_10m };
  const plan = await api.prepareUpload(scene, openid, wish, signal);
  const parts = layOutParts(plan, file.size);
  const rules = partRules(plan, Math.max(0, ...parts.map(({ start, end }) => end - start)));
  await inParallel(parts, rules.concurrency, signal, async (part, signal) => {
    const bytes = await readExactly(file, part.start, part.end, signal);
    const hash = createHash("md5").update(bytes).digest("hex");
    const finished = { upload_id: plan.upload_id, part_index: part.index, block_size: bytes.length, md5: hash };
    await sendPart(context, rules, signal, {
      put: () => putPart(context, part.url, bytes, signal),
      finish: async () => void (await api.finishPart(scene, openid, finished, signal)),
    });
  });
  const shown = file.kind === "file" ? { file_name: file.name } : {};
  return await api.uploadFile(
    scene,
    openid,
    { file_type, srv_send_msg: false, ...shown, upload_id: plan.upload_id },
    signal,
  );
}

interface PartCalls {
  readonly put: () => Promise<void>;
  readonly finish: () => Promise<void>;
}

/** Puts and confirms one part until it is taken, its time is over, or trying again cannot help. */
async function sendPart(
  { outside: { clock } }: UploadContext,
  { pauseMs, timeoutMs }: PartRules,
  signal: AbortSignal,
  { put, finish }: PartCalls,
): Promise<void> {
  const until = clock.now() + timeoutMs;
  let isPut = false;
  for (let tries = 1, refused = 0; ; tries++) {
    try {
      if (!isPut) await put();
      isPut = true;
      return await finish();
    } catch (error) {
      // A refused confirmation does not say whether it or the bytes were lost: every third one sends these again.
      if (isPut && ++refused % 3 === 0) isPut = false;
      const pause = Math.max(pauseMs, askedPause(error));
      const isOver = tries >= LEAST_TRIES && clock.now() + pause > until;
      if (!mayPass(error) || signal.aborted || isOver) throw error;
      await clock.sleep(pause, signal).catch(() => {
        throw error;
      });
    }
  }
}

/** Without the token: the address is signed. */
async function putPart(
  { outside, apiBaseUrl }: UploadContext,
  url: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  if (!isPartAddress(apiBaseUrl, url)) {
    throw new QQProtocolError("QQ wants a part of a file at an address without TLS; check apiBaseUrl");
  }
  const call = "PUT part of an upload";
  const { status } = await exchange(outside, { method: "PUT", url, name: call, body: bytes, answerMs: PUT_MS }, signal);
  if (status >= 200 && status < 300) return;
  throw refusalError({ kind: "temporary", retry: "later", status, platformCode: 0, traceId: undefined, call });
}

/** The signature of the address is over, or the store knows nothing of it. */
function isAddressOver(error: QQApiError): boolean {
  const { status, platformCode } = error.refusal;
  return platformCode === 0 && (status === 403 || status === 404);
}

function mayPass(error: unknown): boolean {
  if (error instanceof QQApiError && isAddressOver(error)) return false;
  return error instanceof QQTransportError || (error instanceof QQError && error.retry !== "never");
}

function isUploadLost(error: unknown): error is QQApiError {
  return error instanceof QQApiError && (error.refusal.platformCode === PARTS_LOST || isAddressOver(error));
}

function askedPause(error: unknown): number {
  return error instanceof QQApiError ? (error.refusal.retryAfterMs ?? 0) : 0;
}
