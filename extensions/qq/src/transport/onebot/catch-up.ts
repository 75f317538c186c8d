import { QQApiError, QQError, type FaultKind } from "../../errors.ts";
import type { Log } from "../log.ts";
import type { Outside } from "../transport.ts";
import { createHolds } from "./holds.ts";
import type { Intake } from "./intake.ts";
import type { OneBotMark } from "./memory.ts";
import { readMissed, type HistoryReader } from "./missed.ts";
import { createReach, OVERTAKEN_MS } from "./reach.ts";
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
/** Conversations without an answer after which the others are left for the next look: each costs a long wait. */
const MOST_UNANSWERED = 2;

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
  const reach = createReach(clock, marks, parts.aliveAt);
  let current: AbortController | undefined;
  const knownUpTo = (lane: string): number => Math.max(marks.of(lane)?.at ?? 0, readUpTo.get(lane) ?? 0);

  const settle = (lane: string): void => {
    marks.settle(lane);
    reach.settle(lane);
  };

  /** Stores what was missed in a conversation; resolves with how much of it is newer than its mark. */
  const read = async (reader: HistoryReader, job: Job, signal: AbortSignal): Promise<number> => {
    const { mark, since, upTo } = job;
    const { arrivals, newest, isCut } = await readMissed(reader, mark, since, signal);
    const unknown = arrivals.filter(({ event }) => !intake.knows(event.key));
    for (const arrival of unknown) await intake.takeMissed(arrival);
    if (newest) marks.move(newest);
    settle(mark.lane);
    readUpTo.set(mark.lane, Math.max(upTo, newest?.at ?? 0));
    // Those from before the mark the inbox may know from an earlier run.
    const missed = unknown.filter(({ message }) => message !== undefined && message.at >= mark.at);
    if (isCut) log.warn(`onebot history chat=${mark.lane} too long since the last message; older ones are left out`);
    if (missed.length > 0) log.info(`onebot messages read from history chat=${mark.lane} count=${missed.length}`);
    return missed.length;
  };

  const noteUnread = ({ mark }: Job, error: unknown, signal: AbortSignal): void => {
    if (!signal.aborted) log.debug(`onebot history not read chat=${mark.lane} why="${whyOf(error)}"`);
  };

  /** Reads each of `jobs`, a few at a time; resolves with those that could not be read for now. */
  const readEach = async (reader: HistoryReader, jobs: Job[], done: (job: Job) => void, signal: AbortSignal) => {
    const unread: Job[] = [];
    const work = async (): Promise<void> => {
      for (let job = takeNext(jobs, intake); job && !signal.aborted; job = takeNext(jobs, intake)) {
        try {
          await read(reader, job, signal);
        } catch (error) {
          if (isFinal(error)) settle(job.mark.lane);
          else unread.push(job);
          noteUnread(job, error, signal);
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
    const floor = reach.floor();
    const recent = new Map(chats.map(({ lane, at }) => [lane, at]));
    const lanes = new Set([...recent.keys(), ...known.map(({ lane }) => lane)]);
    return [...lanes].slice(0, MOST_CHATS).flatMap((lane) => {
      const at = recent.get(lane);
      if (at !== undefined) marks.begin(lane, Math.min(at + 1, floor));
      const mark = marks.of(lane);
      const isRead = at !== undefined && (at < (mark?.at ?? 0) || at <= (readUpTo.get(lane) ?? 0));
      return mark && !isRead ? [{ mark, since: reach.owe(mark, floor), upTo: at ?? 0 }] : [];
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
      const floor = reach.floor();
      let found = 0;
      let unanswered = 0;
      for (const { lane, at } of chats) {
        if (signal.aborted || unanswered >= MOST_UNANSWERED) break;
        if (at <= knownUpTo(lane) || at > clock.now() - PUSH_MS) continue;
        marks.begin(lane, at - OVERTAKEN_MS);
        const mark = marks.of(lane);
        if (!mark) continue;
        const job = { mark, since: reach.since(mark, floor), upTo: at };
        try {
          found += await read(reader, job, signal);
        } catch (error) {
          if (isFinal(error)) readUpTo.set(lane, at);
          if (!(error instanceof QQApiError)) unanswered++;
          noteUnread(job, error, signal);
        }
      }
      return found;
    },
  };
}

interface Job {
  readonly mark: OneBotMark;
  /** From when on it is read, ms since the epoch: not after its mark. */
  readonly since: number;
  /** When its newest message was written, as far as that is known, ms since the epoch. */
  readonly upTo: number;
}

/** Where somebody has written again first: what they wrote waits. */
function takeNext(jobs: Job[], intake: Intake): Job | undefined {
  const awaited = jobs.findIndex(({ mark }) => intake.isAwaited(mark.lane));
  return jobs.splice(Math.max(awaited, 0), 1)[0];
}

/** What is no better later: an empty chat, a group that was left, no such action. Any other refusal may pass. */
const FINAL: ReadonlySet<FaultKind> = new Set(["target", "removed", "stranger", "unsupported"]);

function isFinal(error: unknown): boolean {
  return error instanceof QQApiError && FINAL.has(error.kind);
}

function whyOf(error: unknown): string {
  return error instanceof QQError ? error.message : "unexpected failure";
}
