import { createHash } from "node:crypto";
import { readContents } from "../../media/contents.ts";
import type { Media } from "../../media/library.ts";
import { ActionError, type AccountContext } from "../actions.ts";
import type { MediaPiece, Segment } from "../pieces.ts";
import { filesOf } from "./account-files.ts";
import { TEMP_FOLDER } from "./disk.ts";
import { hashName } from "./file-keys.ts";
import { giveLink } from "./links.ts";
import { openSource, type FileSource } from "./sources.ts";
import { isVoice, recordBytes } from "./voice.ts";

/** Segments that carry a file, and how a chat shows each. */
const KINDS = { image: "image", record: "voice", video: "video", file: "file" } as const;
export type FileSegmentType = keyof typeof KINDS;

/** What a file is called that came without a name. */
const NAMES = { image: "image.png", voice: "voice.amr", video: "video.mp4", file: "file" } as const;

/** What the data of a file-like segment says beside its source (4.6). */
export interface FileData extends FileSource {
  readonly name?: unknown;
  readonly summary?: unknown;
  readonly sub_type?: unknown;
}

/** Reads what a segment of the account's wants sent. Throws with NapCat's texts where there is nothing to send. */
export async function takeFile(type: FileSegmentType, data: FileData, context: AccountContext): Promise<MediaPiece> {
  const { world, clock } = context;
  const { disk, keys } = filesOf(context);
  const find = (key: string): Media | undefined => keys.find(key, clock.now());
  const { bytes, name } = await openSource(data, { disk, find });
  if (type === "record" && !isVoice(bytes)) throw new ActionError("语音转换失败, 请检查语音文件是否正常");
  const kind = KINDS[type];
  const given = typeof data.name === "string" && data.name !== "" ? data.name : name;
  const contents = readContents(bytes, world.context.rules.keptMediaBytes);
  const media = world.media.library.add(contents, { kind, name: given ?? NAMES[kind] });
  return {
    kind: "media",
    media,
    ...(Number(data.sub_type) === 1 && { subType: 1 }),
    ...(typeof data.summary === "string" && { summary: data.summary }),
  };
}

/** A file as events and history tell of it (4.5), with an address that begins its life now; its key works from now on. */
export function encodeFile(piece: MediaPiece, context: AccountContext): Segment {
  const { media, subType = 0, summary = "" } = piece;
  const { clock, settings } = context;
  const key = filesOf(context).keys.register(keyOf(piece), media, clock.now());
  const file_size = String(media.contents.size);
  const url = (): string => urlOf(media, context);
  // 10.40: without the packet backend nobody asks QQ for the address of a voice message or a file.
  const packetUrl = settings.packetBackend ? { url: url() } : {};
  switch (media.kind) {
    case "image":
      return { type: "image", data: { summary, file: key, sub_type: subType, url: url(), file_size } };
    case "voice": {
      const file_size = String(recordBytes(media).length);
      return { type: "record", data: { file: key, path: `${TEMP_FOLDER}/${key}`, ...packetUrl, file_size } };
    }
    case "video":
      return { type: "video", data: { file: key, url: url(), file_size } };
    case "file":
      return { type: "file", data: { file: media.name, file_id: key, ...packetUrl, file_size } };
  }
}

/** `file` of the `group_upload` notice, whose id is another than the segment's (10.26); it works from now on too. */
export function encodeUpload(piece: MediaPiece, context: AccountContext): object {
  const { media, noticeId } = piece;
  const id = filesOf(context).keys.register(noticeId ?? `/${derivedId(media.id)}`, media, context.clock.now());
  return { id, name: media.name, size: media.contents.size, busid: 102 };
}

/** A new address of the file. */
export function urlOf(media: Media, { world, httpUrl }: AccountContext): string {
  return httpUrl + giveLink(world, media.kind === "voice" ? recordBytes(media) : media.contents.bytes);
}

/** Files go by an id of their own, everything else by a name that its bytes give it. */
export const keyOf = ({ media, fileId }: MediaPiece): string =>
  media.kind === "file" ? (fileId ?? `/${media.id}`) : hashName(media);

/** Another UUID that is always the same for the same one. */
const derivedId = (uuid: string): string =>
  createHash("md5")
    .update(uuid)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
