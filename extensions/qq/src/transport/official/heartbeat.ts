import type { Clock } from "../clock.ts";

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly beat: () => void;
  /** Whether the last beat has been answered. */
  readonly answered: () => boolean;
}

/**
 * How long a beat may stay unanswered, of the interval. A peer that goes silent just after an answer is found out after
 * 1.4 intervals; QQ answers within 50 ms, so 0.4 of its 41 s is no strain.
 */
const PATIENCE = 0.4;

/**
 * Beats until `signal` aborts; resolves earlier when the peer is dead: a beat was not answered.
 * The first beat comes after a random part of the interval, so that bots cut off together do not beat together.
 */
export async function runHeartbeat(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  const { clock, intervalMs } = options;
  const wait = async (ms: number): Promise<boolean> =>
    clock.sleep(ms, signal).then(
      () => true,
      () => false,
    );
  for (let pause = intervalMs * options.random(); await wait(pause); pause = intervalMs * (1 - PATIENCE)) {
    options.beat();
    if (!(await wait(intervalMs * PATIENCE)) || !options.answered()) return;
  }
}
