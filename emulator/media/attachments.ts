import { mimeOf } from "./formats.ts";
import type { Library, Media } from "./library.ts";
import { silentSilk, silentWav } from "./voice.ts";

/** A file in an event (qq-official.md 4.1). */
export interface Attachment {
  readonly content_type: string;
  readonly url: string;
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
  readonly voice_wav_url?: string;
  readonly asr_refer_text?: string;
  /** Undocumented, and seen on images only. */
  readonly content?: "";
}

/** Length of voice whose format does not tell its own, ms. */
const UNKNOWN_VOICE_MS = 1000;

/** A file as an event tells of it, with addresses that begin their life now. */
export function encodeAttachment(media: Media, library: Library, origin: string): Attachment {
  const { kind, name, contents, hints } = media;
  const content_type = hints.contentType ?? contentTypeOf(media);
  if (kind === "voice") return { content_type, ...encodeVoice(media, library, origin) };
  return {
    content_type,
    url: origin + library.link(media, endingOf(media)),
    filename: name,
    size: contents.size,
    ...media.picture,
    ...(kind === "image" && { content: "" }),
  };
}

/** The address is of SILK named `.amr`, whatever the sender's device recorded. */
function encodeVoice(media: Media, library: Library, origin: string): Omit<Attachment, "content_type"> {
  const { contents, format, hints, durationMs = UNKNOWN_VOICE_MS } = media;
  const isOwn = format === "silk" || format === "amr";
  const silk = isOwn && contents.bytes ? contents.bytes : silentSilk(durationMs);
  const wav = format === "wav" && contents.bytes ? contents.bytes : silentWav(durationMs);
  return {
    url: origin + library.link(media, "amr", silk),
    filename: `${contents.md5}.amr`,
    size: silk.length,
    ...(hints.wav !== false && { voice_wav_url: origin + library.link(media, "wav", wav) }),
    ...(hints.transcript !== undefined && { asr_refer_text: hints.transcript }),
  };
}

/** Guilds leave the scheme of an address out (qq-official.md 4.1). */
export const withoutScheme = (attachment: Attachment): Attachment => ({
  ...attachment,
  url: attachment.url.replace(/^https?:\/\//, ""),
});

function contentTypeOf({ kind, format }: Media): string {
  if (kind === "voice" || kind === "file") return kind;
  if (kind === "video") return "video/mp4";
  const type = mimeOf(format);
  return type.startsWith("image/") ? type : "image/jpeg";
}

const endingOf = ({ name, format }: Media): string =>
  /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? format ?? "bin";
