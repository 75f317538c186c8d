// What QQ takes from one bot in a second and in a minute: the line keeps below it, so that QQ refuses nothing.
import { expect, test } from "vitest";
import { guildId } from "../../emulator/ids.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import { openBot, type Bot } from "./bot.ts";
import { openWebsocket } from "./roads.ts";
import { APP_ID, dm, group, groupId, openWorld, userId, type World, type WorldOptions } from "./world.ts";

const open = async (options: WorldOptions = {}) => {
  const world = await openWorld({ emulator: { heartbeatMs: 300_000 }, ...options });
  return { world, bot: await openBot(world, openWebsocket) };
};
const groupTarget = (n: number) => ({ kind: "group", groupId: groupId(n % 2 === 0 ? "one" : "two") }) as const;
const say = async (bot: Bot, target: Target, text: string) =>
  await bot.send(target, { content: { kind: "text", text } }).then(
    () => "sent",
    (error: { refusal?: { heldBack?: boolean; platformCode?: number } }) =>
      error.refusal?.heldBack ? "held back" : error.refusal?.platformCode,
  );
const count = (outcomes: readonly unknown[], one: unknown): number => outcomes.filter((each) => each === one).length;
const refused = (world: World): readonly unknown[] => world.emulator.refusals().map(({ refused }) => refused);

test("F11: the 21st proactive message to a chat within a minute is held back here, and goes out after it", async () => {
  const { world, bot } = await open();
  const target = { kind: "c2c", userId: userId("lin") } as const;
  const outcomes: unknown[] = [];
  for (let n = 1; n <= 25; n++) {
    const outcome = say(bot, target, `news ${n}`);
    await world.hurry("an outcome", () => world.answers().length >= Math.min(n, 20));
    outcomes.push(await outcome);
  }
  expect([count(outcomes, "sent"), count(outcomes, "held back")]).toEqual([20, 5]);
  world.time.advance(60_000);
  expect(await say(bot, target, "later")).toBe("sent");
  expect(world.answers(dm("lin"))).toHaveLength(21);
  expect(refused(world)).toEqual([]);
});

test("F11: a bot that is not verified is refused once, and then keeps its own rate", async () => {
  const { world, bot } = await open({ bot: { verified: false } });
  const outcomes: unknown[] = [];
  for (let n = 0; n < 40; n++) outcomes.push(await say(bot, groupTarget(n), `news ${n}`));
  expect([count(outcomes, "sent"), count(outcomes, 40034100), count(outcomes, "held back")]).toEqual([30, 1, 9]);
  world.time.advance(60_000);
  const later: unknown[] = [];
  for (let n = 0; n < 36; n++) later.push(await say(bot, groupTarget(n), `later ${n}`));
  expect([count(later, "sent"), count(later, "held back")]).toEqual([30, 6]);
  expect(refused(world)).toHaveLength(1);
  expect(world.answers(group("one")).length + world.answers(group("two")).length).toBe(60);
});

test("E1: a channel gets 5 messages a second in order, and all of them", async () => {
  const { world, bot } = await open();
  const chat = { kind: "channel", channel: "general" } as const;
  const msgId = await world.say("go on", chat, { mention: [APP_ID] });
  await world.hurry("the first answer", () => world.answers(chat).length === 1);
  const target = { kind: "channel", channelId: guildId("channel", "general") } as const;
  const all = Array.from({ length: 12 }, (_, n) => `part ${n}`);
  const sent = all.map(async (text, n) => {
    await bot.send(target, { content: { kind: "text", text }, anchor: { msgId, msgSeq: n + 2 } });
  });
  await world.hurry("all parts", () => world.answers(chat).length === 13);
  await Promise.all(sent);
  expect(
    world
      .answers(chat)
      .slice(1)
      .map(({ text }) => text)
      .toSorted(),
  ).toEqual(all.toSorted());
  expect(refused(world)).toEqual([]);
});
