import { readMp4 } from "../mp4.ts";
import { trim, type Pcm } from "../pcm.ts";
import { readAdts } from "./config.ts";
import { decodeAac } from "./decode.ts";

/** AAC in an MP4 file. */
export function readM4a(bytes: Uint8Array): Pcm {
  const { config, frames, start, length } = readMp4(bytes);
  return { rate: config.rate, pieces: trim(decodeAac(config, frames), start, length) };
}

/** Bare AAC, each frame with its own header. */
export function readAac(bytes: Uint8Array): Pcm {
  const { config, frames } = readAdts(bytes);
  return { rate: config.rate, pieces: decodeAac(config, frames) };
}
