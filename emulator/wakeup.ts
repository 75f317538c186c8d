import type { Target } from "./passive.ts";
import { demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

interface Silence {
  /** When the person wrote last. */
  readonly since: number;
  /** Ends of the periods whose wake-up was sent. */
  readonly used: Set<number>;
}

/**
 * Wake-ups (qq-official.md 5.6): after a person's last message one push is taken in each period, and none before their
 * first. The periods are counted from that message and not by the calendar (INF).
 */
export interface WakeupRule {
  /** A person writes to a bot: every period begins anew. */
  heard(bot: string, person: string, now: number): void;
  /** Throws 40034122 when the period's push was sent or there is no period; otherwise returns what books it. */
  check(target: Target, now: number): () => void;
  clear(): void;
}

export function createWakeupRule(rules: Rules): WakeupRule {
  const silences = new Map<string, Silence>();
  return {
    heard: (bot, person, now) => void silences.set(`${bot}/${person}`, { since: now, used: new Set() }),
    check({ bot, peer }, now) {
      const silence = silences.get(`${bot}/${peer}`);
      demand(silence !== undefined, 40034122);
      const period = rules.wakeupEndsMs.find((end) => now - silence.since < end);
      demand(period !== undefined && !silence.used.has(period), 40034122);
      return () => silence.used.add(period);
    },
    clear: () => silences.clear(),
  };
}
