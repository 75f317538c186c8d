import { describe, expect, it } from "vitest";
import { demandIdentifies, guildShard, shardsOf } from "./sharding.ts";

describe("guildShard", () => {
  it("C2: is (guild_id >> 22) % shards, with ids beyond what a number holds", () => {
    const id = 18_374_686_479_671_623_679n;
    expect(guildShard(`${id}`, 7)).toBe(Number((id / 4_194_304n) % 7n));
    expect(guildShard("4194303", 2)).toBe(0);
    expect(guildShard("4194304", 2)).toBe(1);
    expect(guildShard("8388608", 2)).toBe(0);
    expect(guildShard("8388608", 3)).toBe(2);
  });

  it("takes anything for an id", () => {
    for (const id of ["", "abc", "-4194304", "4194304.5", "0x400000"]) expect(guildShard(id, 4)).toBe(0);
  });
});

it("a send depends on the shard of its chat; a channel, whose guild nobody tells, on all", () => {
  expect(shardsOf({ kind: "c2c", userId: "U" }, 3)).toEqual([0]);
  expect(shardsOf({ kind: "group", groupId: "G" }, 3)).toEqual([0]);
  expect(shardsOf({ kind: "dm", guildId: "8388608" }, 3)).toEqual([2]);
  expect(shardsOf({ kind: "channel", channelId: "1" }, 3)).toEqual([0, 1, 2]);
});

it("fewer new sessions than shards are refused with what to do", () => {
  const limit = { total: 1000, remaining: 3, reset_after: 600_000, max_concurrency: 1 };
  const gateway = { url: "wss://x", shards: 4, session_start_limit: limit };
  expect(() => demandIdentifies(gateway, 3)).not.toThrow();
  expect(() => demandIdentifies(gateway, 4)).toThrow(
    /3 new sessions and 4 shards.*lower channels\.qq\.shards.*10 minutes/,
  );
  expect(() => demandIdentifies({ url: "wss://x", shards: 4 }, 4)).not.toThrow();
});
