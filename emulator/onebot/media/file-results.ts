import type { Media } from "../../media/library.ts";
import { ActionError, type AccountContext } from "../actions.ts";
import { filesOf } from "./account-files.ts";
import { CHUNK_BYTES, type Download } from "./download-frames.ts";
import { hashName } from "./file-keys.ts";
import { urlOf } from "./file-segments.ts";
import { convertVoice, isRecordFormat, recordBytes } from "./voice.ts";

/** How actions name a file: by a key that a segment or a notice has carried (6.5). */
export interface FileWish {
  readonly file?: string;
  readonly file_id?: string;
}

/** Answer of `get_image`, `get_file` and `get_record`. */
interface FileResult {
  /** Path on NapCat's host. */
  readonly file: string;
  /** The path again for what is neither picture nor video. */
  readonly url: string;
  /** Bytes, in decimal. */
  readonly file_size: string;
  readonly file_name: string;
  readonly base64?: string;
}

/** `base64` comes where `enableLocalFile2Url` is set. Throws `file not found` for keys that are not in the table. */
export function getFile(wish: FileWish, context: AccountContext): FileResult {
  const media = findFile(wish, context);
  const hasUrl = media.kind === "image" || media.kind === "video";
  const { file, ...rest } = resultOf(nameOf(media), bytesOf(media), context, context.settings.enableLocalFile2Url);
  return { file, ...rest, url: hasUrl ? urlOf(media, context) : file };
}

/** A voice message in another format; `base64` is always there. */
export function getRecord(wish: FileWish & { readonly out_format: string }, context: AccountContext): FileResult {
  const { name, bytes } = convert(findFile(wish, context), wish.out_format);
  return resultOf(name, bytes, context, true);
}

/** The file that a download stream sends. `out_format` is of records alone, and voluntary there. */
export function openDownload(
  kind: "file" | "image" | "record",
  wish: FileWish & { readonly chunk_size?: number; readonly out_format?: string },
  context: AccountContext,
): Download {
  const { chunk_size: chunkBytes = CHUNK_BYTES, out_format: outFormat } = wish;
  const media = findFile(wish, context);
  if (kind === "record" && outFormat !== undefined) return { ...convert(media, outFormat), chunkBytes, outFormat };
  const picture = kind === "image" ? media.picture : undefined;
  return { name: nameOf(media), bytes: bytesOf(media), chunkBytes, ...(picture && { picture }) };
}

function findFile({ file, file_id }: FileWish, context: AccountContext): Media {
  const media = filesOf(context).keys.find(file || file_id || "", context.clock.now());
  if (!media) throw new ActionError("file not found");
  return media;
}

const nameOf = (media: Media): string => (media.kind === "file" ? media.name : hashName(media));

/** Of a large file that the account itself has sent the emulator has kept no bytes. */
function bytesOf(media: Media): Buffer {
  const bytes = media.kind === "voice" ? recordBytes(media) : media.contents.bytes;
  if (!bytes) throw new ActionError("file not found");
  return bytes;
}

function convert(media: Media, format: string): { name: string; bytes: Buffer } {
  if (!isRecordFormat(format)) throw new ActionError("转换失败 out_format 字段可能格式不正确");
  const bytes = convertVoice(media, format);
  if (!bytes) throw new ActionError(`转换失败: the emulator cannot make ${format}`);
  return { name: `${nameOf(media)}.${format}`, bytes };
}

function resultOf(name: string, bytes: Buffer, context: AccountContext, withBase64: boolean): FileResult {
  const file = filesOf(context).disk.write(name, bytes);
  return {
    file,
    url: file,
    file_size: String(bytes.length),
    file_name: name,
    ...(withBase64 && { base64: bytes.toString("base64") }),
  };
}
