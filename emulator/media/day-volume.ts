import type { Clock } from "../clock.ts";
import { dayOf } from "../proactive.ts";
import { demand } from "../refusal.ts";
import type { MediaRules } from "./media-rules.ts";

/** How much a bot may upload in a day (qq-official.md 6.2). */
export interface DayVolume {
  /** Refuses with 40093002 what is too much for today; otherwise returns what books it. `size`: bytes. */
  check(bot: string, size: number): () => void;
  clear(): void;
}

export function createDayVolume({ clock, rules }: { clock: Clock; rules: MediaRules }): DayVolume {
  const used = new Map<string, number>();
  return {
    check(bot, size) {
      const key = `${bot} ${dayOf(clock.now())}`;
      demand((used.get(key) ?? 0) + size <= rules.dayBytes, 40093002);
      return () => void used.set(key, (used.get(key) ?? 0) + size);
    },
    clear: () => used.clear(),
  };
}
