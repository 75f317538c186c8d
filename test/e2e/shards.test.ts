// One bot over several gateway sessions in the real gateway.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ChatRef } from "../../emulator/control.ts";
import { guildId } from "../../emulator/ids.ts";
import { guildShard } from "../../extensions/qq/src/transport/official/sharding.ts";
import { bot, dm, group, openWorld, seed, type World } from "./support.ts";

const one = bot(1);
const SHARDS = 2;
/** A guild that the rule puts on each shard. */
const guilds = [0, 1].map((shard) => {
  const names = Array.from({ length: 50 }, (_, n) => `guild-${n}`);
  return names.find((name) => guildShard(guildId("guild", name), SHARDS) === shard) ?? expect.unreachable();
});
const chats: readonly ChatRef[] = [...guilds.map((channel) => ({ kind: "channel", channel }) as const), group("one")];

let world: World;

beforeAll(async () => {
  world = await openWorld({
    seed: {
      ...seed([one]),
      channels: guilds.map((id) => ({
        id,
        name: id,
        guild: id,
        guildName: id,
        members: ["lin", "ming", "alice"],
        bots: [one.appId],
      })),
    },
    emulator: { tune: { shards: SHARDS, identifyEveryMs: 5000 } },
    channel: () => ({
      appId: one.appId,
      appSecret: one.secret,
      shards: "auto",
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
    }),
  });
  await world.gateway.ready;
  await world.emulator.waitForSessions(one.appId, SHARDS, 60_000);
});

afterAll(async () => world?.close());

test("C2: with as many sessions as QQ advises, every chat is answered once", async () => {
  expect((await world.ask("lin", dm("lin", one), "first")).text).toContain("first");
  for (const chat of chats) {
    expect((await world.ask("ming", chat, "hello", { mention: [one.appId] })).text).toContain("hello");
    expect(world.answers(chat)).toHaveLength(1);
  }
  expect(world.emulator.refusals()).toEqual([]);
});

test("C2: QQ's 5 s between two sessions are kept, and a lost one comes back alone", async () => {
  const identifies = () => world.emulator.wire().filter(({ title }) => title.startsWith("2 "));
  const [first, second] = identifies();
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(4900);
  await world.emulator.control.call("fault", { do: "close", code: 4009 });
  await world.emulator.waitForSessions(one.appId, SHARDS, 30_000);
  for (const chat of chats) {
    expect((await world.ask("alice", chat, "again", { mention: [one.appId] })).text).toContain("again");
  }
  expect(identifies()).toHaveLength(SHARDS);
});
