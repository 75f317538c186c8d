import { QQTransportError } from "../../errors.ts";
import { firstOf, untilAborted } from "../deadline.ts";
import type { Outside } from "../transport.ts";

/** The order in which an account sends. What is aborted while it waits rejects with `QQTransportError`: it was surely not sent. */
export interface SendQueue {
  /** Runs `work` once all that was asked for in that chat before has ended. */
  inChat<T>(chat: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Makes one send of the account when its turn has come, at least the gap after the answer to the one before it. */
  send<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * How long a send may keep those of other chats back, ms: NapCat waits as long for QQ to confirm a text
 * (onebot-napcat.md, 7.2). A large video may take half an hour, and must not silence every other chat.
 */
const LONGEST_TURN_MS = 10_000;

/**
 * Sends come one by one, and not in a steady beat: bursts are what accounts are restricted for (onebot-napcat.md, 7.1).
 * Between two of them lie `gapMs` and up to half as much again.
 */
export function createSendQueue({ clock, random = Math.random }: Outside, gapMs: number): SendQueue {
  const chats = new Map<string, Promise<void>>();
  let account = Promise.resolve();
  let nextAt = 0;

  return {
    async inChat(chat, work, signal) {
      const before = chats.get(chat) ?? Promise.resolve();
      const turn = Promise.withResolvers<void>();
      const ended = before.then(() => turn.promise);
      chats.set(chat, ended);
      void ended.then(() => {
        if (chats.get(chat) === ended) chats.delete(chat);
      });
      try {
        await waited(before, signal);
        return await work();
      } finally {
        turn.resolve();
      }
    },

    async send(work, signal) {
      const before = account;
      const turn = Promise.withResolvers<void>();
      account = before.then(() => turn.promise);
      try {
        await waited(before, signal);
        if (nextAt > clock.now()) await waited(clock.sleep(nextAt - clock.now(), signal), signal);
      } catch (error) {
        turn.resolve();
        throw error;
      }
      const sent = work();
      void firstOf(clock, LONGEST_TURN_MS, settled(sent)).then(() => {
        nextAt = clock.now() + gapMs + Math.round((gapMs / 2) * random());
        turn.resolve();
      });
      return await sent;
    },
  };
}

async function waited(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  await untilAborted(turn, signal).catch((cause: unknown) => {
    throw new QQTransportError("given up before it was sent", { cause });
  });
}

async function settled(sent: Promise<unknown>): Promise<void> {
  await sent.catch(() => undefined);
}
