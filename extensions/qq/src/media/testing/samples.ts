import { readFileSync } from "node:fs";

/**
 * Small files of sound, made once with FFmpeg 5.1 (`-fflags +bitexact -flags:a +bitexact -map_metadata -1`):
 * `tone.*`: `aevalsrc=0.5*sin(2*PI*440*t):d=0.8:s=44100`, two such channels (aac: one), with libmp3lame, libvorbis, libopus, aac.
 * `clicks.m4a`: 0.36 s at 22,050 Hz of clicks of 4 kHz over a soft tone with noise, two channels, `-aac_pns 0 -b:a 64k`; its
 * frames have windows of every kind, TNS, intensity and mid-side stereo. `clicks.s16` is how FFmpeg decodes it, mixed to one.
 */
export function readSample(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`./${name}`, import.meta.url)));
}

/** What the tones have in common. */
export const TONE = { frequency: 440, amplitude: 0.5, ms: 800 };

/** A sine of one channel. */
export function sine(frequency: number, amplitude: number, seconds: number, rate: number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * rate) }, (_, n) => {
    return amplitude * Math.sin((2 * Math.PI * frequency * n) / rate);
  });
}

/** A sine as a WAV file of 16 bits; every channel the same. */
export function sineWav(frequency: number, amplitude: number, seconds: number, rate: number, channels = 1): Uint8Array {
  const samples = sine(frequency, amplitude, seconds, rate);
  const data = Int16Array.from({ length: samples.length * channels }, (_, i) => {
    return Math.round((samples[Math.floor(i / channels)] ?? 0) * 32_767);
  });
  return wavOf({ tag: 1, channels, rate, bits: 16 }, new Uint8Array(data.buffer));
}

export interface WavHeader {
  readonly tag: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
  /** What the header says; the true one without it. */
  readonly length?: number;
}

/** RIFF/WAVE of any kind around the bytes of its samples. */
export function wavOf({ tag, channels, rate, bits, length }: WavHeader, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(tag, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE((rate * channels * bits) / 8, 28);
  head.writeUInt16LE((channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write("data", 36);
  head.writeUInt32LE(length ?? data.length, 40);
  return new Uint8Array(Buffer.concat([head, data]));
}

/** How strong one frequency is among samples: the amplitude of a sine of it (Goertzel). */
export function strength(samples: Float32Array, frequency: number, rate: number): number {
  const step = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let before = 0;
  let last = 0;
  for (const sample of samples) [before, last] = [last, sample + step * last - before];
  const power = last ** 2 + before ** 2 - step * last * before;
  return (2 * Math.sqrt(Math.max(0, power))) / samples.length;
}

/** The strongest of the frequencies from 100 Hz to 10 kHz in steps of 20 Hz. */
export function dominant(samples: Float32Array, rate: number): number {
  const candidates = Array.from({ length: 496 }, (_, i) => 100 + 20 * i);
  const strengths = candidates.map((frequency) => strength(samples, frequency, rate));
  return candidates[strengths.indexOf(Math.max(...strengths))] ?? 0;
}

/** All pieces as one. */
export function flatten(pieces: Iterable<Float32Array>): Float32Array {
  return Float32Array.from([...pieces].flatMap((piece) => [...piece]));
}

/** Little-endian samples of 16 bits, ±1. */
export function fromS16(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(2 * i, true) / 32_768);
}
