import type { Log } from "../log.ts";
import type { OneBotMark, OneBotMemory } from "./memory.ts";

/** How far each conversation has been read. While a gap is open, a mark stays where it was until its chat is settled. */
export interface ReadingMarks {
  of(lane: string): OneBotMark | undefined;
  /** The conversation with the newest message first. */
  all(): readonly OneBotMark[];
  /** A message of the conversation is stored, or need not be. */
  move(mark: OneBotMark): void;
  /** A conversation without a mark is to be read from `at` on, ms since the epoch. */
  begin(lane: string, at: number): void;
  /** From now on messages may be missing before those that come. Does nothing while a gap is open. */
  openGap(): void;
  /** What was missing in the conversation is stored. */
  settle(lane: string): void;
  /** Nothing is missing any more, but in these conversations: their marks stay until they are settled. */
  closeGap(unread: Iterable<string>): void;
}

/** Reads the memory once. A memory that fails costs a warning: more is then read again after a restart. */
export function createReadingMarks(memory: OneBotMemory, log: Log): ReadingMarks {
  const marks = new Map(memory.marks().map((mark) => [mark.lane, mark]));
  /** Where marks will stand once their gap is settled. */
  const ahead = new Map<string, OneBotMark>();
  const owed = new Set<string>();
  let isGap = false;
  const set = (mark: OneBotMark): void => {
    const known = marks.get(mark.lane);
    if (known && (known.at > mark.at || (known.at === mark.at && known.messageId === mark.messageId))) return;
    marks.set(mark.lane, mark);
    try {
      memory.mark(mark);
    } catch (error) {
      log.warn(`onebot mark not kept error=${error instanceof Error ? error.name : "failure"}`);
    }
  };
  const flush = (lane: string): void => {
    const mark = ahead.get(lane);
    ahead.delete(lane);
    if (mark) set(mark);
  };
  return {
    of: (lane) => marks.get(lane),
    all: () => [...marks.values()].sort((a, b) => b.at - a.at),
    move(mark) {
      if (!isGap && !owed.has(mark.lane)) return set(mark);
      const known = ahead.get(mark.lane);
      if (!known || known.at <= mark.at) ahead.set(mark.lane, mark);
    },
    begin(lane, at) {
      if (!marks.has(lane)) set({ lane, messageId: "", at });
    },
    openGap: () => {
      isGap = true;
    },
    settle(lane) {
      owed.delete(lane);
      flush(lane);
    },
    closeGap(unread) {
      isGap = false;
      for (const lane of unread) owed.add(lane);
      for (const lane of ahead.keys()) if (!owed.has(lane)) flush(lane);
    },
  };
}
