import { QQTransportError } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import { firstOf } from "../deadline.ts";

/** Keeps sends back while the gateway socket that they depend on is down. A line that does not run holds nothing. */
export interface Hold {
  /** So many shards are to come up. */
  began(shards: number): void;
  up(shard: number): void;
  down(shard: number): void;
  /** The line runs no more. */
  ended(): void;
  /**
   * Resolves once these shards are up, and at the latest 15 s after they went down: a send needs no socket, and a
   * gateway that stays away must not cost every answer its 15 s. Rejects with `QQTransportError` when `signal` aborts.
   */
  wait(shards: readonly number[], signal?: AbortSignal): Promise<void>;
}

/** How long a send waits for a socket that has gone, ms: a resume takes a second, and one that fails a few. */
export const HOLD_MS = 15_000;

export function createHold(clock: Clock): Hold {
  /** When each shard that is down went down, ms since the epoch. */
  const downSince = new Map<number, number>();
  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const down = (shard: number): void => {
    if (!downSince.has(shard)) downSince.set(shard, clock.now());
  };
  return {
    began(shards) {
      for (let shard = 0; shard < shards; shard++) down(shard);
    },
    up(shard) {
      downSince.delete(shard);
      change();
    },
    down,
    ended() {
      downSince.clear();
      change();
    },
    async wait(shards, signal) {
      for (;;) {
        const until = Math.max(0, ...shards.map((shard) => (downSince.get(shard) ?? -HOLD_MS) + HOLD_MS));
        if (until <= clock.now()) return;
        await firstOf(clock, until - clock.now(), changed.promise, signal);
        if (signal?.aborted) {
          throw new QQTransportError("given up while the gateway was away", { cause: signal.reason });
        }
      }
    },
  };
}
