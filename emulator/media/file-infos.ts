import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Scene } from "../passive.ts";
import { demand } from "../refusal.ts";
import type { Media } from "./library.ts";
import type { MediaRules } from "./media-rules.ts";

interface Entry {
  readonly bot: string;
  readonly scene: Scene;
  readonly media: Media;
  readonly until: number;
}

/** The `file_info` texts that were given out: each lets one bot send one file in one scene, to anybody (qq-official.md 6.1). */
export interface FileInfos {
  issue(bot: string, scene: Scene, media: Media): string;
  /** The file behind it; refuses with 304080 one that is unknown, over, or of another bot or scene. */
  redeem(bot: string, scene: Scene, fileInfo: string): Media;
  clear(): void;
}

export function createFileInfos({ clock, ids, rules }: { clock: Clock; ids: () => Ids; rules: MediaRules }): FileInfos {
  const issued = new Map<string, Entry>();
  return {
    issue(bot, scene, media) {
      const fileInfo = ids().token();
      const life = rules.fileInfoMs === 0 ? Number.POSITIVE_INFINITY : rules.fileInfoMs;
      issued.set(fileInfo, { bot, scene, media, until: clock.now() + life });
      return fileInfo;
    },
    redeem(bot, scene, fileInfo) {
      const entry = issued.get(fileInfo);
      demand(entry?.bot === bot && entry.scene === scene && clock.now() < entry.until, 304080);
      return entry.media;
    },
    clear: () => issued.clear(),
  };
}
