// Several gateway sessions of one bot: each brings its guilds, and together they are one line.
import { describe, expect, test } from "vitest";
import { guildId } from "../../emulator/ids.ts";
import { guildShard } from "../../extensions/qq/src/transport/official/sharding.ts";
import { createBot, type Bot } from "./bot.ts";
import { openWebsocket, type GatewayMemory } from "./roads.ts";
import { APP_ID, group, openWorld, type World } from "./world.ts";

/** A guild that the rule puts on each of two shards. */
const GUILDS = [0, 1].map((shard) => {
  const names = Array.from({ length: 50 }, (_, n) => `guild-${n}`);
  return names.find((name) => guildShard(guildId("guild", name), 2) === shard) ?? "";
});
const channel = (shard: number) => ({ kind: "channel", channel: GUILDS[shard] ?? "" }) as const;
const mention = { mention: [APP_ID] };
const isUp = (bot: Bot): boolean => bot.statuses.at(-1)?.state === "ready";
const shardsOfIdentifies = (world: World): unknown[] =>
  world.wire(/^2 identify$/).map(({ body }) => (body as { d: { shard: unknown } }).d.shard);

async function open(gateway: GatewayMemory) {
  // QQ grants a session every 5 s here, as it does.
  const world = await openWorld({ guilds: GUILDS, emulator: { tune: { shards: 2, identifyEveryMs: 5000 } } });
  const bot = await createBot(world, [openWebsocket], { gateway });
  await start(world, bot);
  return { world, bot };
}
async function start(world: World, bot: Bot): Promise<void> {
  await Promise.all([bot.start(), world.hurry("all shards", () => isUp(bot))]);
}

describe("two shards", () => {
  test.each([2, "auto"] as const)(
    "C2: %s: guilds, groups and direct messages are each answered once",
    async (shards) => {
      const { world, bot } = await open({ shards });
      expect(shardsOfIdentifies(world)).toEqual([
        [0, 2],
        [1, 2],
      ]);
      expect(bot.statuses.at(-1)?.why).toBe("2 shards ready");
      const chats = [channel(0), channel(1), group("one")];
      for (const chat of chats) await world.say("hello", chat, mention);
      await world.say("hello");
      await world.hurry("four answers", () => [...chats, undefined].every((chat) => world.answers(chat).length > 0));
      expect([...chats, undefined].map((chat) => world.answers(chat).length)).toEqual([1, 1, 1, 1]);
      expect(world.emulator.refusals()).toEqual([]);
      expect(bot.rows()).toBe(4);
    },
  );

  test("C2 G1: a shard that is lost resumes alone, and what was said meanwhile is answered", async () => {
    const { world, bot } = await open({ shards: 2 });
    world.time.advance(10_000);
    await world.fault({ do: "close", code: 4009, when: "before-dispatch" });
    await world.say("into the gap", channel(1), mention);
    await world.hurry("the answer", () => world.answers(channel(1)).length === 1);
    await world.until("all shards", () => isUp(bot));
    expect(world.wire(/^6 resume$/)).toHaveLength(1);
    expect(shardsOfIdentifies(world)).toHaveLength(2);
    const down = bot.statuses.filter(({ why }) => why.startsWith("shard 1 of 2"));
    expect(down.map(({ state }) => state)).not.toContain("ready");
    expect(bot.statuses.some(({ why }) => /^shard 0 of 2: (?!beginning)/.test(why))).toBe(false);
  });

  test("C2 G1: a restart resumes both sessions and begins none", async () => {
    const { world, bot } = await open({ shards: 2 });
    await bot.stop();
    await world.say("meanwhile", channel(1), mention);
    await world.say("meanwhile");
    await start(world, bot);
    await world.hurry("both answers", () => world.answers().length + world.answers(channel(1)).length === 2);
    expect(world.wire(/^6 resume$/)).toHaveLength(2);
    expect(shardsOfIdentifies(world)).toHaveLength(2);
    expect(world.wire(/^GET \/gateway\/bot/)).toHaveLength(1);
  });
});
