import { OpusDecoder } from "opus-decoder";
import { readOgg } from "./ogg.ts";
import { at, mixPlanar, trim, type Pcm } from "./pcm.ts";
import { UnsupportedMedia } from "./unsupported.ts";

const RATE = 48_000;
/** Packets decoded at a time. */
const BATCH = 50;

interface OpusHead {
  readonly channels: number;
  /** Samples at 48 kHz that the encoder put before the sound. */
  readonly preSkip: number;
  /** Factor on every sample. */
  readonly gain: number;
}

/** Decodes Opus in Ogg (RFC 7845) of one or two channels. */
export async function readOpus(bytes: Uint8Array): Promise<Pcm> {
  const { packets, end } = readOgg(bytes);
  const head = readHead(packets[0] ?? new Uint8Array(0));
  const decoder = new OpusDecoder({ channels: head.channels, sampleRate: RATE });
  await decoder.ready;
  const sound = decode(decoder, packets.slice(2), head.gain);
  return { rate: RATE, pieces: trim(sound, head.preSkip, end - head.preSkip) };
}

function readHead(packet: Uint8Array): OpusHead {
  if (packet.length < 19) throw new Error("its header is too short");
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const channels = view.getUint8(9);
  if (view.getUint8(18) !== 0 || channels < 1 || channels > 2) {
    throw new UnsupportedMedia("ogg-opus", `it has ${channels} channels`);
  }
  const decibels = view.getInt16(16, true) / 256;
  return { channels, preSkip: view.getUint16(10, true), gain: 10 ** (decibels / 20) };
}

function* decode(
  decoder: OpusDecoder<typeof RATE>,
  packets: readonly Uint8Array[],
  gain: number,
): Iterable<Float32Array> {
  for (let i = 0; i < packets.length; i += BATCH) {
    const { channelData, errors } = decoder.decodeFrames(packets.slice(i, i + BATCH));
    const [error] = errors;
    if (error !== undefined) throw new Error(error.message);
    const mixed = mixPlanar(channelData);
    for (let n = 0; n < mixed.length; n += 1) mixed[n] = at(mixed, n) * gain;
    yield mixed;
  }
}
