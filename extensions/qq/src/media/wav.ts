import { at, type Pcm } from "./pcm.ts";
import { UnsupportedMedia } from "./unsupported.ts";

/** Format tags (Microsoft, `mmreg.h`). */
const TAG = { pcm: 1, float: 3, aLaw: 6, muLaw: 7, extensible: 0xfffe };
/** Lengths from here on are what programs write that cannot go back to correct them. */
const UNKNOWN_LENGTH = 0x7fff_0000;
/** Frames of one piece. */
const PIECE = 8192;

interface WavFormat {
  readonly tag: number;
  readonly channels: number;
  readonly rate: number;
  /** Bytes of one sample of all channels. */
  readonly frame: number;
  readonly bits: number;
}

/** Reads RIFF/WAVE: PCM of 8 to 32 bits, float, A-law and mu-law. */
export function readWav(bytes: Uint8Array): Pcm {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: WavFormat | undefined;
  for (let position = 12; position + 8 <= bytes.length;) {
    const id = view.getUint32(position);
    const length = view.getUint32(position + 4, true);
    const start = position + 8;
    if (id === 0x666d7420) format = readFormat(view, start);
    if (id === 0x64617461) {
      if (format === undefined) throw new Error("its sound comes before its format");
      const rest = bytes.length - start;
      const known = length > 0 && length < UNKNOWN_LENGTH;
      if (known && length > rest) throw new Error("it ends early");
      return { rate: format.rate, pieces: pieces(view, format, start, start + (known ? length : rest)) };
    }
    position = start + length + (length & 1);
  }
  throw new Error("it has no sound");
}

function readFormat(view: DataView, start: number): WavFormat {
  if (start + 16 > view.byteLength) throw new Error("it ends early");
  const tag = view.getUint16(start, true);
  const extended = tag === TAG.extensible && start + 26 <= view.byteLength;
  const format = {
    tag: extended ? view.getUint16(start + 24, true) : tag,
    channels: view.getUint16(start + 2, true),
    rate: view.getUint32(start + 4, true),
    frame: view.getUint16(start + 12, true),
    bits: view.getUint16(start + 14, true),
  };
  if (format.channels === 0 || format.frame !== (format.channels * format.bits) / 8)
    throw new Error("its format makes no sense");
  return format;
}

function* pieces(view: DataView, format: WavFormat, start: number, end: number): Iterable<Float32Array> {
  const { channels, frame, bits } = format;
  const sample = sampleReader(view, format);
  for (let from = start; from + frame <= end; from += PIECE * frame) {
    const count = Math.floor(Math.min(PIECE * frame, end - from) / frame);
    const piece = new Float32Array(count);
    for (let i = 0; i < count; i += 1) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel += 1) sum += sample(from + i * frame + (channel * bits) / 8);
      piece[i] = sum / channels;
    }
    yield piece;
  }
}

/** Reads one sample at a place, ±1. */
function sampleReader(view: DataView, { tag, bits }: WavFormat): (place: number) => number {
  const readers: Record<string, (place: number) => number> = {
    [`${TAG.pcm}/8`]: (place) => (view.getUint8(place) - 128) / 128,
    [`${TAG.pcm}/16`]: (place) => view.getInt16(place, true) / 2 ** 15,
    [`${TAG.pcm}/24`]: (place) => (view.getUint16(place, true) + view.getInt8(place + 2) * 65_536) / 2 ** 23,
    [`${TAG.pcm}/32`]: (place) => view.getInt32(place, true) / 2 ** 31,
    [`${TAG.float}/32`]: (place) => view.getFloat32(place, true),
    [`${TAG.float}/64`]: (place) => view.getFloat64(place, true),
    [`${TAG.aLaw}/8`]: (place) => at(A_LAW, view.getUint8(place)),
    [`${TAG.muLaw}/8`]: (place) => at(MU_LAW, view.getUint8(place)),
  };
  const reader = readers[`${tag}/${bits}`];
  if (reader === undefined) throw new UnsupportedMedia("wav", `its samples are of kind ${tag} with ${bits} bits`);
  return reader;
}

/** ITU-T G.711. */
const A_LAW = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 15) << 4) + 8 + (exponent > 0 ? 256 : 0);
  return ((code & 128 ? 1 : -1) * (mantissa << Math.max(0, exponent - 1))) / 32_768;
});

const MU_LAW = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 255;
  const magnitude = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return ((code & 128 ? -1 : 1) * magnitude) / 32_768;
});
