import type { Clock } from "../clock.ts";

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves the time forward, waking each sleeper at its own moment, and lets what they start come to rest. */
  advance(ms: number): Promise<void>;
  /** Lets everything that is not waiting for the clock come to rest. */
  settle(): Promise<void>;
  /** How many are asleep. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** 2026-09-21T22:13:20+08:00, the time of the signature vectors. */
export const FAKE_NOW = 1_790_000_000_000;

export function createFakeClock(start = FAKE_NOW): FakeClock {
  let now = start;
  const asleep = new Set<Sleeper>();
  const next = (until: number): Sleeper | undefined =>
    [...asleep].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    get sleepers() {
      return asleep.size;
    },
    sleep: async (ms, signal) =>
      await new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = (): void => {
          asleep.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = (): void => {
          asleep.delete(sleeper);
          signal?.removeEventListener("abort", onAbort);
          resolve();
        };
        const sleeper: Sleeper = { at: now + ms, wake };
        asleep.add(sleeper);
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
    settle: comeToRest,
    async advance(ms) {
      await comeToRest();
      const until = now + ms;
      for (let sleeper = next(until); sleeper; sleeper = next(until)) {
        now = Math.max(now, sleeper.at);
        sleeper.wake();
        await comeToRest();
      }
      now = until;
    },
  };
}

/** Microtasks run dry between two turns of the event loop; a few turns, since streams hop over them. */
async function comeToRest(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise<void>((resume) => setImmediate(resume));
}
