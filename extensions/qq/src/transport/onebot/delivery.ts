import { QQApiError, QQError, QQTransportError } from "../../errors.ts";
import type { SentMessage } from "../../message/outbound.ts";
import { formatTarget } from "../../message/target.ts";
import type { Log } from "../log.ts";
import { refusalError } from "../official/refusal.ts";
import type { Outside } from "../transport.ts";
import { createBreaker } from "./breaker.ts";
import { looksFor } from "./looks.ts";
import type { OwnMessage } from "./own-history.ts";
import type { PersonalTarget } from "./personal-target.ts";
import { createSendQueue } from "./send-queue.ts";
import { isSameContent, type SentContent } from "./sent-content.ts";

/** One message to deliver, and how. */
export interface Delivery {
  readonly target: PersonalTarget;
  /** The action, for errors. */
  readonly action: string;
  readonly content: SentContent;
  /** Sends it; resolves with its id where that is told. */
  send(): Promise<string | undefined>;
  /** Of the media in it, bytes; absent where there are none. Media that are not found are not sent again: QQ may be at it. */
  readonly mediaBytes?: number | undefined;
  /** What has not arrived is not sent again, and rejects with a refusal whose `retry` is `never`: the caller has another way. */
  readonly once?: true;
}

/** Sends in order, finds out what became of what had no answer, and leaves chats alone that swallow what is sent. */
export interface Deliveries {
  deliver(delivery: Delivery, signal?: AbortSignal): Promise<SentMessage>;
  /** Runs `work`, which delivers, before anything else that is asked for in that chat. */
  inChat<T>(target: PersonalTarget, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export interface DeliveryParts {
  readonly outside: Outside;
  readonly log: Log;
  /** Least pause between two sends, ms. */
  readonly sendGapMs: number;
  /** Whether a message of a chat (`formatTarget`) is the account's own and was known as sent, in a run before. */
  readonly isSent: (messageId: string, chat: string) => boolean;
  /** The newest messages of the account's own in a chat, oldest first. */
  readonly readOwn: (target: PersonalTarget, signal?: AbortSignal) => Promise<readonly OwnMessage[]>;
}

/**
 * A message counts as not arrived after two looks without it: the one right after a stall of NapCat may be answered
 * before the send that waited as long.
 */
const LOOKS_WITHOUT = 2;
/** How far QQ's clock may be from ours, ms. */
const CLOCKS_APART_MS = 120_000;
/** Own messages remembered by their ids, for the whole account. */
const MOST_KNOWN = 1000;

/** What history says of a send. `unreadable`: nothing, and it never will. */
type Fate = { readonly id: string } | "absent" | "unreadable";

export function createDeliveries({ outside, log, sendGapMs, readOwn, isSent }: DeliveryParts): Deliveries {
  const { clock } = outside;
  const queue = createSendQueue(outside, sendGapMs);
  const breaker = createBreaker(clock);
  /** By chat and id. */
  const known = new Set<string>();

  const remember = (id: string, chat: string): SentMessage => {
    known.add(`${chat} ${id}`);
    const [oldest] = known;
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
    return { messageId: id, quoteIndex: id };
  };

  const look = async (
    { target, content }: Delivery,
    since: number,
    signal?: AbortSignal,
  ): Promise<Fate | "not-now"> => {
    const chat = formatTarget(target);
    const isKnown = (id: string): boolean => known.has(`${chat} ${id}`) || isSent(id, chat);
    try {
      const found = newestSame(content, unknownSince(await readOwn(target, signal), since, isKnown));
      return found ?? "absent";
    } catch (error) {
      if (!(error instanceof QQError)) throw error;
      return error instanceof QQApiError && error.kind === "unsupported" ? "unreadable" : "not-now";
    }
  };

  const findOut = async (delivery: Delivery, since: number, signal?: AbortSignal): Promise<Fate> => {
    let without = 0;
    for (const pauseMs of looksFor(delivery.mediaBytes)) {
      await clock.sleep(pauseMs, signal);
      const fate = await look(delivery, since, signal);
      if (typeof fate === "object" || fate === "unreadable") return fate;
      if (fate === "absent" && ++without >= LOOKS_WITHOUT && !isMedia(delivery)) return "absent";
    }
    return without > 0 && isMedia(delivery) ? "absent" : "unreadable";
  };

  /** What became of a send without an answer; rejects with its `error` where nobody can say. */
  const settle = async (delivery: Delivery, since: number, error: QQError, signal?: AbortSignal): Promise<Fate> => {
    const began = clock.now();
    const fate = await findOut(delivery, since, signal).catch((): Fate => "unreadable");
    const what = typeof fate === "object" ? "arrived" : fate;
    log.warn(`send without an answer action=${delivery.action} history=${what} afterMs=${clock.now() - began}`);
    if (fate === "unreadable" || (fate === "absent" && isMedia(delivery))) throw unknownOutcome(delivery.action, error);
    return fate;
  };

  /** The id where it is told at all: actions for files tell none, and history may show them late. */
  const named = async (delivery: Delivery, since: number, id: string | undefined, signal?: AbortSignal) => {
    const chat = formatTarget(delivery.target);
    if (id !== undefined) return remember(id, chat);
    const seen = await look(delivery, since, signal);
    return typeof seen === "object" ? remember(seen.id, chat) : ({ duplicate: true } as const);
  };

  const attempt = async (delivery: Delivery, signal?: AbortSignal): Promise<SentMessage | QQError> => {
    const chat = formatTarget(delivery.target);
    let since = clock.now();
    try {
      const id = await queue.send(async () => {
        since = clock.now();
        return await delivery.send();
      }, signal);
      breaker.answered(chat);
      return await named(delivery, since, id, signal);
    } catch (error) {
      if (!(error instanceof QQError) || !error.mayHaveArrived) {
        if (error instanceof QQApiError) breaker.answered(chat);
        throw error;
      }
      breaker.unanswered(chat);
      const fate = await settle(delivery, since, error, signal);
      if (typeof fate !== "object") return error;
      breaker.answered(chat);
      return remember(fate.id, chat);
    }
  };

  return {
    inChat: async (target, work, signal) => await queue.inChat(formatTarget(target), work, signal),
    async deliver(delivery, signal) {
      const chat = formatTarget(delivery.target);
      breaker.admit(chat, delivery.action);
      const first = await attempt(delivery, signal);
      if (!(first instanceof QQError)) return first;
      if (delivery.once) throw notArrived(delivery.action);
      if (breaker.isClosed(chat)) throw unknownOutcome(delivery.action, first);
      const second = await attempt(delivery, signal);
      if (second instanceof QQError) throw unknownOutcome(delivery.action, second);
      return second;
    },
  };
}

function isMedia({ mediaBytes }: Delivery): boolean {
  return mediaBytes !== undefined;
}

/** Those that can be of a send that began at `since`: newer than all that were known before, as far as any was. */
function unknownSince(messages: readonly OwnMessage[], since: number, isKnown: (id: string) => boolean) {
  const lastKnown = messages.findLastIndex(({ id }) => isKnown(id));
  if (lastKnown >= 0) return messages.slice(lastKnown + 1);
  return sentSince(messages, since);
}

/** Those that may have been sent since, ms since the epoch by our clock. */
export function sentSince(messages: readonly OwnMessage[], since: number): readonly OwnMessage[] {
  return messages.filter(({ at }) => at >= since - CLOCKS_APART_MS);
}

export function newestSame(content: SentContent, messages: readonly OwnMessage[]): OwnMessage | undefined {
  return messages.findLast((message) => isSameContent(content, message.content));
}

/** It went out and history does not have it: the caller has to find another way. */
function notArrived(call: string): QQApiError {
  return refusalError({
    kind: "temporary",
    retry: "never",
    status: 0,
    platformCode: 0,
    traceId: undefined,
    call,
  });
}

function unknownOutcome(action: string, cause: QQError): QQTransportError {
  return new QQTransportError(
    `${action} had no answer, and the chat's history does not say that it arrived; look into the chat before it is sent again`,
    { cause, mayHaveArrived: true },
  );
}
