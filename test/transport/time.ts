import { createMovableClock, systemClock, type Clock as EmulatorClock } from "../../emulator/clock.ts";
import type { Clock } from "../../extensions/qq/src/transport/clock.ts";

/**
 * Time that the emulated QQ and the line share. It runs as the machine's does and can be moved ahead of it, so that
 * nobody sits through a pause, and the two never disagree about how late it is.
 */
export interface Time {
  readonly emulator: EmulatorClock;
  readonly line: Clock;
  advance(ms: number): void;
  /** Moves to the end of the next pause of the line, if there is one; deadlines of calls and beats are no pauses. */
  skipPause(): void;
}

/** Pauses before another try, ms: above is a call's deadline, below what a line gives its own store. */
const PAUSE = { from: 400, to: 10_000 };

interface Sleeper {
  readonly ms: number;
  readonly at: number;
}

export function createTime(): Time {
  const clock = createMovableClock(systemClock);
  const asleep = new Set<Sleeper>();
  const line: Clock = {
    now: () => clock.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper: Sleeper = { ms, at: clock.now() + ms };
        const leave = (): void => {
          asleep.delete(sleeper);
          signal?.removeEventListener("abort", onAbort);
        };
        const callOff = clock.after(ms, () => {
          leave();
          resolve();
        });
        const onAbort = (): void => {
          callOff();
          leave();
          reject(signal?.reason);
        };
        asleep.add(sleeper);
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
  };
  return {
    emulator: clock,
    line,
    advance: (ms) => clock.advance(ms),
    skipPause() {
      const pauses = [...asleep].filter(({ ms }) => ms >= PAUSE.from && ms <= PAUSE.to);
      const next = Math.min(...pauses.map(({ at }) => at));
      if (Number.isFinite(next)) clock.advance(Math.max(0, next - clock.now()));
    },
  };
}
