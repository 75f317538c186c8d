import { demand } from "./refusal.ts";
import type { State } from "./state.ts";

/** Codes of a text that the platform's security does not let through (qq-official.md 8, 9). */
export type SecurityCode = 40034006 | 304025;

/** Refuses text that holds one of the world's forbidden words; case does not matter. 304025 is the code of guilds. */
export function demandCleanWords(state: State, text: string, code: SecurityCode = 40034006): void {
  const lower = text.toLowerCase();
  demand(!state.words.some((word) => lower.includes(word)), code);
}
