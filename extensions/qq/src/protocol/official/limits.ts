/** Where an official bot talks. `channel` and `dm` belong to guilds (频道). */
export type Scene = "c2c" | "group" | "channel" | "dm";

export interface ReplyLimit {
  /** How long after the inbound message a passive reply is taken, ms. */
  readonly windowMs: number;
  /** Passive replies per inbound message. */
  readonly replies: number;
}

const MINUTE = 60_000;

/** Passive-reply limits (QQ, "Send a message", changed 2026-01-10: C2C 4, group 5). Guilds limit by rate, not by count. */
export const REPLY_LIMITS: Readonly<Record<Scene, ReplyLimit>> = {
  c2c: { windowMs: 60 * MINUTE, replies: 4 },
  group: { windowMs: 5 * MINUTE, replies: 5 },
  channel: { windowMs: 5 * MINUTE, replies: Number.POSITIVE_INFINITY },
  dm: { windowMs: 5 * MINUTE, replies: Number.POSITIVE_INFINITY },
};

/** Longest text that Tencent's own plugins send in one message, UTF-16 units; QQ publishes no number. */
export const MAX_TEXT_UNITS = 5000;

/** How far the signed time of a callback may be from ours, ms. QQ names no number; older ones are somebody's recording. */
export const CALLBACK_FRESH_MS = 5 * MINUTE;
