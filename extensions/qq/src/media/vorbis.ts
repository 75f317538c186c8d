import { StbVorbis } from "stb-vorbis";
import { MAX_VOICE_MS } from "./limits.ts";
import { readOgg } from "./ogg.ts";
import { mixPlanar, type Pcm } from "./pcm.ts";
import { UnsupportedMedia } from "./unsupported.ts";

/** How much more samples the packets may hold than `MAX_VOICE_MS`, as short blocks look like long ones from outside. */
const SLACK = 4;

/** Decodes Vorbis in Ogg. The decoder takes it whole, so that its length is checked before. */
export async function readVorbis(bytes: Uint8Array): Promise<Pcm> {
  const { packets } = readOgg(bytes);
  checkLength(packets);
  await StbVorbis.ready;
  const { channels, sampleRate } = StbVorbis.decode(bytes);
  return { rate: sampleRate, pieces: [mixPlanar(channels)] };
}

/** Vorbis I, 4.2.2: a packet makes at most half a long block. */
function checkLength(packets: readonly Uint8Array[]): void {
  const [head = new Uint8Array(0)] = packets;
  if (head.length < 30) throw new Error("its header is too short");
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const channels = view.getUint8(11);
  const rate = view.getUint32(12, true);
  const longBlock = 2 ** (view.getUint8(28) >> 4);
  const samples = (packets.length * longBlock) / 2;
  if (channels < 1 || channels > 8 || rate < 1) throw new Error("its header makes no sense");
  if (samples > (rate * SLACK * MAX_VOICE_MS) / 1000) throw new UnsupportedMedia("ogg-vorbis", "it is too long");
}
