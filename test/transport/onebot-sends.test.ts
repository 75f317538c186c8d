// What becomes of sends on a personal account (onebot-napcat.md 4.8, 7.3): nothing twice, nothing in the wrong place.
import { describe, expect, test } from "vitest";
import type { SendOutcome } from "../../emulator/onebot/napcat-fault.ts";
import type { OutboundMessage } from "../../extensions/qq/src/message/outbound.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import { createBot, openBot, type Bot } from "./bot.ts";
import { openOnebot, openOther, openReverse, openSocketOnly } from "./onebot-roads.ts";
import type { OpenRoad } from "./roads.ts";
import { group, openWorld, OTHER_UIN, texts, type World, type WorldOptions } from "./world.ts";

const one = group("one");
const roads = [
  ["socket and HTTP", openOnebot],
  ["one socket", openSocketOnly],
  ["a socket that NapCat dials", openReverse],
] as const;

async function open(road: OpenRoad, options: WorldOptions = {}) {
  const world = await openWorld({ plant: "account", ...options });
  const bot = await openBot(world, road);
  const lin: Target = { kind: "c2c", userId: world.userId("lin") };
  const here: Target = { kind: "group", groupId: world.groupId("one") };
  return { world, bot, lin, here };
}

const saying = (text: string): OutboundMessage => ({ content: { kind: "text", text } });

/** Sends and waits for the outcome; time goes by meanwhile. */
async function outcomeOf(world: World, bot: Bot, target: Target, message: OutboundMessage): Promise<unknown> {
  let over = false;
  const outcome = bot.send(target, message).catch((error: unknown) => error);
  void outcome.then(() => (over = true));
  await world.pass("an outcome", () => over);
  return await outcome;
}

const said = (world: World, chat = world.dm("lin")) => world.answers(chat).map(({ text }) => text);

describe.each(roads)("a send without a word of its outcome, by %s", (_name, road) => {
  test.each<{ kind: "timeout" | "delivered" | "hang"; calls: number }>([
    { kind: "delivered", calls: 1 },
    { kind: "timeout", calls: 2 },
    { kind: "hang", calls: 2 },
  ])("F3: $kind: the message is there once, after $calls calls, in a group as in a DM", async ({ kind, calls }) => {
    const { world, bot, lin, here } = await open(road);
    // The same was said before, which proves nothing.
    for (const target of [lin, here]) await outcomeOf(world, bot, target, saying("twice the same"));
    for (const [target, chat] of [
      [lin, world.dm("lin")],
      [here, one],
    ] as const) {
      const before = bot.road.sends();
      await world.trouble({ what: "send", outcome: { kind } });
      const sent = await outcomeOf(world, bot, target, saying("twice the same"));
      expect(sent).toMatchObject({ messageId: bot.road.messageId(world.answers(chat).at(-1)?.id ?? "") });
      expect(said(world, chat)).toEqual(["twice the same", "twice the same"]);
      expect(bot.road.sends() - before).toBe(calls);
    }
  });

  test("F3: while nobody can look, it is not sent again, and the sender is told that it may have arrived", async () => {
    const { world, bot, lin } = await open(road);
    await world.trouble({ what: "send", outcome: { kind: "timeout" } });
    await world.trouble({ what: "lose", action: "get_friend_msg_history", part: "call", times: 10 });
    const error = await outcomeOf(world, bot, lin, saying("lost?"));
    expect(error).toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: true, retry: "later" });
    expect(bot.road.sends()).toBe(1);
    expect(said(world)).toEqual([]);
  });

  test("F3: three without a word close the chat for minutes, and no other chat", async () => {
    const { world, bot, lin, here } = await open(road);
    await world.trouble({ what: "send", outcome: { kind: "timeout" }, times: 3 });
    await outcomeOf(world, bot, here, saying("one"));
    await outcomeOf(world, bot, here, saying("two"));
    const held = await outcomeOf(world, bot, here, saying("three"));
    expect(held).toMatchObject({ kind: "temporary", refusal: { heldBack: true } });
    const calls = bot.road.sends();
    expect(calls).toBe(3);
    expect(await outcomeOf(world, bot, lin, saying("elsewhere"))).toMatchObject({ messageId: expect.any(String) });
    const until = world.time.line.now() + 301_000;
    await world.pass("five minutes", () => world.time.line.now() >= until);
    expect(await outcomeOf(world, bot, here, saying("four"))).toMatchObject({ messageId: expect.any(String) });
    expect(said(world, one)).toEqual(["four"]);
  });
});

describe("a send that QQ refuses", () => {
  type Case = readonly [name: string, outcome: SendOutcome, kind: string, code: number, retry: string];
  const cases: readonly Case[] = [
    ["muted", { kind: "muted" }, "muted", 120, "later"],
    // By its code alone: QQ's words may be others.
    ["muted, in other words", { kind: "reject", result: 120, message: "no" }, "muted", 120, "later"],
    ["removed", { kind: "removed" }, "removed", 110, "never"],
    ["offline", { kind: "offline" }, "offline", 1_006_514, "later"],
  ];
  test.each(cases)("F3: %s is told as such, and not tried again here", async (_n, outcome, kind, code, retry) => {
    const { world, bot, here } = await open(openOnebot);
    await world.trouble({ what: "send", outcome });
    const error = await outcomeOf(world, bot, here, saying("no"));
    expect(error).toMatchObject({ kind, retry, mayHaveArrived: false, refusal: { platformCode: code } });
    expect(bot.road.sends()).toBe(1);
    expect(said(world, one)).toEqual([]);
  });

  test("F3: so is what has really happened: muted, removed, no friend, kicked", async () => {
    const { world, bot, lin, here } = await open(openOnebot, { account: { friends: ["lin"] } });
    const { control } = world.emulator;
    await control.call("ban", { group: "one", who: world.self, seconds: 600 });
    expect(await outcomeOf(world, bot, here, saying("no"))).toMatchObject({ kind: "muted" });
    await control.call("ban", { group: "one", who: world.self, seconds: 0 });
    await control.call("kick", { group: "one", bot: world.self, person: "lin" });
    expect(await outcomeOf(world, bot, here, saying("no"))).toMatchObject({ kind: "removed", retry: "never" });
    const ming: Target = { kind: "c2c", userId: world.userId("ming") };
    expect(await outcomeOf(world, bot, ming, saying("no"))).toMatchObject({ kind: "stranger", retry: "never" });
    await world.trouble({ what: "kick" });
    expect(await outcomeOf(world, bot, lin, saying("no"))).toMatchObject({ kind: "offline", retry: "later" });
    expect(bot.road.sends()).toBe(4);
    expect([...said(world), ...said(world, one), ...said(world, world.dm("ming"))]).toEqual([]);
  });
});

describe("a temporary session", () => {
  const temporary = { account: { friends: ["lin"] } };

  test("C6: whose user NapCat has lost is looked up, and nothing of it appears in the group", async () => {
    const { world, bot } = await open(openOnebot, temporary);
    await world.trouble({ what: "lost-user", person: "ming" });
    await world.say("psst", world.dm("ming"), { via: "one" });
    await world.trouble({ what: "lost-user", person: "ming" });
    await world.pass("the answer", () => world.answers(world.dm("ming")).length === 1 && bot.unanswered() === 0);
    expect(said(world, world.dm("ming"))).toEqual(["re: psst"]);
    expect(said(world, one)).toEqual([]);
  });

  test.each(roads)(
    "C6: whose user cannot be found fails alone, by %s: the group never sees a word",
    async (_n, road) => {
      const { world, bot } = await open(road, temporary);
      await world.trouble({ what: "lose", action: "get_stranger_info", part: "call", times: 100 });
      const release = bot.hold();
      await world.say("psst", world.dm("ming"), { via: "one" });
      await world.until("the event", () => bot.accepted === 1);
      await world.trouble({ what: "lost-user", person: "ming" });
      release();
      await world.pass("the failure", () => bot.failures.length === 1);
      expect(bot.failures).toMatchObject([{ kind: "target" }]);
      expect([...said(world, one), ...said(world, group("two")), ...said(world, world.dm("ming"))]).toEqual([]);
      const bodies = JSON.stringify(world.wire(/send_private_msg/).map(({ body }) => body));
      expect(bodies).toContain(world.userId("ming"));
      expect(bodies).not.toContain("group_id");
    },
  );
});

test("C7: two accounts in the same groups are two lines, and what befalls one does not concern the other", async () => {
  const { world, bot } = await open(openOnebot, { secondAccount: true });
  const other = await openBot(world, openOther);
  const all = texts("message", 20);
  const of = (uin: string, parity: number) => ({ uin, mine: all.filter((_, at) => at % 2 === parity) });
  const accounts = [of(world.self, 0), of(OTHER_UIN, 1)];
  const since = other.statuses.length;
  for (const [at, text] of all.entries()) {
    if (at === 6) await world.trouble({ what: "drop" });
    if (at === 12) await world.trouble({ what: "net-loss" });
    await world.say(text, one, { mention: [at % 2 ? OTHER_UIN : world.self] });
    const until = world.time.line.now() + 4000;
    await world.pass("four seconds", () => world.time.line.now() >= until);
  }
  await world.pass("offline", () => bot.statuses.at(-1)?.state === "offline");
  await world.trouble({ what: "net-back" });
  await world.pass("all answers", () => said(world, one).length >= 20);
  const answers = world.answers(one);
  for (const { uin, mine } of accounts) {
    expect(answers.filter(({ from }) => from.id === uin).map(({ text }) => text)).toEqual(mine.map((t) => `re: ${t}`));
  }
  expect(other.statuses.slice(since)).toEqual([]);
});

test("F3: twenty answers that were under way when the line stopped are there once", async () => {
  const world = await openWorld({ plant: "account", account: { napcat: { sendDelayMs: [2000, 3000] } } });
  const bot = await createBot(world, [openOnebot]);
  await bot.start();
  const all = texts("message", 20);
  for (const text of all) await world.say(text);
  for (const count of [3, 8, 14]) {
    await world.pass(`${count} answers`, () => world.answers().length >= count);
    await bot.stop();
    await bot.start();
  }
  await world.pass("all answers", () => bot.rows() === 20 && bot.unanswered() === 0);
  expect(said(world)).toEqual(all.map((text) => `re: ${text}`));
});
