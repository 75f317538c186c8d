import { SILK_PACKET_MS } from "./measure.ts";

/** Hz; one channel of 16 bits. */
const WAV_RATE = 16_000;
/** Tencent's flavour: one byte before the mark of plain SILK. */
const SILK_MARK = "\x02#!SILK_V3";

/**
 * Silence as SILK. The emulator cannot encode, so it stands where QQ would give a voice message in its own format: every
 * packet is empty, which decoders take for one that was lost. `ms`: how long.
 */
export function silentSilk(ms: number): Buffer {
  const packets = Buffer.alloc(Math.ceil(ms / SILK_PACKET_MS) * 2);
  return Buffer.concat([Buffer.from(SILK_MARK, "latin1"), packets]);
}

/** Silence as WAV, where QQ would give what it has decoded. `ms`: how long. */
export function silentWav(ms: number): Buffer {
  const samples = Math.ceil((ms / 1000) * WAV_RATE);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + samples * 2, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(WAV_RATE, 24);
  head.writeUInt32LE(WAV_RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(samples * 2, 40);
  return Buffer.concat([head, Buffer.alloc(samples * 2)]);
}
