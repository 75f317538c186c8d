import type { Target } from "../../message/target.ts";
import type { GatewayBot } from "../../protocol/official/messages.ts";
import { QQTransportError } from "../../errors.ts";

/** Low bits of a guild's id that are no part of its shard (QQ, "Sharding"). */
const SHARD_SHIFT = 22n;

/**
 * Which of so many shards brings a guild's events: `(guild_id >> 22) % shards`. An id that is no number has no place
 * in that rule and counts as shard 0's.
 */
export function guildShard(guildId: string, shards: number): number {
  return /^\d+$/.test(guildId) ? Number((BigInt(guildId) >> SHARD_SHIFT) % BigInt(shards)) : 0;
}

/**
 * The shards that a send depends on. C2C and group chats have no documented place; all that is known speaks for
 * shard 0. A guild DM is a guild of its own. A channel's id does not tell its guild, and QQ refuses a send to a guild
 * whose session is down (304018): all of them.
 */
export function shardsOf(target: Target, shards: number): readonly number[] {
  switch (target.kind) {
    case "c2c":
    case "group":
      return [0];
    case "dm":
      return [guildShard(target.guildId, shards)];
    case "channel":
      return Array.from({ length: shards }, (_, shard) => shard);
  }
}

/** Each Identify is counted; one too many is answered with op 9 for ever. Throws when fewer than `wanted` are left. */
export function demandIdentifies({ session_start_limit: limit }: GatewayBot, wanted: number): void {
  if (!limit || limit.remaining >= wanted) return;
  const minutes = Math.ceil(limit.reset_after / 60_000);
  throw new QQTransportError(
    wanted > 1
      ? `QQ grants this bot ${limit.remaining} new sessions and ${wanted} shards need one each; lower channels.qq.shards, or wait ${minutes} minutes (session_start_limit)`
      : `QQ grants this bot no new session for ${minutes} minutes (session_start_limit)`,
  );
}
