/** Time as the emulator sees it. All times are ms; `now` is ms since the epoch. */
export interface Clock {
  now(): number;
  /** Runs `run` once after `ms`; the returned function calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** A clock that can be moved forward; what falls due on the way runs in order, each at its own time. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
  /** Calls off everything that is waiting. */
  stop(): void;
}

/** Longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    if (ms > LONGEST_TIMER_MS) return () => {};
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

interface Due {
  readonly at: number;
  readonly run: () => void;
  disarm: () => void;
}

/** Lays a clock over `base` that runs along with it and can be moved ahead of it. */
export function createMovableClock(base: Clock): MovableClock {
  const waiting = new Set<Due>();
  let ahead = 0;
  const now = (): number => base.now() + ahead;

  const fire = (due: Due): void => {
    due.disarm();
    waiting.delete(due);
    due.run();
  };
  const arm = (due: Due): void => {
    due.disarm = base.after(Math.max(0, due.at - now()), () => fire(due));
  };
  const nextBefore = (target: number): Due | undefined =>
    [...waiting].filter((due) => due.at <= target).toSorted((a, b) => a.at - b.at)[0];

  return {
    now,
    after(ms, run) {
      if (ms === Number.POSITIVE_INFINITY) return () => {};
      const due: Due = { at: now() + ms, run, disarm: () => {} };
      waiting.add(due);
      arm(due);
      return () => {
        due.disarm();
        waiting.delete(due);
      };
    },
    advance(ms) {
      const target = now() + ms;
      for (let due = nextBefore(target); due; due = nextBefore(target)) {
        ahead += Math.max(0, due.at - now());
        fire(due);
      }
      ahead += Math.max(0, target - now());
      for (const due of waiting) {
        due.disarm();
        arm(due);
      }
    },
    stop() {
      for (const due of waiting) due.disarm();
      waiting.clear();
    },
  };
}

/** A clock that stands still until it is moved: for tests. `start` is ms since the epoch. */
export function createManualClock(start = Date.UTC(2026, 10, 20, 1, 30)): MovableClock {
  return createMovableClock({ now: () => start, after: () => () => {} });
}
