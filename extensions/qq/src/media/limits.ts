/** What QQ tells apart in an upload; `file_type` 1 to 4. */
export type UploadKind = "image" | "video" | "voice" | "file";

export interface MediaLimit {
  /** Above this QQ shows a file card instead, bytes. */
  readonly softBytes: number;
  /** Above this QQ refuses with 850031, bytes. */
  readonly hardBytes: number;
  /** Formats that QQ takes as this kind, as `sniff` names them; any for files. */
  readonly formats?: readonly string[];
}

const MB = 1024 * 1024;
const HARD_BYTES = 200 * MB;

/** Sizes and formats of official bots (QQ, "Rich media", page and overview of 2026-09). */
export const MEDIA_LIMITS: Readonly<Record<UploadKind, MediaLimit>> = {
  image: { softBytes: 20 * MB, hardBytes: HARD_BYTES, formats: ["png", "jpg", "gif", "webp", "bmp"] },
  video: { softBytes: 30 * MB, hardBytes: HARD_BYTES, formats: ["mp4"] },
  voice: { softBytes: 20 * MB, hardBytes: HARD_BYTES, formats: ["silk"] },
  file: { softBytes: HARD_BYTES, hardBytes: HARD_BYTES },
};

/** Larger videos go as files on personal accounts, bytes (onebot-napcat.md 8.1, from NapCat's documents). */
export const MAX_ONEBOT_VIDEO_BYTES = 100 * MB;

/** Longest voice that is converted, ms; QQ publishes no number. It bounds memory and time: five minutes are 14 MB of samples. */
export const MAX_VOICE_MS = 5 * 60_000;

/** Longest source of a voice, bytes: what QQ takes as a voice at all. */
export const MAX_VOICE_BYTES = 20 * MB;

/** When a conversion is given up, ms. Five minutes of voice take some 10 s of one core of 2026. */
export const CONVERSION_MS = 120_000;
