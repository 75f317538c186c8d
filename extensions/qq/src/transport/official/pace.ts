import { QQTransportError } from "../../errors.ts";
import type { Rate } from "../../protocol/official/rates.ts";
import type { Clock } from "../clock.ts";
import { firstOf } from "../deadline.ts";
import { refusalError } from "./refusal.ts";

/** One limit that a call comes under; calls with the same key share it. */
export interface Limit {
  readonly key: string;
  readonly rate: Rate;
}

/** Keeps calls below what the platform takes, so that it never has to refuse one for its rate. */
export interface Pace {
  /**
   * Runs `work` when it may be; first come, first served within each limit. Rejects with a `rate-limited` refusal of
   * our own, at once, when the wait would be longer than 10 s, and with `QQTransportError` when `signal` aborts first.
   * What was not run counts for nothing.
   */
  run<T>(limits: readonly Limit[], call: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The platform takes nothing under these limits for so many ms: nobody does, those who wait already included. */
  hold(limits: readonly Limit[], ms: number): void;
}

/** Longest wait for a turn, ms; a caller that has to wait longer decides for itself. */
const LONGEST_WAIT_MS = 10_000;
/** Limits of chats pile up: beyond so many, those that nobody is under any more are forgotten. */
const MANY_WINDOWS = 1000;

/** A call before, while and after it is made. */
interface Turn {
  /** When it is to begin, then when it was answered; ms since the epoch. */
  at: number;
  state: "waiting" | "running" | "over";
}

/** The calls under one limit, in the order they came. */
interface Window {
  turns: Turn[];
  readonly perMs: number;
  heldUntil: number;
}

interface Place {
  readonly window: Window;
  readonly count: number;
}

/**
 * QQ counts a call when it arrives, which is some time between its start and its answer. So a call counts from its
 * start until its window is over after its answer: however QQ counts and however slow the network is, no stretch of
 * a window's length sees more calls than the limit has.
 */
export function createPace(clock: Clock): Pace {
  const windows = new Map<string, Window>();
  let held = Promise.withResolvers<void>();
  const open = ({ key, rate }: Limit): Window => {
    const window = windows.get(key) ?? { turns: [], perMs: rate.perMs, heldUntil: 0 };
    windows.set(key, window);
    return window;
  };

  /** Resolves when the turn has come. */
  const wait = async (turn: Turn, places: readonly Place[], call: string, signal?: AbortSignal): Promise<void> => {
    const began = clock.now();
    for (;;) {
      const now = clock.now();
      turn.at = Math.max(now, ...places.map((place) => earliest(turn, place, now)));
      if (turn.at <= now) return;
      if (turn.at - began > LONGEST_WAIT_MS) throw heldBack(call, turn.at - now);
      await firstOf(clock, turn.at - now, held.promise, signal);
      if (signal?.aborted) {
        throw new QQTransportError(`given up while ${call} waited for its turn`, { cause: signal.reason });
      }
    }
  };

  return {
    async run(limits, call, work, signal) {
      if (windows.size > MANY_WINDOWS) forgetIdle(windows, clock.now());
      const places = limits.map((limit) => ({ window: open(limit), count: limit.rate.count }));
      const turn: Turn = { at: clock.now(), state: "waiting" };
      for (const { window } of places) window.turns = [...pruned(window, turn.at), turn];
      try {
        await wait(turn, places, call, signal);
      } catch (error) {
        for (const { window } of places) window.turns = window.turns.filter((other) => other !== turn);
        throw error;
      }
      turn.state = "running";
      try {
        return await work();
      } finally {
        turn.state = "over";
        turn.at = clock.now();
      }
    },
    hold(limits, ms) {
      for (const limit of limits) {
        const window = open(limit);
        window.heldUntil = Math.max(window.heldUntil, clock.now() + ms);
      }
      // Those who wait find a new turn now, in the order they came.
      held.resolve();
      held = Promise.withResolvers();
    },
  };
}

/** When this turn may come at the earliest, ms since the epoch, by what is known now. */
function earliest(turn: Turn, { window, count }: Place, now: number): number {
  const before = window.turns
    .slice(0, window.turns.indexOf(turn))
    .map(({ at, state }) => (state === "running" ? now : at))
    .sort((a, b) => a - b)
    .at(-count);
  return Math.max(window.heldUntil, before === undefined ? now : before + window.perMs);
}

/** The turns that still count. */
function pruned({ turns, perMs }: Window, now: number): Turn[] {
  return turns.filter(({ at, state }) => state !== "over" || at > now - perMs);
}

function forgetIdle(windows: Map<string, Window>, now: number): void {
  for (const [key, window] of windows) {
    if (window.heldUntil <= now && pruned(window, now).length === 0) windows.delete(key);
  }
}

function heldBack(call: string, ms: number) {
  return refusalError({
    kind: "rate-limited",
    retry: "later",
    status: 0,
    platformCode: 0,
    traceId: undefined,
    call,
    retryAfterMs: Math.ceil(ms),
    heldBack: true,
  });
}
