import type { Clock } from "../clock.ts";

/**
 * Runs `work` with a signal that aborts once `ms` have passed since `touch` was last called, or when `signal` aborts.
 * `work` must end when its signal aborts: it is waited for.
 */
export async function withIdleDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, touch: () => void) => Promise<T>,
): Promise<T> {
  const idle = new AbortController();
  const done = new AbortController();
  let last = clock.now();
  const watch = async (): Promise<void> => {
    for (let left = ms; left > 0; left = last + ms - clock.now()) await clock.sleep(left, done.signal);
    idle.abort(new IdleError(`nothing came for ${ms} ms`));
  };
  void watch().catch(() => undefined);
  try {
    const both = signal ? AbortSignal.any([idle.signal, signal]) : idle.signal;
    return await work(both, () => (last = clock.now()));
  } finally {
    done.abort();
  }
}

/** The reason such a deadline aborts with. */
class IdleError extends Error {
  override readonly name = "DeadlineError";
}
