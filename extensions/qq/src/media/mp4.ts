import { readConfig, type AacConfig } from "./aac/config.ts";
import { UnsupportedMedia } from "./unsupported.ts";

/** The AAC track of an MP4 file. */
export interface Mp4Sound {
  readonly config: AacConfig;
  readonly frames: Uint8Array[];
  /** Samples that the encoder put before the sound. */
  readonly start: number;
  /** Samples of sound after them. */
  readonly length: number;
}

type Boxes = ReadonlyMap<string, DataView>;

/** Takes an MP4 file apart (ISO/IEC 14496-12) and finds its first track with AAC. Fragmented files are not read. */
export function readMp4(bytes: Uint8Array): Mp4Sound {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const movie = get(readBoxes(file), "moov");
  if (readBoxes(movie).has("mvex")) throw new UnsupportedMedia("m4a", "it is fragmented");
  const timescale = get(readBoxes(movie), "mvhd");
  for (const track of children(movie, "trak")) {
    const boxes = readBoxes(track);
    const media = readBoxes(get(boxes, "mdia"));
    if (tag(get(media, "hdlr"), 8) !== "soun") continue;
    const table = readBoxes(get(readBoxes(get(media, "minf")), "stbl"));
    const config = readEntry(get(table, "stsd"));
    const edit = readEdit(boxes.get("edts"), readTimescale(timescale), readTimescale(get(media, "mdhd")), config.rate);
    return { config, frames: readSamples(bytes, table), ...edit };
  }
  throw new UnsupportedMedia("m4a", "it has no sound");
}

function get(boxes: Boxes, name: string): DataView {
  const box = boxes.get(name);
  if (box === undefined) throw new Error(`it has no ${name} box`);
  return box;
}

/** Boxes by name; of several with one name the first. */
function readBoxes(view: DataView, from = 0): Boxes {
  const boxes = new Map<string, DataView>();
  for (const [name, box] of eachBox(view, from)) if (!boxes.has(name)) boxes.set(name, box);
  return boxes;
}

function children(view: DataView, name: string): DataView[] {
  return [...eachBox(view, 0)].flatMap(([found, box]) => (found === name ? [box] : []));
}

function* eachBox(view: DataView, from: number): Iterable<[string, DataView]> {
  for (let position = from; position + 8 <= view.byteLength;) {
    const short = view.getUint32(position);
    const header = short === 1 ? 16 : 8;
    if (position + header > view.byteLength) throw new Error("it ends within a box");
    const long = short === 1 ? Number(view.getBigUint64(position + 8)) : short;
    const length = short === 0 ? view.byteLength - position : long;
    if (length < header || position + length > view.byteLength) throw new Error("it ends within a box");
    yield [tag(view, position + 4), sub(view, position + header, length - header)];
    position += length;
  }
}

function sub(view: DataView, start: number, length: number): DataView {
  return new DataView(view.buffer, view.byteOffset + start, length);
}

function tag(view: DataView, place: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(place + i)));
}

/** Units a second, of `mvhd` or `mdhd`. */
function readTimescale(box: DataView): number {
  return box.getUint32(box.getUint8(0) === 1 ? 20 : 12);
}

/** The decoder's configuration, deep in the first entry of `stsd`. */
function readEntry(stsd: DataView): AacConfig {
  const entry = sub(stsd, 8, stsd.byteLength - 8);
  const codec = tag(entry, 4);
  if (codec !== "mp4a") throw new UnsupportedMedia("m4a", `its codec is ${codec.replaceAll(/[^\w-]/g, "?")}`);
  // A QuickTime file says more of its sound here, by the version of the entry.
  const extra = [0, 16, 36][entry.getUint16(16)] ?? 0;
  const esds = get(readBoxes(entry, 36 + extra), "esds");
  return readConfig(findDescriptor(esds));
}

/** `DecoderSpecificInfo` within `ES_Descriptor` and `DecoderConfigDescriptor` (ISO/IEC 14496-1, 7.2.6). */
function findDescriptor(esds: DataView): Uint8Array {
  const inside: Record<number, number> = { 3: 3, 4: 13 };
  for (let position = 4; position < esds.byteLength;) {
    const kind = esds.getUint8(position);
    let length = 0;
    let byte = 128;
    for (position += 1; byte & 128; position += 1) {
      byte = esds.getUint8(position);
      length = (length << 7) | (byte & 127);
    }
    if (kind === 5) {
      const data = sub(esds, position, length);
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    }
    position += inside[kind] ?? length;
  }
  throw new Error("it does not say how to decode it");
}

/** The one edit that says where the sound starts and how long it is. */
function readEdit(
  edts: DataView | undefined,
  movieScale: number,
  mediaScale: number,
  rate: number,
): { readonly start: number; readonly length: number } {
  const whole = { start: 0, length: Number.POSITIVE_INFINITY };
  const list = edts && readBoxes(edts).get("elst");
  if (list === undefined || list.getUint32(4) !== 1 || movieScale === 0 || mediaScale === 0) return whole;
  const wide = list.getUint8(0) === 1;
  const duration = wide ? Number(list.getBigUint64(8)) : list.getUint32(8);
  const start = wide ? Number(list.getBigInt64(16)) : list.getInt32(12);
  if (start < 0) return whole;
  return {
    start: Math.round((start * rate) / mediaScale),
    length: duration > 0 ? Math.round((duration * rate) / movieScale) : whole.length,
  };
}

/** Bytes of each frame: sizes by `stsz`, chunks by `stco` or `co64`, frames of a chunk by `stsc`. */
function readSamples(bytes: Uint8Array, table: Boxes): Uint8Array[] {
  const sizes = readSizes(get(table, "stsz"));
  const counts = framesByChunk(get(table, "stsc"));
  const frames: Uint8Array[] = [];
  for (const start of readChunks(table)) {
    let place = start;
    for (let left = counts.next().value ?? 0; left > 0 && frames.length < sizes.length; left -= 1) {
      const size = sizes[frames.length] ?? 0;
      if (place + size > bytes.length) throw new Error("it ends early");
      frames.push(bytes.subarray(place, place + size));
      place += size;
    }
  }
  if (frames.length === 0) throw new Error("it has no frame");
  return frames;
}

function readSizes(stsz: DataView): number[] {
  const same = stsz.getUint32(4);
  const count = stsz.getUint32(8);
  if (same > 0) throw new UnsupportedMedia("m4a", "its frames are all of one size, which AAC's never are");
  return Array.from({ length: checkCount(stsz, count, 12, 4) }, (_, i) => stsz.getUint32(12 + 4 * i));
}

function readChunks(table: Boxes): number[] {
  const wide = table.get("co64");
  const box = wide ?? get(table, "stco");
  const width = wide ? 8 : 4;
  const place = (i: number): number => 8 + width * i;
  return Array.from({ length: checkCount(box, box.getUint32(4), 8, width) }, (_, i) =>
    wide ? Number(box.getBigUint64(place(i))) : box.getUint32(place(i)),
  );
}

/** A count that the box has room for; what strangers claim must not become an allocation. */
function checkCount(box: DataView, count: number, header: number, width: number): number {
  if (header + count * width > box.byteLength) throw new Error("a table ends early");
  return count;
}

/** How many frames each chunk has: an entry holds for its first chunk, counted from 1, and those up to the next entry's. */
function* framesByChunk(stsc: DataView): Generator<number, undefined> {
  const count = checkCount(stsc, stsc.getUint32(4), 8, 12);
  let frames = 0;
  let entry = 0;
  for (let chunk = 1; ; chunk += 1) {
    for (; entry < count && stsc.getUint32(8 + 12 * entry) <= chunk; entry += 1)
      frames = stsc.getUint32(12 + 12 * entry);
    yield frames;
  }
}
