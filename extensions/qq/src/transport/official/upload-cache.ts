import type { MediaKind, UploadedMedia } from "../../message/outbound.ts";
import type { V2Scene } from "../../protocol/official/endpoints.ts";
import type { Clock } from "../clock.ts";

/** The same file in the same kind of chat. */
export interface UploadKey {
  readonly scene: V2Scene;
  readonly kind: MediaKind;
  /** Bytes. */
  readonly size: number;
  readonly sha1: string;
}

/**
 * Uploads of one account that can be shown again. A `file_info` is good for every chat of its scene, C2C or groups
 * (QQ, "Rich media"). In memory: after a restart a file is uploaded once more.
 */
export interface UploadCache {
  find(key: UploadKey, name: string): UploadedMedia | undefined;
  /** `ttl` in s as the platform gave it: 0 has no end, and without one nobody knows. */
  keep(key: UploadKey, name: string, media: UploadedMedia, ttl: number | undefined): void;
  forget(media: UploadedMedia): void;
}

/** Taken off the life that QQ gives, ms: the send comes after, and may wait for its turn. */
const MARGIN_MS = 30_000;
/** Longest life, ms: QQ says of `ttl` 0 only that it is long. */
const LONGEST_MS = 24 * 3_600_000;
const MAX_UPLOADS = 200;

interface Entry {
  readonly name: string;
  readonly media: UploadedMedia;
  readonly until: number;
}

export function createUploadCache(clock: Clock): UploadCache {
  const entries = new Map<string, Entry>();
  return {
    find(key, name) {
      const id = idOf(key);
      const entry = entries.get(id);
      if (!entry) return undefined;
      if (entry.until <= clock.now()) {
        entries.delete(id);
        return undefined;
      }
      // The name belongs to the upload, and a file shows it.
      return entry.media.kind === "file" && entry.name !== name ? undefined : entry.media;
    },
    keep(key, name, media, ttl) {
      if (ttl === undefined) return;
      const life = ttl === 0 ? LONGEST_MS : Math.min(ttl * 1000 - MARGIN_MS, LONGEST_MS);
      if (life <= 0) return;
      const id = idOf(key);
      entries.delete(id);
      entries.set(id, { name, media, until: clock.now() + life });
      const [oldest] = entries.keys();
      if (entries.size > MAX_UPLOADS && oldest !== undefined) entries.delete(oldest);
    },
    forget(media) {
      for (const [id, entry] of entries) {
        if (entry.media.fileInfo !== undefined && entry.media.fileInfo === media.fileInfo) entries.delete(id);
      }
    },
  };
}

function idOf({ scene, kind, size, sha1 }: UploadKey): string {
  return `${scene} ${kind} ${size} ${sha1}`;
}
