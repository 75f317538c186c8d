import { refusalError } from "../official/refusal.ts";
import type { Clock } from "../clock.ts";

/**
 * Stops sends to a chat that swallows them: QQ's risk control answers nothing and shows nothing there, usually for
 * hours, and every further try makes it worse (onebot-napcat.md, 7.1). Sends to one chat come one after the other.
 */
export interface Breaker {
  /** Throws a `temporary` refusal of our own while the chat is closed. The first send after that is the probe. */
  admit(chat: string, call: string): void;
  isClosed(chat: string): boolean;
  /** QQ has answered for this chat, be it with a refusal. */
  answered(chat: string): void;
  /** A send there had no answer that says what became of it. */
  unanswered(chat: string): void;
}

/** Sends without an answer, one after the other, that close a chat (onebot-napcat.md, 7.1). */
const MOST_UNANSWERED = 3;
const FIRST_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

interface Trouble {
  unanswered: number;
  /** ms; doubles with every probe that has no answer either. */
  pauseMs: number;
  /** ms since the epoch. */
  closedUntil: number;
}

export function createBreaker(clock: Clock): Breaker {
  const troubles = new Map<string, Trouble>();
  const msLeft = (chat: string): number => (troubles.get(chat)?.closedUntil ?? 0) - clock.now();
  return {
    admit(chat, call) {
      const left = msLeft(chat);
      if (left > 0) throw heldBack(call, left);
    },
    isClosed: (chat) => msLeft(chat) > 0,
    answered: (chat) => void troubles.delete(chat),
    unanswered(chat) {
      const trouble = troubles.get(chat) ?? { unanswered: 0, pauseMs: FIRST_PAUSE_MS, closedUntil: 0 };
      troubles.set(chat, trouble);
      if (++trouble.unanswered < MOST_UNANSWERED) return;
      trouble.closedUntil = clock.now() + trouble.pauseMs;
      trouble.pauseMs = Math.min(trouble.pauseMs * 2, LONGEST_PAUSE_MS);
    },
  };
}

function heldBack(call: string, ms: number) {
  return refusalError({
    kind: "temporary",
    retry: "later",
    status: 0,
    platformCode: 0,
    traceId: undefined,
    call,
    retryAfterMs: Math.ceil(ms),
    heldBack: true,
  });
}
