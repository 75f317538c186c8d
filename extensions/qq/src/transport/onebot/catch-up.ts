import { QQApiError, QQError } from "../../errors.ts";
import type { Log } from "../log.ts";
import type { Outside } from "../transport.ts";
import type { Intake } from "./intake.ts";
import type { OneBotMark } from "./memory.ts";
import { readMissed, type HistoryReader } from "./missed.ts";
import type { ReadingMarks } from "./reading-marks.ts";
import type { RecentChat, RecentChats } from "./recent-chats.ts";

/** Reads out of history what nobody pushed. */
export interface CatchUp {
  /**
   * Reads what was missed up to now, in all conversations. In those that are known, what comes meanwhile waits its turn.
   * `reader` resolves once it is known who is asked; `undefined` when that will not be.
   */
  all(reader: Promise<HistoryReader | undefined>, signal: AbortSignal): Promise<void>;
  /** Reads the conversations among `chats` that have something newer than we know of; resolves with how much was found. */
  newer(reader: HistoryReader, chats: readonly RecentChat[], signal: AbortSignal): Promise<number>;
}

/** Conversations that are looked at after a gap, the newest ones. */
const MOST_CHATS = 50;
/** Longest time that what comes in a conversation waits for what was missed in it, ms. */
const HOLD_MS = 20_000;
/** Conversations at a time, and the pause after each, ms: the implementation has other work (`onebot-napcat.md` 7.6). */
const AT_ONCE = 2;
const PAUSE_MS = 100;
/** Pauses before conversations that could not be read are tried again, ms. */
const AGAIN_MS = [5000, 15_000, 45_000];
/** A message that is being pushed right now is not missed yet, ms: media are looked up before. */
const PUSH_MS = 15_000;
/** How far back nothing has been missed when nobody has ever looked, ms. */
const FIRST_MS = 60_000;

export interface CatchUpParts {
  readonly outside: Outside;
  readonly log: Log;
  readonly intake: Intake;
  readonly marks: ReadingMarks;
  readonly recent: RecentChats;
  /** When something came last before the gap, ms since the epoch; `undefined` when nothing has in this run. */
  readonly aliveAt: () => number | undefined;
}

export function createCatchUp(parts: CatchUpParts): CatchUp {
  const { outside, log, intake, marks } = parts;
  const { clock } = outside;
  /** Up to when a conversation was read, which its own messages move past the mark of what came. */
  const readUpTo = new Map<string, number>();
  let current: AbortController | undefined;
  const knownUpTo = (lane: string): number => Math.max(marks.of(lane)?.at ?? 0, readUpTo.get(lane) ?? 0);

  /** Stores what was missed in a conversation; resolves with how much it was. */
  const read = async (reader: HistoryReader, mark: OneBotMark, upTo: number, signal: AbortSignal): Promise<number> => {
    const { arrivals, newest, isCut } = await readMissed(reader, mark, signal);
    const missed = arrivals.filter(({ event }) => !intake.knows(event.key));
    for (const arrival of missed) await intake.takeMissed(arrival);
    if (newest) marks.move(newest);
    marks.settle(mark.lane);
    readUpTo.set(mark.lane, Math.max(upTo, newest?.at ?? 0));
    if (isCut) log.warn(`onebot history chat=${mark.lane} too long since the last message; older ones are left out`);
    if (missed.length > 0) log.info(`onebot messages read from history chat=${mark.lane} count=${missed.length}`);
    return missed.length;
  };

  /** Reads each of `jobs`, a few at a time; resolves with those that could not be read for now. */
  const readEach = async (reader: HistoryReader, jobs: Job[], done: (job: Job) => void, signal: AbortSignal) => {
    const unread: Job[] = [];
    const work = async (): Promise<void> => {
      for (let job = takeNext(jobs, intake); job && !signal.aborted; job = takeNext(jobs, intake)) {
        try {
          await read(reader, job.mark, job.upTo, signal);
        } catch (error) {
          if (isFinal(error)) marks.settle(job.mark.lane);
          else unread.push(job);
          if (!signal.aborted) log.debug(`onebot history not read chat=${job.mark.lane} why="${whyOf(error)}"`);
        }
        done(job);
        await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return [...unread, ...jobs];
  };

  /** The conversations to read: those that have something newer, the newest first, then those nobody has told of. */
  const plan = (known: readonly OneBotMark[], chats: readonly RecentChat[]): Job[] => {
    const floor = marks.all()[0]?.at ?? (parts.aliveAt() ?? clock.now()) - FIRST_MS;
    const recent = new Map(chats.map(({ lane, at }) => [lane, at]));
    const lanes = new Set([...recent.keys(), ...known.map(({ lane }) => lane)]);
    return [...lanes].slice(0, MOST_CHATS).flatMap((lane) => {
      const at = recent.get(lane);
      if (at !== undefined) marks.begin(lane, Math.min(at + 1, floor));
      const mark = marks.of(lane);
      const isRead = at !== undefined && (at < (mark?.at ?? 0) || at <= (readUpTo.get(lane) ?? 0));
      return mark && !isRead ? [{ mark, upTo: at ?? 0 }] : [];
    });
  };

  return {
    async all(reader, whole) {
      const superseded = new AbortController();
      current?.abort();
      current = superseded;
      const signal = AbortSignal.any([superseded.signal, whole]);
      marks.openGap();
      const known = marks.all().slice(0, MOST_CHATS);
      const holds = createHolds(
        intake,
        known.map(({ lane }) => lane),
      );
      void clock.sleep(HOLD_MS, signal).then(holds.releaseAll, holds.releaseAll);
      let jobs: Job[] | undefined;
      try {
        const ready = await reader;
        if (!ready) return;
        const chats = (await parts.recent(MOST_CHATS, signal)) ?? [];
        signal.throwIfAborted();
        jobs = ready.software.history === "none" ? [] : plan(known, chats);
        holds.releaseBut(jobs.map(({ mark }) => mark.lane));
        for (const pauseMs of [...AGAIN_MS, undefined]) {
          jobs = await readEach(ready, jobs, ({ mark }) => holds.release(mark.lane), signal);
          if (jobs.length === 0 || pauseMs === undefined) break;
          await clock.sleep(pauseMs, signal);
        }
        if (jobs.length > 0)
          log.warn(`onebot history of ${jobs.length} chats not read; tried again after the next gap`);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        holds.releaseAll();
        // Given up before anybody knew what is missing, the gap stays open until the next try.
        if (jobs && current === superseded) marks.closeGap(jobs.map(({ mark }) => mark.lane));
      }
    },

    async newer(reader, chats, signal) {
      if (reader.software.history === "none") return 0;
      let found = 0;
      for (const { lane, at } of chats) {
        if (at <= knownUpTo(lane) || at > clock.now() - PUSH_MS) continue;
        marks.begin(lane, at - FIRST_MS);
        const mark = marks.of(lane);
        if (mark) found += await read(reader, mark, at, signal);
      }
      return found;
    },
  };
}

interface Job {
  readonly mark: OneBotMark;
  /** When its newest message was written, as far as that is known, ms since the epoch. */
  readonly upTo: number;
}

/** Where somebody has written again first: what they wrote waits. */
function takeNext(jobs: Job[], intake: Intake): Job | undefined {
  const awaited = jobs.findIndex(({ mark }) => intake.isAwaited(mark.lane));
  return jobs.splice(Math.max(awaited, 0), 1)[0];
}

/** The implementation has answered, and will not say anything else later: an empty chat, a group that was left. */
function isFinal(error: unknown): boolean {
  return error instanceof QQApiError && !["offline", "rate-limited", "temporary", "token"].includes(error.kind);
}

function whyOf(error: unknown): string {
  return error instanceof QQError ? error.message : "unexpected failure";
}

/** What comes in these conversations waits, until each is released. */
function createHolds(intake: Intake, lanes: readonly string[]) {
  const held = new Map(lanes.map((lane) => [lane, intake.hold(lane)]));
  const release = (lane: string): void => {
    held.get(lane)?.();
    held.delete(lane);
  };
  const releaseBut = (kept: readonly string[]): void => {
    for (const lane of held.keys()) if (!kept.includes(lane)) release(lane);
  };
  return { release, releaseBut, releaseAll: () => releaseBut([]) };
}
