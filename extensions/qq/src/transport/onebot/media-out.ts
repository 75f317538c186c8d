import { QQApiError, QQMediaError } from "../../errors.ts";
import type { MediaFile, UploadedMedia } from "../../message/outbound.ts";
import { readExactly } from "../official/file-digests.ts";
import type { AbleCalls } from "./abilities.ts";
import type { PersonalTarget } from "./personal-target.ts";
import { KEPT_MS, toBase64, uploadByStream, type UploadStreamParts } from "./upload-stream.ts";

/** A file as OneBot messages show it. */
export type SourceMedia = Extract<UploadedMedia, { readonly source: string }>;

/** Files on their way out. */
export interface MediaOut {
  /** Rejects with `QQMediaError` where the implementation has no way to get the file. */
  upload(target: PersonalTarget, file: MediaFile, signal?: AbortSignal): Promise<SourceMedia>;
  /** The same file once more, where it went up piece by piece; `undefined` when it did not. */
  again(media: SourceMedia, signal?: AbortSignal): Promise<SourceMedia | undefined>;
  /** Whether the implementation may have deleted it since. */
  isOver(media: SourceMedia): boolean;
}

const MB = 1024 * 1024;
/** Above this QQ takes a video as a file only, bytes (onebot-napcat.md, 8.1). */
const MAX_VIDEO_BYTES = 100 * MB;
/** A file that is about to be deleted is uploaded again, ms before. */
const MARGIN_MS = 60_000;

/** What went up piece by piece. */
interface Upload {
  readonly file: MediaFile;
  /** ms since the epoch. */
  readonly streamedAt: number;
}

export function createMediaOut(
  parts: UploadStreamParts & { readonly calls: AbleCalls },
  base64MaxBytes: number,
): MediaOut {
  const { calls, clock } = parts;
  /** What the media of this process were made of. */
  const uploads = new WeakMap<SourceMedia, Upload>();

  const stream = async (file: MediaFile, signal?: AbortSignal): Promise<SourceMedia | undefined> => {
    if (!calls.has("upload_file_stream")) return undefined;
    try {
      const media = sourceMedia(file, await uploadByStream(parts, file, signal));
      uploads.set(media, { file, streamedAt: clock.now() });
      return media;
    } catch (error) {
      if (error instanceof QQApiError && error.kind === "unsupported") return undefined;
      throw error;
    }
  };

  return {
    async upload(target, whole, signal) {
      const file = fitKind(whole);
      refuse(calls, target, file);
      if (file.size <= base64MaxBytes) return await asBase64(file, signal);
      const media = await stream(file, signal);
      if (media) return media;
      // What lies there was read here a moment ago. The implementation asks anew, and guards itself against nothing.
      const { address } = file;
      if (address === undefined || !/^https?:\/\//i.test(address)) throw noRoad(file.size, base64MaxBytes);
      return sourceMedia(file, address);
    },
    async again(media, signal) {
      const upload = uploads.get(media);
      return upload && (await stream(upload.file, signal));
    },
    isOver(media) {
      const { streamedAt } = uploads.get(media) ?? {};
      return streamedAt !== undefined && clock.now() > streamedAt + KEPT_MS - MARGIN_MS;
    },
  };
}

function sourceMedia({ kind, name, size }: MediaFile, source: string): SourceMedia {
  return { kind, name, size, source };
}

async function asBase64(file: MediaFile, signal: AbortSignal | undefined): Promise<SourceMedia> {
  const bytes = await readExactly(file, 0, file.size, signal);
  return sourceMedia(file, `base64://${toBase64(bytes)}`);
}

function fitKind(file: MediaFile): MediaFile {
  if (file.kind !== "video" || file.size <= MAX_VIDEO_BYTES) return file;
  const { name, size, address } = file;
  const read = async (start: number, end: number) => await file.read(start, end);
  return { kind: "file", name, size, read, ...(address !== undefined && { address }) };
}

/** What can be said before anything is read. */
function refuse(calls: AbleCalls, target: PersonalTarget, { kind, size }: MediaFile): void {
  if (size === 0) throw new QQMediaError({ en: "the file is empty; write it first", zh: "文件为空；请先写入内容" });
  const action = target.kind === "group" ? "upload_group_file" : "upload_private_file";
  if (kind === "file" && !calls.has(action)) {
    throw new QQMediaError({
      en: "this OneBot implementation sends no files; use a current NapCat, or send a link to it",
      zh: "当前 OneBot 实现不能发送文件；请使用新版 NapCat，或改为发送链接",
    });
  }
}

/** `size` and `limit` in bytes. */
function noRoad(size: number, limit: number): QQMediaError {
  const [mb, most] = [Math.ceil(size / MB), Math.floor(limit / MB)];
  return new QQMediaError({
    en: `the file has ${mb} MB, more than goes in one call (base64MaxMb ${most}), and this OneBot implementation takes none in pieces; use a current NapCat, or send a link to it`,
    zh: `文件有 ${mb} MB，超过单次调用的上限（base64MaxMb ${most}），且当前 OneBot 实现不支持分片上传；请使用新版 NapCat，或改为发送链接`,
  });
}
