import type { PlatformEvent } from "./events.ts";

/** Index and total of a shard, as Identify names them. */
export type Shard = readonly [index: number, total: number];

/** Low bits of a guild's id that are no part of its shard (qq-official.md 2.8). */
const SHARD_SHIFT = 22n;

/**
 * Whether a session with this shard is the one that gets the event. Guilds are spread by their id; chats with a person
 * or a group have no documented place and all go to shard 0 (INF). A session without a shard gets everything.
 */
export function belongsTo(shard: Shard | undefined, { guild }: Pick<PlatformEvent, "guild">): boolean {
  if (!shard) return true;
  const [index, total] = shard;
  const wanted = guild === undefined ? 0 : Number((BigInt(guild) >> SHARD_SHIFT) % BigInt(total));
  return index === wanted;
}
