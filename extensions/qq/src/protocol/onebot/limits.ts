const MIB = 1024 * 1024;

/** Largest frame that NapCat takes, bytes; it closes with 1009 at a larger one (`onebot-napcat.md` 1.2). */
export const MAX_FRAME_BYTES = 50 * MIB;

/** Longest text of a message, UTF-16 units: what older libraries of QQ's protocol enforced (`onebot-napcat.md` 7.1). */
export const MAX_ONEBOT_TEXT_UNITS = 4500;

/** NapCat's own wait for QQ to confirm a message, with its default settings (`onebot-napcat.md` 1.1 and 7.2). */
const BASE_MS = 10_000;
const BYTES_PER_MS = (256 * 1024) / 1000;
const LONGEST_MS = 30 * 60_000;

/** How long NapCat waits for QQ to confirm a message with `mediaBytes` of media in it, ms. */
export function sendTimeoutMs(mediaBytes: number): number {
  return Math.min(BASE_MS + Math.ceil(mediaBytes / BYTES_PER_MS), LONGEST_MS);
}
