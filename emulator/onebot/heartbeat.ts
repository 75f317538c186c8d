import type { Clock } from "../clock.ts";

/** A timer of heartbeats: one for all clients of an adapter (onebot-napcat.md 3). */
export interface Heartbeat {
  /** Does nothing while it runs. */
  start(): void;
  stop(): void;
}

/** `interval` is asked anew each time, ms; 0 or less is none. */
export function createHeartbeat(clock: Clock, interval: () => number, beat: () => void): Heartbeat {
  let disarm: (() => void) | undefined;
  const arm = (): void => {
    if (interval() > 0) {
      disarm = clock.after(interval(), () => {
        beat();
        arm();
      });
    }
  };
  return {
    start() {
      if (!disarm) arm();
    },
    stop() {
      disarm?.();
      disarm = undefined;
    },
  };
}
