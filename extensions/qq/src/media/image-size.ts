/** Pixels of an image. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const READERS: Readonly<Record<string, (view: DataView) => ImageSize | undefined>> = {
  png: (view) => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  gif: (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  bmp: readBmp,
  jpg: readJpeg,
  webp: readWebp,
};

/** Size of a png, gif, bmp, jpg or webp; undefined when it is cut off before that, or says zero. */
export function imageSize(bytes: Uint8Array, format: string): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const size = READERS[format]?.(view);
    return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Negative heights are of images stored top first. The oldest header has 16 bits a side. */
function readBmp(view: DataView): ImageSize {
  if (view.getUint32(14, true) === 12) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

/** Goes from segment to segment up to a start of frame (ITU-T T.81, B.1.1.3); C4, C8 and CC are none. */
function readJpeg(view: DataView): ImageSize | undefined {
  for (let place = 2; view.getUint8(place) === 0xff;) {
    const marker = view.getUint8(place + 1);
    if (marker === 0xff) {
      place += 1;
      continue;
    }
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (startsFrame) return { width: view.getUint16(place + 7), height: view.getUint16(place + 5) };
    place += 2 + view.getUint16(place + 2);
  }
  return undefined;
}

/** RFC 9649: lossy, lossless, and extended files say it in three ways. */
function readWebp(view: DataView): ImageSize | undefined {
  const chunk = view.getUint32(12);
  if (chunk === 0x56503820) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  if (chunk !== 0x56503858) return undefined;
  const side = (place: number): number => (view.getUint16(place, true) | (view.getUint8(place + 2) << 16)) + 1;
  return { width: side(24), height: side(27) };
}
