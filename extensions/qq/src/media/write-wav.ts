/** Format tag of plain PCM (Microsoft, `mmreg.h`). */
const PCM = 1;

/** Wraps samples of one channel of 16 bits, as little-endian bytes, into RIFF/WAVE. */
export function writeWav(samples: Uint8Array, rate: number): Uint8Array {
  const wav = new Uint8Array(44 + samples.length);
  const view = new DataView(wav.buffer);
  const text = (place: number, value: string): void => wav.set(new TextEncoder().encode(value), place);
  text(0, "RIFF");
  view.setUint32(4, 36 + samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length, true);
  wav.set(samples, 44);
  return wav;
}
