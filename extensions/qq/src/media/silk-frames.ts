import { MAX_VOICE_MS } from "./limits.ts";
import { UnsupportedMedia } from "./unsupported.ts";

/** What Tencent writes before the header that everybody else's SILK starts with. */
const TENCENT = 0x02;
const HEADER = new TextEncoder().encode("#!SILK_V3");
/** A length below zero ends the file; Tencent leaves it out. */
const END = 0x8000;
/** What one packet holds in QQ's voices and in what `silk-wasm` makes, ms. */
const PACKET_MS = 20;

/** SILK as Tencent has it: its leading byte, the header, packets with their length before them, no end mark. */
export function toTencent(bytes: Uint8Array): { readonly silk: Uint8Array; readonly durationMs: number } {
  const start = bytes[0] === TENCENT ? 1 : 0;
  const { packets, end } = walk(bytes, start + HEADER.length);
  if (packets === 0) throw new UnsupportedMedia("silk", "it has no packet");
  const silk = new Uint8Array(1 + end - start);
  silk[0] = TENCENT;
  silk.set(bytes.subarray(start, end), 1);
  return { silk, durationMs: packets * PACKET_MS };
}

/** Throws unless the decoder may have it: whole, and not too long. */
export function checkSilk(bytes: Uint8Array): void {
  const { durationMs } = toTencent(bytes);
  if (durationMs > MAX_VOICE_MS) throw new UnsupportedMedia("silk", "it is too long");
}

function walk(bytes: Uint8Array, start: number): { readonly packets: number; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = start;
  let packets = 0;
  while (position + 2 <= bytes.length) {
    const length = view.getUint16(position, true);
    if (length >= END) break;
    if (position + 2 + length > bytes.length) throw new UnsupportedMedia("silk", "it ends early");
    position += 2 + length;
    packets += 1;
  }
  return { packets, end: position };
}
