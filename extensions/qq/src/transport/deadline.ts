import type { Clock } from "./clock.ts";

/** The reason a deadline aborts with. */
class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Runs `work` with a signal that aborts after `ms`, or when `signal` does.
 * `work` must end when its signal aborts: it is waited for.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const late = new AbortController();
  void clock.sleep(ms, done.signal).then(
    () => late.abort(new DeadlineError(`no answer within ${ms} ms`)),
    () => undefined,
  );
  try {
    return await work(signal ? AbortSignal.any([late.signal, signal]) : late.signal);
  } finally {
    done.abort();
  }
}

/** The same promise, but given up (not stopped) when `signal` aborts. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Resolves after `ms`, when `event` does or when `signal` aborts; leaves no timer behind. */
export async function firstOf(clock: Clock, ms: number, event: Promise<void>, signal?: AbortSignal): Promise<void> {
  const done = new AbortController();
  const slept = clock.sleep(ms, signal ? AbortSignal.any([done.signal, signal]) : done.signal);
  await Promise.race([slept.catch(() => undefined), event]);
  done.abort();
}
