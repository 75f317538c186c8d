// What every transport must do, whatever road it takes: run by websocket.test.ts, webhook.test.ts and onebot.test.ts.
import { describe, expect, test } from "vitest";
import { createBot, openBot } from "./bot.ts";
import type { RoadKind } from "./roads.ts";
import { buttonsContract } from "./buttons.contract.ts";
import { scenesContract } from "./scenes.contract.ts";
import { sendContract } from "./send.contract.ts";
import { group, openWorld, texts } from "./world.ts";

export function transportContract(kind: RoadKind): void {
  const { name } = kind;
  describe(`receiving by ${name}`, () => receivingContract(kind));
  describe(`scenes by ${name}`, () => scenesContract(kind));
  describe(`buttons and what becomes of messages by ${name}`, () => buttonsContract(kind));
  describe(`keeping faith by ${name}`, () => faithContract(kind));
  describe(`bad input by ${name}`, () => inputContract(kind));
  describe(`sending by ${name}`, () => sendContract(kind));
}

function receivingContract({ open, plant, has }: RoadKind): void {
  test("C1 C2 C3: a person writes in a direct message and in a group, and the bot answers there", async () => {
    const world = await openWorld({ plant });
    await openBot(world, open);
    const chat = group("one");
    const direct = await world.say("hello");
    const mention = await world.say("and here?", chat, { mention: [world.self] });
    await world.until("both answers", () => world.answers().length + world.answers(chat).length === 2);
    const from = { id: world.self };
    expect(world.answers()).toMatchObject([{ text: "re: hello", from }]);
    expect(world.answers(chat)).toMatchObject([{ text: "re: and here?", from }]);
    const repliesTo = [...world.answers(), ...world.answers(chat)].map(({ repliesTo }) => repliesTo);
    expect(repliesTo).toEqual(has.anchors ? [direct, mention] : [undefined, undefined]);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("C6: five chats at once, each gets its own answer and nobody else's", async () => {
    const world = await openWorld({ plant });
    await openBot(world, open);
    const chats = [world.dm("lin"), world.dm("ming"), world.dm("alice"), group("one"), group("two")];
    const mention = { mention: [world.self] };
    await Promise.all(chats.map((chat, at) => world.say(`chat ${at}`, chat, chat.kind === "group" ? mention : {})));
    await world.until("five answers", () => chats.every((chat) => world.answers(chat).length > 0));
    expect(chats.map((chat) => world.answers(chat).map(({ text }) => text))).toEqual(
      chats.map((_, at) => [`re: chat ${at}`]),
    );
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("F1: 4000 units arrive as they were written, there and back", async () => {
    const world = await openWorld({ plant });
    await openBot(world, open, { answer: (text) => text });
    const text = "长🙂a\n".repeat(800).trimEnd().padEnd(4000, "。");
    expect(text).toHaveLength(4000);
    await world.say(text);
    await world.until("the answer", () => world.answers().length === 1);
    expect(world.answers()[0]?.text).toBe(text);
  });
}

function faithContract({ open, plant, has, ...kind }: RoadKind): void {
  test("C1 C2 G2: one event brought five times, and again after a restart, is one row and one answer", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    await bot.road.bringOften(5, () => world.say("once"));
    if (has.ownMemory) await bot.road.barrier();
    await world.until("five deliveries", () => bot.accepted === (has.ownMemory ? 1 : 5));
    await world.until("the answer", () => world.answers().length > 0 && bot.unanswered() === 0);
    await bot.stop();
    await bot.start();
    const before = bot.accepted;
    await bot.road.bring(bot.road.newestText());
    await world.until("the sixth delivery", () => bot.accepted === before + 1);
    await world.say("and another");
    await world.until("the other answer", () => world.countAnswers(["and another"])[0] === 1);
    expect(world.answers().map(({ text }) => text)).toEqual(["re: once", "re: and another"]);
    expect(bot.rows()).toBe(2);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("C1 C2 G1: an event is acknowledged once it is stored, and not before", async () => {
    const world = await openWorld({ plant, emulator: { heartbeatMs: 300 } });
    const bot = await openBot(world, open);
    const release = bot.hold();
    await world.say("slowly");
    await world.until("the event at the store", () => bot.accepted > 0);
    await bot.road.barrier();
    expect(bot.road.acknowledged()).toBe(0);
    expect(bot.rows()).toBe(0);
    release();
    await world.until("the acknowledgement", () => bot.road.acknowledged() === 1);
    expect(bot.rows()).toBe(1);
    await world.until("the answer", () => world.answers().length > 0);
  });

  test("C1 C2 G1: what could not be stored comes again, and nothing is lost", async () => {
    const world = await openWorld({
      plant,
      emulator: { tune: { callbackRetriesMs: Array.from({ length: 100 }, () => 50) } },
    });
    const bot = await openBot(world, open);
    const all = texts("kept", 3);
    bot.breakJournal();
    for (const text of all) await world.say(text);
    await world.until("a try to store", () => bot.accepted > 0);
    expect(world.answers()).toHaveLength(0);
    expect(bot.road.acknowledged()).toBeLessThanOrEqual(0);
    bot.mendJournal();
    await world.hurry("three answers", () => world.answers().length >= 3);
    expect(world.countAnswers(all)).toEqual([1, 1, 1]);
    expect(bot.rows()).toBe(3);
  });

  test("C1 C2 G1 G2: a restart takes up where it stopped and misses nothing that was sent meanwhile", async () => {
    const world = await openWorld({
      plant,
      emulator: { tune: { callbackRetriesMs: Array.from({ length: 100 }, () => 50) } },
    });
    const bot = await openBot(world, open);
    await world.say("before");
    await world.until("the first answer", () => world.answers().length === 1);
    await bot.stop();
    const meanwhile = texts("meanwhile", 5);
    for (const text of meanwhile) await world.say(text);
    await bot.start();
    await world.hurry("the answers", () => world.answers().length >= 6);
    await world.say("after");
    await world.hurry("the last answer", () => world.countAnswers(["after"])[0] === 1);
    expect(world.countAnswers(["before", ...meanwhile, "after"])).toEqual(Array.from({ length: 7 }, () => 1));
    expect(world.wire(/^2 identify$/).length).toBeLessThanOrEqual(1);
  });

  test("C1 C2: an abort ends the run and leaves no timer, no socket and no call", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    const { ended } = bot;
    await world.say("goodbye");
    await bot.stop();
    await expect(ended).resolves.toBeUndefined();
    expect(bot.leftovers()).toBe(0);
    expect(bot.statuses.at(-1)?.state).toBe("stopped");
    await world.emulator.waitForSessions(world.self, 0, 20_000);
  });

  if (has.finalSecret) {
    test("A6 C1 C2: a wrong secret ends the run with advice, and is tried once", async () => {
      const world = await openWorld({ plant });
      const bot = await createBot(world, [open], { secret: "not the secret" });
      await Promise.allSettled([bot.start()]);
      await expect(bot.ended).resolves.toMatchObject({
        kind: "config",
        message: expect.stringMatching(kind.wrongSecret.says),
      });
      expect(bot.statuses.map(({ state }) => state)).not.toContain("ready");
      expect(bot.statuses.at(-1)?.state).toBe("stopped");
      expect(world.wire(kind.wrongSecret.calls)).toHaveLength(kind.wrongSecret.most);
    });
  } else {
    test("A6 C4: a wrong token is told with advice, and tried again slowly", async () => {
      const world = await openWorld({ plant });
      const bot = await createBot(world, [open], { secret: "not the secret" });
      void bot.start().catch(() => undefined);
      await world.until("the advice", () => kind.wrongSecret.says.test(bot.statuses.at(-1)?.why ?? ""));
      await world.say("hello");
      const from = world.time.line.now();
      await world.pass("five minutes", () => world.time.line.now() - from > 300_000);
      expect(bot.statuses.map(({ state }) => state)).not.toContain("ready");
      expect(bot.statuses.at(-1)?.why).toMatch(kind.wrongSecret.says);
      expect(world.wire(kind.wrongSecret.calls).length).toBeLessThanOrEqual(kind.wrongSecret.most);
      expect(bot.rows()).toBe(0);
    });
  }

  test("C1 C2: an abort before the line is up ends it too", async () => {
    const world = await openWorld({ plant });
    const bot = await createBot(world, [open]);
    await bot.road.delayOpening();
    void bot.start().catch(() => undefined);
    await world.until("a first status", () => bot.statuses.length > 0);
    await bot.stop();
    expect(bot.statuses.at(-1)?.state).toBe("stopped");
  });
}

function inputContract({ open, plant, ...kind }: RoadKind): void {
  test("G4: malformed input costs one count each and never the line", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    const since = bot.statuses.length;
    const connections = bot.road.connections();
    for (const [at, [name, text]] of kind.malformed.entries()) {
      await bot.road.bring(text);
      await world.until(`a count for ${name}`, () => bot.dropped.length > at);
      expect(bot.dropped, name).toHaveLength(at + 1);
    }
    await world.say("still there?");
    await world.until("an answer", () => world.answers().length === 1);
    expect(bot.rows()).toBe(1);
    expect(bot.dropped).toHaveLength(kind.malformed.length);
    expect(bot.road.connections()).toBe(connections);
    expect(bot.statuses.slice(since).filter(({ state }) => state !== "ready")).toEqual([]);
  });

  test("C6 G4: a forged id stays in the place of an id, and costs one refused answer", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    await bot.road.bring(kind.forged(world));
    await world.until("the refusal", () => bot.failures.length === 1);
    expect(bot.failures).toMatchObject([{ kind: "target" }]);
    expect(bot.road.sends()).toBe(kind.callsToNobody);
    expect(world.answers(group("one"))).toHaveLength(0);
  });

  test("C6: the id of a user, of a group and of another bot's user are three things, and case counts", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    await expect(
      bot.send({ kind: "c2c", userId: world.userId("lin") }, { content: { kind: "text", text: "known" } }),
    ).resolves.toBeDefined();
    const strangers = kind.strangers(world);
    for (const [target, kind] of strangers) {
      await expect(bot.send(target, { content: { kind: "text", text: "lost" } })).rejects.toMatchObject({ kind });
    }
    const people = strangers.filter(([target]) => target.kind === "c2c").length;
    expect(bot.road.sends()).toBe(1 + people * kind.callsToNobody + (strangers.length - people));
    expect(world.answers(group("one"))).toEqual([]);
    expect(world.answers().map(({ text }) => text)).toEqual(["known"]);
  });
}
