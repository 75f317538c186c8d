export interface BackoffRule {
  /** First pause, ms. */
  readonly firstMs: number;
  /** Longest pause, ms. */
  readonly maxMs: number;
}

/**
 * Pause before try number `attempt` (0 is the first retry), ms: doubling up to the most, half of it drawn at random
 * so that bots cut off together do not come back together. There is no last attempt.
 */
export function backoff(rule: BackoffRule, attempt: number, random: () => number): number {
  const full = Math.min(rule.maxMs, rule.firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
