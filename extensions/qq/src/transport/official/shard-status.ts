import type { StatusBoard } from "../status.ts";

/** Bots have no account that could be offline: their states are these three. */
export type ShardBoard = Pick<StatusBoard, "connecting" | "ready" | "waiting">;

type ShardState =
  | { readonly state: "connecting"; readonly why: string }
  | { readonly state: "ready"; readonly why: string; readonly without: readonly string[] }
  | { readonly state: "waiting"; readonly why: string; readonly retryAt: number };

/**
 * One status for all shards of a line: ready only when every one is, else what the first one that is not does, by its
 * number. A line with one shard says what that shard says.
 */
export function createShardStatus(board: StatusBoard, shards: number): (shard: number) => ShardBoard {
  if (shards === 1) return () => board;
  const states: ShardState[] = Array.from({ length: shards }, () => ({ state: "connecting", why: "waiting its turn" }));
  const report = (): void => {
    const waiting = states.findIndex(({ state }) => state === "waiting");
    const shard = waiting >= 0 ? waiting : states.findIndex(({ state }) => state !== "ready");
    const found = states[shard];
    if (!found) return board.ready(`${shards} shards ${states[0]?.why ?? "ready"}`, missingIn(states));
    const why = `shard ${shard} of ${shards}: ${found.why}`;
    if (found.state === "waiting") board.waiting(why, found.retryAt);
    else board.connecting(why);
  };
  return (shard) => {
    const enter = (state: ShardState): void => {
      states[shard] = state;
      report();
    };
    return {
      connecting: (why) => enter({ state: "connecting", why }),
      ready: (why, without = []) => enter({ state: "ready", why, without }),
      waiting: (why, retryAt) => enter({ state: "waiting", why, retryAt }),
    };
  };
}

function missingIn(states: readonly ShardState[]): readonly string[] {
  return [...new Set(states.flatMap((shard) => (shard.state === "ready" ? shard.without : [])))];
}
