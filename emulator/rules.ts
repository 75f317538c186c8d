import { systemClock, type Clock } from "./clock.ts";
import type { Seed } from "./seed.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How much of something within how long. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** A bucket of `burst` calls that fills up again at `count` per `perMs`. */
export interface BucketRate extends Rate {
  readonly burst: number;
}

/** The platform's numbers. Sections are those of qq-official.md; INF there means that QQ publishes nothing. */
export interface Rules {
  /** 5.5: passive replies per inbound message, and how long they are taken. */
  readonly c2cReplies: number;
  readonly c2cWindowMs: number;
  readonly groupReplies: number;
  readonly groupWindowMs: number;
  /** 5.8: longest text or markdown, UTF-16 units. */
  readonly maxText: number;
  /** 5.7: how long a message can be recalled. */
  readonly recallMs: number;
  /** 8: whether text with an address is refused. */
  readonly urls: boolean;
  /** 5.6: whether proactive messages are metered. */
  readonly proactiveRates: boolean;
  /** 10, 2.1: limits per bot and call, by call name; a call without one is not limited. */
  readonly callRates: Readonly<Record<string, BucketRate>>;
  /** 1.2: life of a token, and the last part of it in which the token call gives out a new one. */
  readonly tokenMs: number;
  readonly tokenOverlapMs: number;
  /** 2.5: what Hello announces. */
  readonly heartbeatMs: number;
  /** 13.6: how long a connection may take to Identify or Resume. */
  readonly identifyMs: number;
  /** 2.7: life of a connection until op 7, and from there to close 4009. */
  readonly lifetimeMs: number;
  readonly reconnectGraceMs: number;
  /** 13.10: what a session keeps for a resume, and how long it outlives its connection. */
  readonly keptEvents: number;
  readonly keptEventsMs: number;
  readonly sessionMs: number;
  /** 2.1: Identify budget per 24 h. */
  readonly sessionStarts: number;
  /** 13.8: frames a client may send per minute, heartbeats not counted. */
  readonly framesPerMinute: number;
  /** 3.5: how long a callback may take, and the pauses before each repetition. */
  readonly callbackMs: number;
  readonly callbackRetriesMs: readonly number[];
  /** 0.3: whether GROUP_MESSAGE_CREATE still holds the mark of the bot itself. */
  readonly keepOwnMention: boolean;
}

const perSecond = (count: number): BucketRate => ({ count, perMs: SECOND, burst: count });
const gatewayRate: BucketRate = { count: 2, perMs: MINUTE, burst: 10 };

const strict: Rules = {
  c2cReplies: 4,
  c2cWindowMs: 60 * MINUTE,
  groupReplies: 5,
  groupWindowMs: 5 * MINUTE,
  maxText: 5000,
  recallMs: 2 * MINUTE,
  urls: true,
  proactiveRates: true,
  callRates: {
    "GET /gateway": gatewayRate,
    "GET /gateway/bot": gatewayRate,
    "GET /users/@me": perSecond(50),
    "POST /v2/users/:openid/messages": perSecond(100),
    "POST /v2/groups/:group_openid/messages": perSecond(100),
    "DELETE /v2/users/:openid/messages/:message_id": perSecond(10),
    "DELETE /v2/groups/:group_openid/messages/:message_id": perSecond(10),
  },
  tokenMs: 7200 * SECOND,
  tokenOverlapMs: 60 * SECOND,
  heartbeatMs: 41_250,
  identifyMs: 30 * SECOND,
  lifetimeMs: 30 * MINUTE,
  reconnectGraceMs: 10 * SECOND,
  keptEvents: 1000,
  keptEventsMs: 10 * MINUTE,
  sessionMs: 5 * MINUTE,
  sessionStarts: 1000,
  framesPerMinute: 60,
  callbackMs: 3 * SECOND,
  callbackRetriesMs: [1 * SECOND, 2 * SECOND, 4 * SECOND],
  keepOwnMention: true,
};

/** The platform on a good day: ownership, duplicates and shapes are still checked, amounts and addresses are not. */
const lenient: Rules = {
  ...strict,
  c2cReplies: Number.POSITIVE_INFINITY,
  groupReplies: Number.POSITIVE_INFINITY,
  c2cWindowMs: Number.POSITIVE_INFINITY,
  groupWindowMs: Number.POSITIVE_INFINITY,
  urls: false,
  proactiveRates: false,
  callRates: {},
  framesPerMinute: Number.POSITIVE_INFINITY,
};

export interface EmulatorOptions {
  /** 0 takes a free port. The host is always 127.0.0.1. */
  readonly port?: number;
  /** Who and what is there; without it the demo world of `seed.ts`. */
  readonly seed?: Seed;
  readonly rules?: "strict" | "lenient";
  /** Single numbers that differ from the rules. */
  readonly tune?: Partial<Rules>;
  /** What Hello announces, ms. */
  readonly heartbeatMs?: number;
  /** Life of a gateway connection, ms; Infinity for no end. */
  readonly lifetimeMs?: number;
  readonly clock?: Clock;
  /** Ids repeat with it. A process that may meet clients which remember an earlier one needs a seed of its own. */
  readonly idSeed?: string;
}

/** The rules an emulator runs by; `lifetimeMs` and `heartbeatMs` win over `tune`. */
export function resolveRules(options: EmulatorOptions): Rules {
  const { heartbeatMs, lifetimeMs } = options;
  return {
    ...(options.rules === "lenient" ? lenient : strict),
    ...options.tune,
    ...(heartbeatMs !== undefined && { heartbeatMs }),
    ...(lifetimeMs !== undefined && { lifetimeMs }),
  };
}

export const resolveClock = (options: EmulatorOptions): Clock => options.clock ?? systemClock;
