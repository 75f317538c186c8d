import type { Clock } from "../clock.ts";
import type { ChatMedia, SayFile } from "../control.ts";
import type { Ids } from "../ids.ts";
import type { Contents } from "./contents.ts";
import { sniffFormat, type Format, type MediaKind } from "./formats.ts";
import type { MediaRules } from "./media-rules.ts";
import { measurePicture, measureVoice, type PictureSize } from "./measure.ts";

/** A file that somebody has sent, or that a bot has uploaded to send it. */
export interface Media {
  readonly id: string;
  readonly kind: MediaKind;
  readonly name: string;
  readonly contents: Contents;
  readonly format: Format | undefined;
  readonly picture: PictureSize | undefined;
  readonly durationMs: number | undefined;
  /** It was larger than its kind may be, and became a file. */
  readonly degraded: boolean;
  readonly hints: Hints;
}

/** What the sender of a voice message, or of any file, has said about how events tell of it. */
export type Hints = Pick<SayFile, "transcript" | "wav" | "contentType">;

/** The files of the world, and the addresses under which QQ hands them out. */
export interface Library {
  add(contents: Contents, as: { kind: MediaKind; name: string; degraded?: boolean; hints?: Hints }): Media;
  find(id: string): Media | undefined;
  /**
   * An address for the file, without scheme and host; it ends after `mediaUrlMs`. `ending` is that of its name; the
   * bytes of another rendering (`voice_wav_url`) can stand in for the file's own.
   */
  link(media: Media, ending: string, bytes?: Buffer): string;
  /** What an address leads to; `undefined` when it was never given out, or is over. */
  open(name: string, rkey: string): { readonly media: Media; readonly bytes: Buffer | undefined } | undefined;
  clear(): void;
}

interface Link {
  readonly media: Media;
  readonly name: string;
  readonly until: number;
  readonly bytes: Buffer | undefined;
}

export function createLibrary({ clock, ids, rules }: { clock: Clock; ids: () => Ids; rules: MediaRules }): Library {
  const all = new Map<string, Media>();
  const links = new Map<string, Link>();
  return {
    add(contents, { kind, name, degraded = false, hints = {} }) {
      const format = sniffFormat(contents.head);
      const whole = contents.bytes ?? contents.head;
      const media: Media = {
        id: ids().uuid(),
        kind,
        name,
        contents,
        format,
        picture: measurePicture(format, whole),
        durationMs: contents.bytes && measureVoice(format, contents.bytes),
        degraded,
        hints,
      };
      all.set(media.id, media);
      return media;
    },
    find: (id) => all.get(id),
    link(media, ending, bytes = media.contents.bytes) {
      const rkey = ids().token();
      const name = `${media.contents.md5}.${ending}`;
      links.set(rkey, { media, name, until: clock.now() + rules.mediaUrlMs, bytes });
      return `/download/${name}?appid=1406&rkey=${rkey}`;
    },
    open(name, rkey) {
      const link = links.get(rkey);
      return link?.name === name && clock.now() < link.until ? link : undefined;
    },
    clear() {
      all.clear();
      links.clear();
    },
  };
}

/** A file as a chat shows it. */
export const encodeChatMedia = ({ id, kind, name, contents, durationMs, degraded }: Media): ChatMedia => ({
  kind,
  name,
  size: contents.size,
  sha256: contents.sha256,
  url: `/_emulator/media/${id}`,
  ...(kind === "voice" && durationMs !== undefined && { durationMs }),
  ...(degraded && { degraded: true }),
  ...(contents.bytes === undefined && { notKept: true }),
});
