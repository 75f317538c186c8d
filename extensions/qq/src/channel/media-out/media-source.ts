import { extensionForMime } from "openclaw/plugin-sdk/media-mime";
import { QQError, QQTransportError } from "../../errors.ts";
import type { AnswerMedia } from "../../journal/parked.ts";
import { MAX_ONEBOT_VIDEO_BYTES, MAX_VOICE_BYTES, MEDIA_LIMITS } from "../../media/limits.ts";
import { sniff, type Sniffed } from "../../media/sniff.ts";
import { toSilk, UnsupportedMedia } from "../../media/voice.ts";
import type { MediaFile, MediaKind } from "../../message/outbound.ts";
import { heldBytes, refuseTooLarge, unreadable, type SourceBytes } from "./media-bytes.ts";
import { openLocal, type MediaAccess } from "./media-local.ts";
import { safeName, withExtension } from "./media-names.ts";
import { openRemote } from "./media-remote.ts";
import type { RunningAccount } from "../running.ts";
import { outboundOrigin } from "../trusted-origin.ts";

export type { MediaAccess };

/** A file of an answer, open until `close`. */
export interface OpenMedia extends MediaFile {
  close(): Promise<void>;
}

/** Read to tell what a file is, bytes: all signatures lie in the first, the tracks of most MP4 files too. */
const HEAD_BYTES = 64 * 1024;

/**
 * Opens a file that an answer names: a path that the host allows, an address, or a `data:` URL. Nothing of it is read
 * that QQ would refuse by its size. Rejects with a `QQMediaError` that says what to do.
 */
export async function openMedia(
  media: AnswerMedia,
  access: MediaAccess | undefined,
  running: Pick<RunningAccount, "clock" | "current" | "log">,
  signal?: AbortSignal,
): Promise<OpenMedia> {
  const source = media.source.trim();
  const bytes = await openSource(source, access, running, signal);
  try {
    const sniffed = sniff(await bytes.read(0, Math.min(bytes.size, HEAD_BYTES)));
    const name = safeName(bytes.name, extensionOf(sniffed, bytes.mime));
    const kind = kindOf(sniffed, media);
    const { account } = running.current();
    const isOneBot = account.transport === "onebot";
    const file: OpenMedia = {
      ...bytes,
      kind: isOneBot && kind === "video" && bytes.size > MAX_ONEBOT_VIDEO_BYTES ? "file" : kind,
      name,
      // It was fetched without trust in any origin: whoever reads it, it is public.
      ...(isOneBot && /^https?:\/\//i.test(source) && { address: source }),
    };
    return file.kind === "voice" ? await convertVoice(file, running, signal) : file;
  } catch (error) {
    await bytes.close();
    if (error instanceof QQError) throw error;
    throw signal?.aborted
      ? new QQTransportError("the file was given up", { cause: error })
      : unreadable({ en: "the file cannot be read; send it again", zh: "文件无法读取；请重新发送" }, error);
  }
}

async function openSource(
  source: string,
  access: MediaAccess | undefined,
  { clock, current }: Pick<RunningAccount, "clock" | "current">,
  signal: AbortSignal | undefined,
): Promise<SourceBytes> {
  if (/^data:/i.test(source)) return openData(source);
  if (!/^https?:\/\//i.test(source)) return await openLocal(source, access ?? {});
  return await openRemote(source, { clock, apiBaseUrl: outboundOrigin(current().account), signal });
}

/** `data:[type][;base64],...` (RFC 2397). Refused by its length before it is decoded. */
function openData(source: string): SourceBytes {
  const [head = "", body] = source.slice(0, 1024).split(",", 2);
  if (body === undefined)
    throw unreadable({ en: "the data: URL has no data; send a path", zh: "data: URL 没有内容；请改为发送路径" });
  const data = source.slice(head.length + 1);
  const isBase64 = /;base64$/i.test(head);
  refuseTooLarge(isBase64 ? Math.floor((data.length * 3) / 4) : data.length / 3);
  const bytes = isBase64 ? Buffer.from(data, "base64") : decodePercent(data);
  const mime = /^data:([\w.+-]+\/[\w.+-]+)/i.exec(head)?.[1];
  return heldBytes(bytes, { name: "", ...(mime !== undefined && { mime }) });
}

function decodePercent(data: string): Buffer {
  const bytes = data.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}

/**
 * How QQ shows a file, by what its bytes are: what only calls itself a picture would be refused. Sound is a voice where
 * the agent asks for one, and when it is SILK, which nobody can play as a file. Other sound stays a file: on QQ a voice
 * is 24 kHz, without a name and not to be kept, which is right for speech and wrong for music.
 */
function kindOf({ kind, format }: Sniffed, { asFile, asVoice }: AnswerMedia): MediaKind {
  if (asFile) return "file";
  if (kind === "audio") return asVoice || format === "silk" ? "voice" : "file";
  if (kind !== "image" && kind !== "video") return "file";
  return MEDIA_LIMITS[kind].formats?.includes(format) ? kind : "file";
}

/** Makes SILK, the one format that every bot can send as a voice. What cannot be converted stays the file it is. */
async function convertVoice(
  file: OpenMedia,
  { log }: Pick<RunningAccount, "log">,
  signal: AbortSignal | undefined,
): Promise<OpenMedia> {
  const original: OpenMedia = { ...file, kind: "file" };
  if (file.size > MAX_VOICE_BYTES) return original;
  try {
    const { silk } = await toSilk(await file.read(0, file.size), signal);
    const bytes = heldBytes(silk, { name: withExtension(file.name, "silk") });
    return { ...bytes, kind: "voice", original, close: async () => file.close() };
  } catch (error) {
    if (!(error instanceof UnsupportedMedia)) throw error;
    log.info(`voice goes as a file format=${error.format} why="${error.message}"`);
    return original;
  }
}

/** For a name that has none: by the bytes, else by what the source says. Without a dot. */
function extensionOf({ format }: Sniffed, mime: string | undefined): string {
  if (format.startsWith("ogg")) return "ogg";
  return format === "bin" ? (extensionForMime(mime) ?? "").replace(/^\./, "") : format;
}
