import { QQMediaError, QQProtocolError } from "../../errors.ts";
import type { MediaFile, UploadedMedia } from "../../message/outbound.ts";
import type { GuildMessage } from "../../protocol/official/messages.ts";
import { readExactly } from "./file-digests.ts";

/**
 * Largest picture in a guild chat, bytes. QQ publishes no number and refuses with 304020 what is larger than it likes;
 * this bounds what is held in memory until the send.
 */
const MAX_GUILD_IMAGE_BYTES = 10 * 1024 * 1024;

/** Reads a picture for a guild chat. These have no upload and take no other kind of file (QQ, "Guild messages"). */
export async function holdGuildImage(file: MediaFile, signal?: AbortSignal): Promise<UploadedMedia> {
  if (file.kind !== "image" || file.size > MAX_GUILD_IMAGE_BYTES) throw notInGuilds();
  const bytes = await readExactly(file, 0, file.size, signal);
  return { kind: "image", name: file.name, bytes: new Uint8Array(bytes) };
}

/** The fields of a guild message beside its picture. */
export type GuildFields = Pick<GuildMessage, "msg_id" | "event_id" | "message_reference"> & {
  readonly content?: string;
};

/** A guild message with a picture, as multipart form data: objects in it are JSON (QQ, "Guild messages"). */
export function encodeGuildMedia(media: UploadedMedia, fields: GuildFields): FormData {
  if (media.bytes === undefined)
    throw new QQProtocolError("a file uploaded for C2C or groups cannot go to a guild chat");
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.append(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  form.append("file_image", new Blob([media.bytes]), media.name);
  return form;
}

function notInGuilds(): QQMediaError {
  return new QQMediaError({
    en: "guild chats (频道) take pictures of up to 10 MB and no other files; send a link to it, or send it in a C2C or group chat",
    zh: "频道只能发送 10 MB 以内的图片，不能发送其他文件；请改为发送链接，或在单聊、群聊中发送",
  });
}
