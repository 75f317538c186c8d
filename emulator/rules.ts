import { systemClock, type Clock } from "./clock.ts";
import type { NapcatSettings } from "./onebot/settings.ts";
import { strictMediaRules, type MediaRules } from "./media/media-rules.ts";
import type { Seed } from "./seed.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

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
export interface Rules extends MediaRules {
  /** 5.5: passive replies per inbound message, and how long they are taken. */
  readonly c2cReplies: number;
  readonly c2cWindowMs: number;
  readonly groupReplies: number;
  readonly groupWindowMs: number;
  /** 5.5: how long a message of a guild may be replied to; replies are not counted. */
  readonly guildWindowMs: number;
  /** 5.1: what one bot may send to one channel, replies or not. */
  readonly channelMessages: Rate;
  /** 5.8: longest text or markdown, UTF-16 units. */
  readonly maxText: number;
  /** 5.6: ends of the periods after a person's last message in each of which one wake-up is taken, ms. */
  readonly wakeupEndsMs: readonly number[];
  /** 7.1: least time between two chunks of a stream (INF). */
  readonly streamSpacingMs: number;
  /** 7.3: longest label of a button, and longest `data` of a callback (4.6) or a command (INF), characters. */
  readonly buttonLabel: number;
  readonly buttonData: number;
  /** 4.6: how long a click waits to be acknowledged. */
  readonly interactionMs: number;
  /** 9: how many kinds of reaction a message takes, and how many a bot may set or take back (both INF). */
  readonly reactionKinds: number;
  readonly reactions: Rate;
  /** 12: how long a code of scan to bind is good (INF). */
  readonly bindTaskMs: number;
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
  /** 2.1: least time between two Identifies of a bot; the platform's figure is 5 s, 0 does not look at it. */
  readonly identifyEveryMs: number;
  /** 2.1, 2.8: how many shards `/gateway/bot` recommends. */
  readonly shards: number;
  /** 13.8: frames a client may send per minute, heartbeats not counted. */
  readonly framesPerMinute: number;
  /** 3.5: how long a callback may take, and the pauses before each repetition. */
  readonly callbackMs: number;
  readonly callbackRetriesMs: readonly number[];
  /** 0.3: whether GROUP_MESSAGE_CREATE still holds the mark of the bot itself. */
  readonly keepOwnMention: boolean;
  /** 13.33: whether a mention in a group comes under both names of the event. */
  readonly bothGroupEvents: boolean;
  /** 4.3: whether a group that shows everything shows a bot its own messages too. */
  readonly ownEcho: boolean;
  /** What the NapCats of personal accounts have set where their seeds do not say. */
  readonly napcat: Partial<NapcatSettings>;
}

const perSecond = (count: number): BucketRate => ({ count, perMs: SECOND, burst: count });
const gatewayRate: BucketRate = { count: 2, perMs: MINUTE, burst: 10 };

const strict: Rules = {
  ...strictMediaRules,
  c2cReplies: 4,
  c2cWindowMs: 60 * MINUTE,
  groupReplies: 5,
  groupWindowMs: 5 * MINUTE,
  guildWindowMs: 5 * MINUTE,
  channelMessages: { count: 5, perMs: SECOND },
  maxText: 5000,
  wakeupEndsMs: [1 * DAY, 3 * DAY, 7 * DAY, 30 * DAY],
  streamSpacingMs: 200,
  buttonLabel: 10,
  buttonData: 128,
  interactionMs: 3 * SECOND,
  bindTaskMs: 5 * MINUTE,
  reactionKinds: 20,
  reactions: { count: 5, perMs: SECOND },
  recallMs: 2 * MINUTE,
  urls: true,
  proactiveRates: true,
  callRates: {
    "GET /gateway": gatewayRate,
    "GET /gateway/bot": gatewayRate,
    "GET /users/@me": perSecond(50),
    "POST /v2/users/:openid/messages": perSecond(100),
    "POST /v2/groups/:group_openid/messages": perSecond(100),
    "POST /v2/users/:openid/files": perSecond(50),
    "POST /v2/groups/:group_openid/files": perSecond(50),
    "POST /v2/users/:openid/upload_prepare": perSecond(10),
    "POST /v2/groups/:group_openid/upload_prepare": perSecond(10),
    "POST /v2/users/:openid/upload_part_finish": perSecond(10),
    "POST /v2/groups/:group_openid/upload_part_finish": perSecond(10),
    "POST /v2/users/:openid/stream_messages": perSecond(50),
    "PUT /interactions/:interaction_id": perSecond(50),
    "DELETE /v2/users/:openid/messages/:message_id": perSecond(10),
    "DELETE /v2/groups/:group_openid/messages/:message_id": perSecond(10),
    "DELETE /channels/:channel_id/messages/:message_id": perSecond(10),
    "DELETE /dms/:guild_id/messages/:message_id": perSecond(10),
    "GET /v2/groups/:group_openid/bot_state": { count: 30, perMs: MINUTE, burst: 30 },
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
  identifyEveryMs: 0,
  shards: 1,
  framesPerMinute: 60,
  callbackMs: 3 * SECOND,
  callbackRetriesMs: [1 * SECOND, 2 * SECOND, 4 * SECOND],
  keepOwnMention: true,
  bothGroupEvents: false,
  ownEcho: false,
  napcat: {},
};

/** The platform on a good day: ownership, duplicates and shapes are still checked, amounts and addresses are not. */
const lenient: Rules = {
  ...strict,
  c2cReplies: Number.POSITIVE_INFINITY,
  groupReplies: Number.POSITIVE_INFINITY,
  c2cWindowMs: Number.POSITIVE_INFINITY,
  groupWindowMs: Number.POSITIVE_INFINITY,
  guildWindowMs: Number.POSITIVE_INFINITY,
  channelMessages: { count: Number.POSITIVE_INFINITY, perMs: SECOND },
  streamSpacingMs: 0,
  buttonLabel: Number.POSITIVE_INFINITY,
  buttonData: Number.POSITIVE_INFINITY,
  reactions: { count: Number.POSITIVE_INFINITY, perMs: SECOND },
  urls: false,
  proactiveRates: false,
  dayBytes: Number.POSITIVE_INFINITY,
  callRates: {},
  framesPerMinute: Number.POSITIVE_INFINITY,
  napcat: { sendDelayMs: [0, 0] },
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
