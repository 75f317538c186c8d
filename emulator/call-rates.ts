import type { Clock } from "./clock.ts";
import { demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

/** Limits of calls per bot (qq-official.md 10): buckets that fill up again steadily. */
export interface CallRates {
  /** Takes one from the bucket of a call, or throws 100001. `call` is "METHOD /pattern". */
  take(appId: string, call: string): void;
}

export function createCallRates(clock: Clock, rules: Rules): CallRates {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    take(appId, call) {
      const rate = rules.callRates[call];
      if (!rate) return;
      const now = clock.now();
      const key = `${appId} ${call}`;
      const bucket = buckets.get(key) ?? { level: rate.burst, at: now };
      const level = Math.min(rate.burst, bucket.level + ((now - bucket.at) / rate.perMs) * rate.count);
      const allowed = level >= 1;
      buckets.set(key, { level: allowed ? level - 1 : level, at: now });
      demand(allowed, 100001);
    },
  };
}
