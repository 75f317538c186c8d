import type { ContactRequest, InboundAttachment, InboundMessage } from "../message/inbound.ts";
import type {
  MediaFile,
  OutboundMessage,
  SentMessage,
  StreamedStep,
  StreamStep,
  TypingNotice,
  UploadedMedia,
} from "../message/outbound.ts";
import type { Target } from "../message/target.ts";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

/** One event as it came off the wire. */
export interface RawEvent {
  /** Identity within the account: the same message has the same key on every road and at every repetition. */
  readonly key: string;
  /** Events of one lane are taken one after the other: a lane is a conversation. */
  readonly lane: string;
  /** The frame or callback body, byte for byte as text. */
  readonly text: string;
}

/** Takes an event as it came off the wire; resolves once it is stored and may be acknowledged. */
export type Accept = (event: RawEvent) => Promise<void>;

/** One account's line to QQ. What is optional is there where the line can do it at all. All of it rejects with a `QQError`. */
export interface Transport {
  /** Messages need no anchor and spend no budget there: personal accounts. */
  readonly unmetered?: true;
  /** Runs until the signal aborts; rejects only when running again cannot help. */
  run(signal: AbortSignal): Promise<void>;
  /** Sends one message. The error's `mayHaveArrived` says that the outcome is unknown. */
  send(target: Target, message: OutboundMessage, signal?: AbortSignal): Promise<SentMessage>;
  /** Gives the platform a file, for messages to that target. Shows nothing yet, and spends no reply. */
  upload?(target: Target, file: MediaFile, signal?: AbortSignal): Promise<UploadedMedia>;
  /** Shows "is typing" to a person. */
  typing?(userId: string, notice: TypingNotice, signal?: AbortSignal): Promise<void>;
  /** Shows one more step of a growing message to a person. Never repeated by itself: the next step says more. */
  stream?(userId: string, step: StreamStep, signal?: AbortSignal): Promise<StreamedStep>;
  /** Takes back a message of the bot's own. */
  recall?(target: Target, messageId: string, signal?: AbortSignal): Promise<void>;
  /** Puts an emoji under a message, or takes the bot's own away. `emoji` is a character, or the number of one of QQ's faces. */
  react?(target: Target, messageId: string, emoji: string, on: boolean, signal?: AbortSignal): Promise<void>;
  /** Tells QQ how an interaction went, within 3 s of the click. */
  acknowledge?(interactionId: string, result: InteractionResult, signal?: AbortSignal): Promise<void>;
  /** The bot's own id, as mentions in guild channels name it: nothing else there says who is meant. */
  selfId?(signal?: AbortSignal): Promise<string>;
  /**
   * Looks whether a message whose outcome is unknown has arrived: among the account's own of that chat since `since`
   * (ms since the epoch), without those that `isKnown` knows by their ids. Rejects when the chat cannot be read.
   */
  findSent?(
    target: Target,
    message: OutboundMessage,
    since: number,
    isKnown: (messageId: string) => boolean,
    signal?: AbortSignal,
  ): Promise<SentMessage | undefined>;
  /** Sends texts as one chat record (合并转发), a bubble each. */
  sendRecord?(target: Target, texts: readonly string[], signal?: AbortSignal): Promise<SentMessage>;
  /** A message by its id; `undefined` when QQ has it no more. */
  readMessage?(messageId: string, signal?: AbortSignal): Promise<InboundMessage | undefined>;
  /** The messages of a chat record, oldest first. */
  readForward?(recordId: string, signal?: AbortSignal): Promise<readonly InboundMessage[]>;
  /** Gets a file that has no address that works. Rejects with a `QQMediaError` when it is larger than `maxBytes`. */
  openFile?(attachment: InboundAttachment, maxBytes: number, signal?: AbortSignal): Promise<InboundFile>;
  /** Nudges somebody (戳一戳). */
  poke?(target: Target, userId: string, signal?: AbortSignal): Promise<void>;
  /** Likes somebody's profile. `times`: 1 to 10. */
  like?(userId: string, times: number, signal?: AbortSignal): Promise<void>;
  /** Answers a request of a friend or a group. */
  decide?(request: ContactRequest, approve: boolean, signal?: AbortSignal): Promise<void>;
  /** Opens a guild DM with a member of a guild; resolves with the target to send to. */
  openDm?(userId: string, guildId: string, signal?: AbortSignal): Promise<Target & { readonly kind: "dm" }>;
}

/** A file that somebody sent: where to fetch it, or what it holds. */
export type InboundFile =
  | { readonly url: string; readonly bytes?: never }
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly name?: string; readonly url?: never };

/** What the person who pressed a button sees. */
export type InteractionResult = "done" | "failed" | "too-often" | "repeated" | "not-permitted" | "admins-only";

/**
 * Why a line is not up, for advice in another language than `why`: the token is refused, nobody can be reached, nobody has
 * connected yet, the connection was lost, nothing comes over it, calls are not answered, it is another account.
 */
export type LineReason = "token" | "unreachable" | "nobody" | "lost" | "silent" | "unanswered" | "account";

/** What the line is doing. `since` is when it began to, ms since the epoch. */
export type LineStatus =
  | { readonly state: "connecting"; readonly since: number; readonly why: string; readonly reason?: LineReason }
  /** `without`: what of its events the platform has not granted, as intents are named. */
  | { readonly state: "ready"; readonly since: number; readonly why: string; readonly without?: readonly string[] }
  /** The line is up, but the account behind it is not logged in to QQ. */
  | { readonly state: "offline"; readonly since: number; readonly why: string }
  /** The line is up and the account says it is online, but what others write does not come. */
  | { readonly state: "deaf"; readonly since: number; readonly why: string }
  | {
      readonly state: "waiting";
      readonly since: number;
      readonly why: string;
      readonly retryAt: number;
      readonly reason?: LineReason;
    }
  | { readonly state: "stopped"; readonly since: number; readonly why: string };

/** Why a callback was refused: what the checks tell apart. `stale`: well signed, and for another time than ours. */
export type CallbackRefusal = "another-bot" | "unsigned" | "wrong-signature" | "stale" | "other";

/**
 * In which way a message came: in a group because the bot was mentioned, or without that; of a personal account as
 * segments or as one CQ string.
 */
export type MessageWay = "group-mention" | "group-message" | "segments" | "cq-string";

/** Where a line tells what happens on it. Every member returns at once. */
export interface LineReport {
  status(status: LineStatus): void;
  /** Something came from the platform at `at`, ms since the epoch: a frame, an acknowledgement. */
  activity(at: number): void;
  /**
   * The console has asked whether the callback address is the bot's, and was answered at `at`, ms since the epoch. Only
   * what is signed proves to be QQ's; the console's own question came without (qq-official.md 3.4).
   */
  validated?(at: number, isSigned: boolean): void;
  /**
   * A callback that proves to be QQ's was refused for its time: this machine's clock is `aheadMs` ahead of it. Each
   * callback has a `signature` of its own, and a recording of one has the same.
   */
  clockOff?(aheadMs: number, signature: string): void;
  /** Whose account it is, once that is known. `software`: the OneBot implementation and its version. */
  identity?(who: { readonly id: string; readonly name: string; readonly software: string }): void;
  /** An event was left out, counted by a stable reason such as `event READY` or `malformed frame`. `refusal`: of a callback. */
  dropped(reason: string, refusal?: CallbackRefusal): void;
  /** A message has come, and in which way, where that shows how the other side is set up. */
  heard?(way: MessageWay): void;
}

/** The world outside, as one argument: a test gives its own. */
export interface Outside {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  readonly WebSocket: typeof globalThis.WebSocket;
  /** From 0 to below 1, for jitter; `Math.random` when absent. */
  readonly random?: () => number;
}

/** What every line is made with. */
export interface LineOptions {
  readonly outside: Outside;
  readonly log: Log;
  readonly accept: Accept;
  readonly report: LineReport;
}
