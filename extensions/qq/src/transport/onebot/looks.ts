import { sendTimeoutMs } from "../../protocol/onebot/limits.ts";

/** Pauses before each look into history, ms; the last of them doubles where more looks are needed. */
const LOOKS_MS = [2000, 8000, 8000, 20_000] as const;

/**
 * Pauses before each look for a send without an answer, ms. Media of `mediaBytes` are looked for as long as QQ may be
 * taking them; `undefined`: there are none.
 */
export function looksFor(mediaBytes: number | undefined): readonly number[] {
  const looks: number[] = [...LOOKS_MS];
  let leftMs = (mediaBytes === undefined ? 0 : sendTimeoutMs(mediaBytes)) - looks.reduce((sum, ms) => sum + ms, 0);
  for (let pauseMs = LOOKS_MS[3] * 2; leftMs > 0; pauseMs *= 2) {
    looks.push(Math.min(pauseMs, leftMs));
    leftMs -= pauseMs;
  }
  return looks;
}
