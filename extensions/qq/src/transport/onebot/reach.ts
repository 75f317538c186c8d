import type { Clock } from "../clock.ts";
import type { OneBotMark } from "./memory.ts";
import type { ReadingMarks } from "./reading-marks.ts";

/** From when on conversations are read out of history. All times are ms since the epoch. */
export interface Reach {
  /** Nothing that is older than this is missing anywhere, if the line stops bringing messages just now. */
  floor(): number;
  /** From when on a conversation is read: its mark, or as far before it as a message may have been overtaken. */
  since(mark: OneBotMark, floor: number): number;
  /** The same for one whose mark stays until it is settled: from now until then it is read from there. */
  owe(mark: OneBotMark, floor: number): number;
  /** The conversation has been read, or never can be. */
  settle(lane: string): void;
}

/** How late a message may be pushed, ms: those that are older than this have come before the gap. */
export const OVERTAKEN_MS = 60_000;
/** The inbox keeps repetitions out for 30 days (the host's standard retention); a day less, since clocks differ. */
export const REPEATABLE_MS = 29 * 24 * 3_600_000;

/**
 * What came last, in any conversation, is where a gap begins at the earliest: what was written in the minute before it may
 * have been on its way still. No more than that minute is read twice, whose messages are the newest that the inbox knows.
 */
export function createReach(clock: Clock, marks: ReadingMarks, aliveAt: () => number | undefined): Reach {
  /** At the first start of all, nothing that is older was ever meant for us. */
  const began = marks.all().length === 0 ? clock.now() - OVERTAKEN_MS : Number.NEGATIVE_INFINITY;
  const owed = new Map<string, number>();
  const since = (mark: OneBotMark, floor: number): number => {
    const isTaken = mark.messageId !== "" && mark.at > clock.now() - REPEATABLE_MS;
    return owed.get(mark.lane) ?? (isTaken ? Math.min(mark.at, floor) : mark.at);
  };
  return {
    since,
    floor() {
      const last = marks.all()[0]?.at ?? aliveAt() ?? clock.now();
      return Math.max(began, last - OVERTAKEN_MS);
    },
    owe(mark, floor) {
      const from = since(mark, floor);
      owed.set(mark.lane, from);
      return from;
    },
    settle: (lane) => void owed.delete(lane),
  };
}
