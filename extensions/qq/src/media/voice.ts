import { convert } from "./conversion.ts";
import type { Job } from "./job.ts";
import { MAX_VOICE_BYTES } from "./limits.ts";
import { toTencent } from "./silk-frames.ts";
import { sniff } from "./sniff.ts";
import { UnsupportedMedia } from "./unsupported.ts";

export { UnsupportedMedia };

/** A voice as QQ plays it in a bubble. */
export interface SilkVoice {
  readonly silk: Uint8Array;
  readonly durationMs: number;
}

/**
 * Makes Tencent SILK (24 kHz, one channel) of wav, mp3, ogg with Opus or Vorbis, m4a and aac, in a thread of its own; SILK
 * comes back as it is, with the leading byte that Tencent wants. Throws `UnsupportedMedia` for what cannot be converted,
 * and the signal's reason once that aborts.
 */
export async function toSilk(bytes: Uint8Array, signal?: AbortSignal): Promise<SilkVoice> {
  const { format } = sniff(bytes);
  if (format === "silk") return toTencent(bytes);
  const { bytes: silk, durationMs } = await run({ kind: "encode", bytes, format }, format, signal);
  return { silk, durationMs };
}

/** Makes WAV (24 kHz, one channel, 16 bits) of SILK, with or without Tencent's leading byte. Throws as `toSilk` does. */
export async function fromSilk(bytes: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
  const { format } = sniff(bytes);
  if (format !== "silk") throw new UnsupportedMedia(format, "it is not SILK");
  return (await run({ kind: "decode", bytes }, format, signal)).bytes;
}

async function run(
  job: Job,
  format: string,
  signal?: AbortSignal,
): Promise<{ readonly bytes: Uint8Array; readonly durationMs: number }> {
  if (job.bytes.length > MAX_VOICE_BYTES) throw new UnsupportedMedia(format, "it is too large");
  const outcome = await convert(job, signal);
  if (outcome.ok) return outcome;
  throw new UnsupportedMedia(outcome.format ?? format, outcome.why);
}
