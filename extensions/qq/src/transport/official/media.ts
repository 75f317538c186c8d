import { QQApiError, QQMediaError, QQTransportError } from "../../errors.ts";
import { MEDIA_LIMITS } from "../../media/limits.ts";
import type { MediaFile, OutboundMessage, UploadedMedia } from "../../message/outbound.ts";
import type { Target } from "../../message/target.ts";
import type { FileAnswer } from "../../protocol/official/messages.ts";
import { digestFile, readExactly, type FileDigests } from "./file-digests.ts";
import { holdGuildImage } from "./guild-media.ts";
import { FILE_TYPES } from "./send.ts";
import { createUploadCache } from "./upload-cache.ts";
import { uploadInParts, type UploadContext, type UploadPlace } from "./upload-parts.ts";

/** Files on their way out on one line of an official bot. */
export interface Uploads {
  /** Gives QQ a file for messages to that target. Rejects with a `QQError`; with `QQMediaError` before anything is read where it is too large. */
  upload(target: Target, file: MediaFile, signal?: AbortSignal): Promise<UploadedMedia>;
  /** The platform knows this upload no more: the next one of the same bytes is a new one. */
  forget(media: UploadedMedia): void;
}

const MB = 1024 * 1024;
/**
 * Largest file that goes up in one request, bytes: one block of a chunked upload (QQ, "Rich media": 5 MiB), where one
 * call stands against four. Above it parts are sturdier, since a failure costs a block and not the file. As base64 it is
 * 7 MB, far from the 32 MB at which a proxy answers 413.
 */
const ONE_CALL_BYTES = 5 * MB;
const FORMAT_REFUSED = 850019;
/** What some groups answer to every voice (third-party reports). */
const VOICE_FAILED = 50015014;

export function createUploads(context: UploadContext): Uploads {
  const cache = createUploadCache(context.outside.clock);

  const uploadAs = async (place: UploadPlace, file: MediaFile, signal?: AbortSignal): Promise<UploadedMedia> => {
    const digests = await digestFile(file, signal);
    const key = { scene: place.scene, kind: file.kind, size: file.size, sha1: digests.sha1 };
    const known = cache.find(key, file.name);
    if (known) return known;
    const answer = await transfer(context, place, file, digests, signal);
    const media = { kind: file.kind, fileInfo: answer.file_info };
    cache.keep(key, file.name, media, answer.ttl);
    return media;
  };

  const uploadV2 = async (place: UploadPlace, whole: MediaFile, signal?: AbortSignal): Promise<UploadedMedia> => {
    const file = fitKind(whole);
    try {
      return await uploadAs(place, file, signal);
    } catch (error) {
      if (!isKindRefused(error, file)) throw error;
      context.log.info(`${file.kind} goes as a file scene=${place.scene} why="${error.message}"`);
      return await uploadAs(place, asFile(file), signal);
    }
  };

  return {
    async upload(target, file, signal) {
      refuseSize(file);
      try {
        switch (target.kind) {
          case "c2c":
            return await uploadV2({ scene: "users", openid: target.userId }, file, signal);
          case "group":
            return await uploadV2({ scene: "groups", openid: target.groupId }, file, signal);
          case "channel":
          case "dm":
            return await holdGuildImage(file, signal);
        }
      } catch (error) {
        if (!signal?.aborted || error instanceof QQTransportError) throw error;
        throw new QQTransportError("the upload was given up", { cause: error });
      }
    },
    forget: (media) => cache.forget(media),
  };
}

/** Sends; a file that QQ does not find under its upload is not sent by it again. */
export async function sendWithUploads<T>(
  uploads: Uploads,
  { content }: OutboundMessage,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (content.kind === "media" && error instanceof QQApiError && error.kind === "media") {
      uploads.forget(content.media);
    }
    throw error;
  }
}

async function transfer(
  context: UploadContext,
  place: UploadPlace,
  file: MediaFile,
  digests: FileDigests,
  signal: AbortSignal | undefined,
): Promise<FileAnswer> {
  if (file.size > ONE_CALL_BYTES) return await uploadInParts(context, place, file, digests, signal);
  try {
    return await uploadAtOnce(context, place, file, signal);
  } catch (error) {
    // A proxy on the way takes less than QQ does.
    if (!(error instanceof QQApiError) || error.refusal.status !== 413) throw error;
    return await uploadInParts(context, place, file, digests, signal);
  }
}

async function uploadAtOnce(
  { api }: UploadContext,
  { scene, openid }: UploadPlace,
  file: MediaFile,
  signal: AbortSignal | undefined,
): Promise<FileAnswer> {
  const bytes = await readExactly(file, 0, file.size, signal);
  const file_data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  const shown = file.kind === "file" ? { file_name: file.name } : {};
  return await api.uploadFile(
    scene,
    openid,
    { file_type: FILE_TYPES[file.kind], srv_send_msg: false, ...shown, file_data },
    signal,
  );
}

function refuseSize({ kind, size }: MediaFile): void {
  const { hardBytes } = MEDIA_LIMITS[kind];
  if (size > hardBytes) throw tooLarge(size, hardBytes);
  if (size === 0) throw new QQMediaError({ en: "the file is empty; write it first", zh: "文件为空；请先写入内容" });
}

/** `size` and `limit` in bytes. */
export function tooLarge(size: number, limit: number): QQMediaError {
  const [mb, most] = [Math.ceil(size / MB), Math.floor(limit / MB)];
  return new QQMediaError({
    en: `the file has ${mb} MB and QQ takes ${most} MB; send a link to it, or split it`,
    zh: `文件有 ${mb} MB，超过 QQ 的上限 ${most} MB；请改为发送链接，或拆分后发送`,
  });
}

/** Above its soft limit QQ shows a file card whatever the kind; sent as a file it keeps its name there. */
function fitKind(file: MediaFile): MediaFile {
  return file.size > MEDIA_LIMITS[file.kind].softBytes ? asFile(file) : file;
}

/** A converted voice goes as what it was converted from: nobody can play SILK. */
function asFile(file: MediaFile): MediaFile {
  const { original = file } = file;
  return {
    kind: "file",
    name: original.name,
    size: original.size,
    read: (start, end) => original.read(start, end),
  };
}

function isKindRefused(error: unknown, { kind }: MediaFile): error is QQApiError {
  if (kind === "file" || !(error instanceof QQApiError)) return false;
  const { platformCode } = error.refusal;
  return platformCode === FORMAT_REFUSED || (platformCode === VOICE_FAILED && kind === "voice");
}
