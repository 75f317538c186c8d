/**
 * What a client does after a gateway connection has closed.
 *
 * - `resume`: connect and resume the session; events since the last sequence are replayed.
 * - `identify`: the session is gone; connect and start a new one.
 * - `lower-intents`: an intent is not granted to this bot; start a new session without it.
 * - `stop`: connecting again cannot help until a person changes something.
 */
export type Recovery = "resume" | "identify" | "lower-intents" | "stop";

export interface CloseRule {
  readonly next: Recovery;
  readonly meaning: string;
  /** Least pause before the next connection, ms. */
  readonly waitMs?: number;
  /** The access token was part of the trouble: fetch another before the next connection. */
  readonly freshToken?: true;
}

/** Rows that QQ publishes ("Websocket close codes", 2026-09) and those its own SDK adds (4000, 4003-4005). */
const rules: Readonly<Record<number, CloseRule>> = {
  1000: { next: "resume", meaning: "closed normally" },
  4000: { next: "identify", meaning: "unknown error at the platform" },
  4001: { next: "stop", meaning: "invalid opcode" },
  4002: { next: "stop", meaning: "invalid payload" },
  4003: { next: "identify", meaning: "not authenticated yet" },
  4004: { next: "identify", meaning: "authentication failed", freshToken: true },
  4005: { next: "identify", meaning: "already authenticated" },
  4006: { next: "identify", meaning: "invalid session" },
  4007: { next: "identify", meaning: "wrong sequence" },
  4008: { next: "resume", meaning: "sent too fast", waitMs: 60_000 },
  4009: { next: "resume", meaning: "connection expired" },
  4010: { next: "stop", meaning: "invalid shard" },
  4011: { next: "stop", meaning: "too many guilds for one shard" },
  4012: { next: "stop", meaning: "invalid version" },
  4013: { next: "stop", meaning: "invalid intent" },
  4014: { next: "lower-intents", meaning: "intent not granted" },
  4902: { next: "identify", meaning: "resume refused" },
  4903: { next: "identify", meaning: "session could not be created", freshToken: true },
  4914: { next: "stop", meaning: "bot is off the shelf, only the sandbox is allowed" },
  4915: { next: "stop", meaning: "bot is banned" },
};

/**
 * The rule for a close code. 4900-4913 are internal errors of the platform and cost the session;
 * any code that QQ does not list (1005 and 1006 among them) is a network that failed, and keeps it.
 */
export function closeRule(code: number): CloseRule {
  const listed = rules[code];
  if (listed) return listed;
  if (code >= 4900 && code <= 4913) return { next: "identify", meaning: "internal error at the platform" };
  return { next: "resume", meaning: "connection lost" };
}
