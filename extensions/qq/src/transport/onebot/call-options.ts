import type { CallOptions } from "./calls.ts";

/** Options of a call that waits so long for its answer, ms, and no longer than `signal` lets it. */
export function within(timeoutMs: number, signal: AbortSignal | undefined): CallOptions {
  return { timeoutMs, ...(signal && { signal }) };
}
