import type { Clock } from "../clock.ts";
import type { CatchUp } from "./catch-up.ts";
import type { LineState } from "./line-state.ts";
import type { HistoryReader } from "./missed.ts";
import type { RecentChats } from "./recent-chats.ts";

/** Notices that a line which is up and online brings no messages. */
export interface Hearing {
  /** A message was pushed. */
  heard(): void;
  /** The implementation has said that the account is online. Looks, now and then, whether it keeps something back. */
  pulse(reader: HistoryReader, signal: AbortSignal): Promise<void>;
}

/** Silence after which one looks, and the pause between two looks, ms. */
const SILENT_MS = 60_000;
const LOOK_MS = 60_000;
/** Conversations that are looked at: those where the account itself has just written are among them. */
const CHATS = 20;
/** Those that are read once it is clear that something is kept back. */
const ALL_CHATS = 50;
/** Looks in a row that find what nobody has pushed, after which the line is deaf: a single message may just be slow. */
const LOOKS = 2;

export function createHearing(clock: Clock, state: LineState, recent: RecentChats, catchUp: CatchUp): Hearing {
  let heardAt = clock.now();
  let lookedAt = clock.now();
  let found = 0;
  return {
    heard() {
      heardAt = clock.now();
      found = 0;
      state.heard();
    },
    async pulse(reader, signal) {
      const now = clock.now();
      if (now - heardAt < SILENT_MS || now - lookedAt < LOOK_MS) return;
      lookedAt = now;
      const chats = await recent(CHATS, signal);
      if (!chats || (await catchUp.newer(reader, chats, signal)) === 0) return;
      if (chats.length >= CHATS) await catchUp.newer(reader, (await recent(ALL_CHATS, signal)) ?? [], signal);
      // What was being read may have been pushed meanwhile.
      if (heardAt > now) return;
      found++;
      if (found >= LOOKS) state.deaf();
    },
  };
}
