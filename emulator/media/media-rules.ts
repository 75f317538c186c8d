import type { Format, MediaKind } from "./formats.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MB = 1024 * 1024;

/** Numbers of files, part of `Rules`. Sections are those of qq-official.md; all sizes are bytes. */
export interface MediaRules {
  /** 6.1: life of a file_info; 0 for no end. The answer tells it in seconds. */
  readonly fileInfoMs: number;
  /** 6.1: how long the platform waits for the address of a file. */
  readonly fetchMs: number;
  /** 6.2: what a voice message may be. Other bots get more than this: 6.2 lists mp3, wav and ogg too. */
  readonly voiceFormats: readonly Format[];
  /** 6.2: above this a file is shown as a file, whatever it is. */
  readonly softBytes: Readonly<Record<MediaKind, number>>;
  /** 6.2: above this nothing is taken. */
  readonly hardBytes: number;
  /** 6.2: what a bot may upload in a day, which begins at 00:00 Beijing time (INF). */
  readonly dayBytes: number;
  /** 10: largest body of a call, parts of uploads aside. */
  readonly bodyBytes: number;
  /** 6.3: size of each part but the last. */
  readonly partBytes: number;
  /** 6.3: how long a chunked upload may take from its beginning (INF). */
  readonly uploadMs: number;
  /** 4.1: life of the address of an attachment (INF). */
  readonly mediaUrlMs: number;
  /** Of a larger file that a bot sends only the size and digests are kept. The emulator's own. */
  readonly keptMediaBytes: number;
}

export const strictMediaRules: MediaRules = {
  fileInfoMs: 300 * SECOND,
  fetchMs: 5 * SECOND,
  voiceFormats: ["silk"],
  softBytes: { image: 20 * MB, video: 30 * MB, voice: 20 * MB, file: 200 * MB },
  hardBytes: 200 * MB,
  dayBytes: 2048 * MB,
  bodyBytes: 32 * MB,
  partBytes: 5 * MB,
  uploadMs: 60 * MINUTE,
  mediaUrlMs: 10 * MINUTE,
  keptMediaBytes: 8 * MB,
};
