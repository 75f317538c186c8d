/** Packets of the first stream of an Ogg file, and where its sound ends. */
export interface OggStream {
  readonly packets: Uint8Array[];
  /** Position of the last page in samples, as the codec counts them. */
  readonly end: number;
}

const HEADER = 27;
const CAPTURE = 0x4f676753;
const LAST_PAGE = 4;

/** Takes an Ogg file apart (RFC 3533). Other streams that run beside the first are left out, and what follows its end. */
export function readOgg(bytes: Uint8Array): OggStream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  let serial: number | undefined;
  let end = 0;
  for (let position = 0; position + HEADER <= bytes.length;) {
    if (view.getUint32(position) !== CAPTURE) throw new Error("a page is broken");
    const segments = bytes.subarray(position + HEADER, position + HEADER + view.getUint8(position + 26));
    let place = position + HEADER + segments.length;
    const own = view.getUint32(position + 14, true);
    serial ??= own;
    for (const length of segments) {
      if (place + length > bytes.length) throw new Error("it ends early");
      if (own === serial) open.push(bytes.subarray(place, place + length));
      place += length;
      if (own !== serial || length === 255) continue;
      packets.push(join(open));
      open = [];
    }
    if (own === serial) {
      const granule = Number(view.getBigInt64(position + 6, true));
      if (granule >= 0) end = granule;
      if (view.getUint8(position + 5) & LAST_PAGE) return { packets, end };
    }
    position = place;
  }
  throw new Error("it ends early");
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
