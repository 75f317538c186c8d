import { MPEGDecoder } from "mpg123-decoder";
import { mixPlanar, type Pcm } from "./pcm.ts";

/** Bytes decoded at a time. */
const PIECE = 16_384;

/** Decodes MPEG layer I to III. What the encoder added before and after, and said so, is cut off. */
export async function readMp3(bytes: Uint8Array): Promise<Pcm> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const sound = decode(decoder, bytes)[Symbol.iterator]();
  let first = sound.next();
  while (first.value !== undefined && first.value.rate === 0) first = sound.next();
  if (first.value === undefined) throw new Error("it has no frame");
  return { rate: first.value.rate, pieces: join(first.value.samples, sound) };
}

interface Piece {
  readonly rate: number;
  readonly samples: Float32Array;
}

function* decode(decoder: MPEGDecoder, bytes: Uint8Array): Generator<Piece, undefined> {
  for (let i = 0; i < bytes.length; i += PIECE) {
    const { channelData, sampleRate, samplesDecoded, errors } = decoder.decode(bytes.subarray(i, i + PIECE));
    const [error] = errors;
    if (error !== undefined) throw new Error(error.message);
    yield { rate: samplesDecoded > 0 ? sampleRate : 0, samples: mixPlanar(channelData) };
  }
}

function* join(first: Float32Array, rest: Iterator<Piece>): Iterable<Float32Array> {
  yield first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value.samples;
}
