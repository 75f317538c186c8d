import { decode, encode } from "silk-wasm";
import { MAX_VOICE_MS } from "./limits.ts";
import { trim, type Pcm } from "./pcm.ts";
import { resample } from "./resample.ts";
import { checkSilk, toTencent } from "./silk-frames.ts";
import { UnsupportedMedia } from "./unsupported.ts";
import { writeWav } from "./write-wav.ts";

/** Samples a second of the SILK we make, as Tencent's own plugins do (spec of the platform, 6.2), and of the WAV. */
const RATE = 24_000;
/** The encoder takes whole packets of 20 ms. */
const PACKET = RATE / 50;
const MAX_SAMPLES = (MAX_VOICE_MS / 1000) * RATE;

/** Decoders by the format that `sniff` names; each is loaded when it is needed. */
const READERS: Readonly<Record<string, (bytes: Uint8Array) => Promise<Pcm>>> = {
  wav: async (bytes) => (await import("./wav.ts")).readWav(bytes),
  mp3: async (bytes) => (await import("./mp3.ts")).readMp3(bytes),
  "ogg-opus": async (bytes) => (await import("./opus.ts")).readOpus(bytes),
  "ogg-vorbis": async (bytes) => (await import("./vorbis.ts")).readVorbis(bytes),
  aac: async (bytes) => (await import("./aac/sound.ts")).readAac(bytes),
  m4a: async (bytes) => (await import("./aac/sound.ts")).readM4a(bytes),
};

/** Makes SILK of another format. Takes seconds of CPU for a minute of sound: run it in a worker. */
export async function encodeVoice(
  bytes: Uint8Array,
  format: string,
): Promise<{ silk: Uint8Array; durationMs: number }> {
  const reader = READERS[format];
  if (reader === undefined) throw new UnsupportedMedia(format, "there is no decoder for it");
  const samples = collect(await reader(bytes), format);
  const { data } = await encode(samples, RATE);
  return { silk: toTencent(data).silk, durationMs: (samples.length / RATE) * 1000 };
}

/** Makes WAV of SILK, 24 kHz, one channel of 16 bits. */
export async function decodeVoice(bytes: Uint8Array): Promise<Uint8Array> {
  checkSilk(bytes);
  const { data } = await decode(toTencent(bytes).silk, RATE);
  return writeWav(data, RATE);
}

/** All of a voice in 16 bits at 24 kHz, filled up to a whole packet with silence. */
function collect(pcm: Pcm, format: string): Int16Array {
  if (pcm.rate < 4_000 || pcm.rate > 384_000) throw new UnsupportedMedia(format, `it has ${pcm.rate} samples a second`);
  const pieces: Int16Array[] = [];
  let total = 0;
  for (const piece of trim(resample(pcm, RATE), 0, MAX_SAMPLES + 1)) {
    pieces.push(Int16Array.from(piece, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)))));
    total += piece.length;
  }
  if (total === 0) throw new UnsupportedMedia(format, "it has no sound");
  if (total > MAX_SAMPLES) throw new UnsupportedMedia(format, `it is longer than ${MAX_VOICE_MS / 60_000} minutes`);
  const samples = new Int16Array(Math.ceil(total / PACKET) * PACKET);
  let place = 0;
  for (const piece of pieces) {
    samples.set(piece, place);
    place += piece.length;
  }
  return samples;
}
