import type { Media } from "../../media/library.ts";

/** 6.5: what the table holds, and how long a key lives after it was last used, ms. */
const KEPT_KEYS = 5000;
const KEY_MS = 24 * 60 * 60_000;

/** The `file` and `file_id` texts that a NapCat has given out; forgotten with a restart (6.5, 10.20). `now`: ms. */
export interface FileKeys {
  /** Answers the key. The newest file with it wins. */
  register(key: string, media: Media, now: number): string;
  /** Looking a key up lets it live on. */
  find(key: string, now: number): Media | undefined;
}

export function createFileKeys(): FileKeys {
  const table = new Map<string, { readonly media: Media; readonly until: number }>();
  const register = (key: string, media: Media, now: number): string => {
    table.delete(key);
    table.set(key, { media, until: now + KEY_MS });
    const [oldest] = table.keys();
    if (table.size > KEPT_KEYS && oldest !== undefined) table.delete(oldest);
    return key;
  };
  return {
    register,
    find(key, now) {
      const entry = table.get(key);
      if (!entry || now >= entry.until) return undefined;
      register(key, entry.media, now);
      return entry.media;
    },
  };
}

/** 4.5: pictures go by the upper-case MD5 of their bytes, voice and videos by the same in lower case. */
export function hashName({ kind, contents, format, name }: Media): string {
  if (kind === "image") return `${contents.md5.toUpperCase()}.${format ?? endingOf(name) ?? "jpg"}`;
  return `${contents.md5}.${kind === "voice" ? "amr" : "mp4"}`;
}

const endingOf = (name: string): string | undefined => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase();
