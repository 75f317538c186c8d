// QQ accepts messages and shows nothing, or holds events back, around a connection that dies (qq-official.md 11).
import { expect, test } from "vitest";
import { openBot, type Bot } from "./bot.ts";
import { openWebsocket } from "./roads.ts";
import { APP_ID, group, groupId, openWorld, texts, type World } from "./world.ts";

/** Beats would only be in the way: the time is moved by minutes. */
const QUIET = { heartbeatMs: 300_000 };
const isUp = (bot: Bot): boolean => bot.statuses.at(-1)?.state === "ready";
const duplicates = (world: World): number =>
  world.emulator.refusals().filter(({ refused }) => refused?.startsWith("40054005")).length;

async function open() {
  const world = await openWorld({ emulator: QUIET });
  return { world, bot: await openBot(world, openWebsocket) };
}

/** Moves the time by small steps, so that what each wakes comes to its end before the next. */
async function pass(world: World, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5000) {
    world.time.advance(Math.min(left, 5000));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

async function drop(world: World, bot: Bot): Promise<void> {
  const before = world.wire(/^6 resume$/).length;
  await world.fault({ do: "close", code: 4009 });
  await world.hurry("a resume", () => world.wire(/^6 resume$/).length === before + 1 && isUp(bot));
}

test("F9: replies that QQ swallowed after a drop are shown when it shows again, once", async () => {
  const { world, bot } = await open();
  await world.say("before");
  await world.until("its answer", () => world.answers().length === 1);
  await world.fault({ do: "blackhole", ms: 100_000 });
  await drop(world, bot);
  const swallowed = texts("swallowed", 3);
  for (const text of swallowed) await world.say(text);
  await world.say("in a group", group("one"), { mention: [APP_ID] });
  await world.until("the answers that nobody sees", () => bot.unanswered() === 0);
  expect(world.countAnswers(swallowed)).toEqual([0, 0, 0]);
  await pass(world, 170_000);
  await world.until("the answers", () => world.countAnswers(swallowed).every((count) => count > 0));
  await pass(world, 300_000);
  expect(world.countAnswers(["before", ...swallowed])).toEqual([1, 1, 1, 1]);
  expect(world.answers(group("one"))).toHaveLength(1);
  expect(bot.failures).toEqual([]);
});

test("F9: replies around a drop that QQ did show are proved by one call each, and shown once", async () => {
  const { world, bot } = await open();
  const all = texts("shown", 4);
  for (const text of all.slice(0, 2)) await world.say(text);
  await world.until("two answers", () => world.answers().length === 2 && bot.unanswered() === 0);
  await drop(world, bot);
  for (const text of all.slice(2)) await world.say(text);
  await world.until("four answers", () => world.answers().length === 4 && bot.unanswered() === 0);
  await pass(world, 400_000);
  expect(world.countAnswers(all)).toEqual([1, 1, 1, 1]);
  expect([world.wire(/^POST \/v2/).length, duplicates(world)]).toEqual([8, 4]);
});

test("F9: the reply that is lost to a drop in the middle of its call is shown once", async () => {
  const { world, bot } = await open();
  await world.fault({ do: "blackhole", ms: 30_000 });
  await world.say("hello");
  await world.until("the answer that nobody sees", () => bot.unanswered() === 0 && bot.rows() === 1);
  await drop(world, bot);
  await pass(world, 400_000);
  expect(world.countAnswers(["hello"])).toEqual([1]);
  // Swallowed; swallowed again after 5 s; shown after 60 s; proved after 150 s.
  expect([world.wire(/^POST \/v2/).length, duplicates(world)]).toEqual([4, 1]);
});

test("F9: a proactive message is never sent twice, whatever became of it", async () => {
  const { world, bot } = await open();
  const say = async (text: string) => {
    await bot.send({ kind: "group", groupId: groupId("one") }, { content: { kind: "text", text } });
  };
  await say("before");
  await drop(world, bot);
  await say("after");
  await pass(world, 400_000);
  expect(world.answers(group("one")).map(({ text }) => text)).toEqual(["before", "after"]);
  expect(world.wire(/^POST \/v2/)).toHaveLength(2);
});

test("C2 F9: twenty answers around the half-hourly op 7 cost twenty calls", async () => {
  const { world, bot } = await open();
  const all = texts("rollover", 20);
  for (const text of all.slice(0, 10)) await world.say(text);
  await world.until("ten answers", () => world.answers().length === 10);
  await world.fault({ do: "reconnect", thenClose: true });
  for (const text of all.slice(10)) await world.say(text);
  await world.hurry("twenty answers", () => world.answers().length === 20 && isUp(bot));
  await pass(world, 400_000);
  expect(world.countAnswers(all)).toEqual(Array.from({ length: 20 }, () => 1));
  expect(world.wire(/^POST \/v2/)).toHaveLength(20);
  expect(world.wire(/^6 resume$/)).toHaveLength(1);
});

test("C2 G1: events that QQ holds back for minutes and brings in a burst are answered once", async () => {
  const { world, bot } = await open();
  await world.fault({ do: "delay-dispatch", ms: 120_000 });
  const all = texts("held", 20);
  for (const text of all) await world.say(text);
  expect(bot.accepted).toBe(0);
  await pass(world, 121_000);
  await world.hurry("twenty answers", () => world.answers().length >= 20);
  expect(world.countAnswers(all)).toEqual(Array.from({ length: 20 }, () => 1));
  expect(bot.rows()).toBe(20);
});
