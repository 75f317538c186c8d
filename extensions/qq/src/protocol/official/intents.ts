/** Intent bits a channel can use, by QQ's names ("Event subscription, Intents", 2026-09). */
const Intent = {
  GUILD_MESSAGES: 1 << 9,
  DIRECT_MESSAGE: 1 << 12,
  GROUP_AND_C2C_EVENT: 1 << 25,
  INTERACTION: 1 << 26,
  MESSAGE_AUDIT: 1 << 27,
  PUBLIC_GUILD_MESSAGES: 1 << 30,
} as const;
export type IntentName = keyof typeof Intent;

/** What every bot asks for at first; Tencent's own plugin asks for all of them but MESSAGE_AUDIT. */
export const DEFAULT_INTENTS: readonly IntentName[] = [
  "GROUP_AND_C2C_EVENT",
  "INTERACTION",
  "DIRECT_MESSAGE",
  "PUBLIC_GUILD_MESSAGES",
  "MESSAGE_AUDIT",
];

/**
 * Order in which intents are given up when the platform refuses the mask (close code 4014).
 * The refusal does not say which bit it was: what is worth least goes first. GROUP_AND_C2C_EVENT is never given up: without it there is no channel.
 */
const GIVE_UP: readonly IntentName[] = [
  "MESSAGE_AUDIT",
  "GUILD_MESSAGES",
  "DIRECT_MESSAGE",
  "PUBLIC_GUILD_MESSAGES",
  "INTERACTION",
];

/** The mask that Identify carries. Every bit used is below 2^31, so the number stays positive. */
export function intentMask(names: readonly IntentName[]): number {
  return names.reduce((mask, name) => mask | Intent[name], 0);
}

/** The next smaller set to try and the intent left out, or `undefined` when nothing is left to give up. */
export function lowerIntents(
  names: readonly IntentName[],
): { readonly intents: readonly IntentName[]; readonly without: IntentName } | undefined {
  const without = GIVE_UP.find((name) => names.includes(name));
  return without && { intents: names.filter((name) => name !== without), without };
}
