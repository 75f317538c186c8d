import { at } from "../pcm.ts";

/** Bits of a frame, most significant first. Reading beyond the end is an error, as the frame is broken then. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Unsigned number of up to 24 bits. */
  read(count: number): number {
    if (this.#position + count > this.#bytes.length * 8) throw new Error("the frame ends early");
    let value = 0;
    let left = count;
    while (left > 0) {
      const used = this.#position & 7;
      const take = Math.min(8 - used, left);
      const byte = at(this.#bytes, this.#position >> 3);
      value = (value << take) | ((byte >> (8 - used - take)) & ((1 << take) - 1));
      this.#position += take;
      left -= take;
    }
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  skip(count: number): void {
    this.#position += count;
    if (this.#position > this.#bytes.length * 8) throw new Error("the frame ends early");
  }

  /** Goes on to the next whole byte. */
  align(): void {
    this.#position = (this.#position + 7) & ~7;
  }
}
