import { sniffFormat, type Format } from "../../media/formats.ts";
import type { Media } from "../../media/library.ts";
import { silentSilk, silentWav } from "../../media/voice.ts";

/** Length of voice whose format does not tell its own, ms. */
const UNKNOWN_MS = 1000;
/** 6.5: what `get_record` converts to. */
export const RECORD_FORMATS = ["mp3", "amr", "wma", "m4a", "spx", "ogg", "wav", "flac"] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];

export const isRecordFormat = (text: unknown): text is RecordFormat =>
  (RECORD_FORMATS as readonly unknown[]).includes(text);

/** A voice message as QQ keeps it: SILK or AMR (8.1), or silence of its length where the emulator would have to encode. */
export function recordBytes({ contents, format, durationMs = UNKNOWN_MS }: Media): Buffer {
  const isOwn = format === "silk" || format === "amr";
  return isOwn && contents.bytes ? contents.bytes : silentSilk(durationMs);
}

/**
 * A voice message in another format: its own bytes where they have it, else silence of its length. `undefined` where the
 * emulator can do neither.
 */
export function convertVoice(
  { contents, format, durationMs = UNKNOWN_MS }: Media,
  to: RecordFormat,
): Buffer | undefined {
  if (format === to && contents.bytes) return contents.bytes;
  if (to === "wav") return silentWav(durationMs);
  return to === "mp3" ? silentMp3(durationMs) : undefined;
}

/** MPEG 1 layer III, 32 kbit/s, 44.1 kHz, one channel, no checksum: a frame is 104 bytes and 1152 samples long. */
const MP3_HEAD = [0xff, 0xfb, 0x10, 0xc4];
const MP3_FRAME_BYTES = 104;
const MP3_FRAME_MS = (1152 / 44_100) * 1000;

/** Silence as MP3: side information of zeros says that nothing follows. */
function silentMp3(ms: number): Buffer {
  const frame = Buffer.alloc(MP3_FRAME_BYTES);
  frame.set(MP3_HEAD);
  return Buffer.concat(Array.from({ length: Math.ceil(ms / MP3_FRAME_MS) }, () => frame));
}

/** Formats that ffmpeg takes and `sniffFormat` does not know, by their first bytes or those after the first four. */
const MORE_SOUND = /^(?:fLaC|.{4}ftyp|\xff[\xf1\xf9]|\x30\x26\xb2\x75)/s;
const SOUND: ReadonlySet<Format | undefined> = new Set<Format>(["silk", "amr", "mp3", "wav", "ogg", "mp4"]);

/** Whether NapCat's ffmpeg makes SILK of it (8.1). */
export const isVoice = (bytes: Buffer): boolean =>
  SOUND.has(sniffFormat(bytes)) || MORE_SOUND.test(bytes.toString("latin1", 0, 12));
