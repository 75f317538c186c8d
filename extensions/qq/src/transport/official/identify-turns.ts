import type { Clock } from "../clock.ts";
import { firstOf } from "../deadline.ts";

/** The turn of one shard to Identify. */
export interface IdentifyTurn {
  /** Identify goes out. */
  sent(): void;
  /** The platform has answered it, or the connection has ended: a turn that was not used is the next one's at once. */
  over(): void;
}

/** Spaces the Identifies of a bot's shards. */
export interface IdentifyTurns {
  /** Resolves when the next one may be sent; `concurrency` is `max_concurrency`. Rejects when `signal` aborts. */
  take(concurrency: number, signal: AbortSignal): Promise<IdentifyTurn>;
}

/** `max_concurrency` Identifies may come within this, ms (QQ, "Gateway"). */
const EVERY_MS = 5000;

/** Counted from the answer to an Identify: how long one is on its way is anybody's guess. */
export function createIdentifyTurns(clock: Clock): IdentifyTurns {
  let dialling = 0;
  let answeredAt: readonly number[] = [];
  let changed = Promise.withResolvers<void>();
  const leave = (): void => {
    dialling--;
    changed.resolve();
    changed = Promise.withResolvers();
  };
  return {
    async take(concurrency, signal) {
      for (;;) {
        const now = clock.now();
        answeredAt = answeredAt.filter((at) => at > now - EVERY_MS);
        if (dialling + answeredAt.length < Math.max(1, concurrency)) break;
        await firstOf(clock, (answeredAt[0] ?? now) + EVERY_MS - now, changed.promise, signal);
        signal.throwIfAborted();
      }
      dialling++;
      let state: "open" | "sent" | "over" = "open";
      return {
        sent: () => {
          state = "sent";
        },
        over: () => {
          if (state === "over") return;
          if (state === "sent") answeredAt = [...answeredAt, clock.now()];
          state = "over";
          leave();
        },
      };
    },
  };
}
