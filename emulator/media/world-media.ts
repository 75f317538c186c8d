import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import { createDayVolume, type DayVolume } from "./day-volume.ts";
import { createFileInfos, type FileInfos } from "./file-infos.ts";
import { createLibrary, type Library } from "./library.ts";
import type { MediaRules } from "./media-rules.ts";
import { createUploads, type Uploads } from "./uploads.ts";

/** Everything that the emulated QQ knows of files. */
export interface WorldMedia {
  readonly library: Library;
  readonly fileInfos: FileInfos;
  readonly uploads: Uploads;
  readonly volume: DayVolume;
  clear(): void;
}

export function createWorldMedia(context: { clock: Clock; ids: () => Ids; rules: MediaRules }): WorldMedia {
  const library = createLibrary(context);
  const fileInfos = createFileInfos(context);
  const uploads = createUploads(context);
  const volume = createDayVolume(context);
  return {
    library,
    fileInfos,
    uploads,
    volume,
    clear() {
      for (const each of [library, fileInfos, uploads, volume]) each.clear();
    },
  };
}
