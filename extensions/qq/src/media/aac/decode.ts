import { at, mixPlanar } from "../pcm.ts";
import { UnsupportedMedia } from "../unsupported.ts";
import { BitReader } from "./bits.ts";
import { readChannel, type Channel } from "./channel.ts";
import type { AacConfig } from "./config.ts";
import { FilterBank } from "./filter-bank.ts";
import { decodeStereo, readMidSide } from "./stereo.ts";
import { applyTns } from "./tns.ts";
import { readWindowInfo } from "./window-info.ts";

/** What a frame is made of (ISO/IEC 14496-3, table 4.85). */
const ELEMENT = { single: 0, pair: 1, coupling: 2, low: 3, data: 4, program: 5, fill: 6, end: 7 };
/** Channels of 7.1; what claims more is garbage. */
const MAX_CHANNELS = 8;

/** Decodes AAC-LC, frame by frame, mixed to one channel: 1024 samples each. Throws at the first broken frame. */
export function* decodeAac(config: AacConfig, frames: Iterable<Uint8Array>): Iterable<Float32Array> {
  const banks: FilterBank[] = [];
  for (const frame of frames) {
    const channels = readFrame(new BitReader(frame), config.rateIndex);
    const sound = channels.map(({ info, filters, spectrum }, i) => {
      applyTns(filters, info, spectrum);
      return (banks[i] ??= new FilterBank()).synthesize(info, spectrum);
    });
    const mixed = mixPlanar(sound);
    for (let i = 0; i < mixed.length; i += 1) mixed[i] = at(mixed, i) / 32_768;
    yield mixed;
  }
}

/** `raw_data_block`. The bass channel is read and left out. */
function readFrame(bits: BitReader, rateIndex: number): Channel[] {
  const channels: Channel[] = [];
  for (let element = bits.read(3); element !== ELEMENT.end; element = bits.read(3)) {
    if (channels.length > MAX_CHANNELS) throw new Error("it has too many channels");
    if (element === ELEMENT.coupling) throw new UnsupportedMedia("aac", "its channels are coupled");
    if (element === ELEMENT.fill) skipFill(bits);
    else {
      bits.skip(4);
      if (element === ELEMENT.single) channels.push(readChannel(bits, rateIndex));
      if (element === ELEMENT.pair) channels.push(...readPair(bits, rateIndex));
      if (element === ELEMENT.low) readChannel(bits, rateIndex);
      if (element === ELEMENT.data) skipData(bits);
      if (element === ELEMENT.program) skipProgram(bits);
    }
  }
  return channels;
}

function readPair(bits: BitReader, rateIndex: number): Channel[] {
  if (!bits.flag()) return [readChannel(bits, rateIndex), readChannel(bits, rateIndex)];
  const info = readWindowInfo(bits, rateIndex);
  const midSide = readMidSide(bits, info);
  const left = readChannel(bits, rateIndex, info);
  const right = readChannel(bits, rateIndex, info);
  decodeStereo(left, right, midSide);
  return [left, right];
}

function skipFill(bits: BitReader): void {
  const count = bits.read(4);
  bits.skip(8 * (count === 15 ? 14 + bits.read(8) : count));
}

function skipData(bits: BitReader): void {
  const aligned = bits.flag();
  const count = bits.read(8);
  const bytes = count === 255 ? 255 + bits.read(8) : count;
  if (aligned) bits.align();
  bits.skip(8 * bytes);
}

/** `program_config_element`: which channel stands where. To a mix of all of them it says nothing. */
function skipProgram(bits: BitReader): void {
  bits.skip(6);
  const [front, side, back, low, data, coupling] = [4, 4, 4, 2, 3, 4].map((width) => bits.read(width));
  for (const width of [4, 4, 3]) if (bits.flag()) bits.skip(width);
  bits.skip(5 * ((front ?? 0) + (side ?? 0) + (back ?? 0)) + 4 * ((low ?? 0) + (data ?? 0)) + 5 * (coupling ?? 0));
  bits.align();
  bits.skip(8 * bits.read(8));
}
