// What every transport must do, whatever road it takes: run by websocket.test.ts and webhook.test.ts.
import { describe, expect, test } from "vitest";
import { createBot, openBot } from "./bot.ts";
import type { OpenRoad } from "./roads.ts";
import { buttonsContract } from "./buttons.contract.ts";
import { scenesContract } from "./scenes.contract.ts";
import { sendContract } from "./send.contract.ts";
import { APP_ID, dm, group, groupId, openWorld, texts, userId } from "./world.ts";

export function transportContract(name: string, open: OpenRoad): void {
  describe(`receiving by ${name}`, () => receivingContract(open));
  describe(`scenes by ${name}`, () => scenesContract(open));
  describe(`buttons and what becomes of messages by ${name}`, () => buttonsContract(open));
  describe(`keeping faith by ${name}`, () => faithContract(open));
  describe(`bad input by ${name}`, () => inputContract(open));
  describe(`sending by ${name}`, () => sendContract(open));
}

function receivingContract(open: OpenRoad): void {
  test("C1 C2 C3: a person writes in a direct message and in a group, and the bot answers there", async () => {
    const world = await openWorld();
    await openBot(world, open);
    const chat = group("one");
    const direct = await world.say("hello");
    const mention = await world.say("and here?", chat, { mention: [APP_ID] });
    await world.until("both answers", () => world.answers().length + world.answers(chat).length === 2);
    expect(world.answers()).toMatchObject([{ text: "re: hello", repliesTo: direct, from: { id: APP_ID } }]);
    expect(world.answers(chat)).toMatchObject([{ text: "re: and here?", repliesTo: mention, from: { id: APP_ID } }]);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("C6: five chats at once, each gets its own answer and nobody else's", async () => {
    const world = await openWorld();
    await openBot(world, open);
    const chats = [dm("lin"), dm("ming"), dm("alice"), group("one"), group("two")];
    const mention = { mention: [APP_ID] };
    await Promise.all(chats.map((chat, at) => world.say(`chat ${at}`, chat, chat.kind === "group" ? mention : {})));
    await world.until("five answers", () => chats.every((chat) => world.answers(chat).length > 0));
    expect(chats.map((chat) => world.answers(chat).map(({ text }) => text))).toEqual(
      chats.map((_, at) => [`re: chat ${at}`]),
    );
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("F1: 4000 units arrive as they were written, there and back", async () => {
    const world = await openWorld();
    await openBot(world, open, { answer: (text) => text });
    const text = "长🙂a\n".repeat(800).trimEnd().padEnd(4000, "。");
    expect(text).toHaveLength(4000);
    await world.say(text);
    await world.until("the answer", () => world.answers().length === 1);
    expect(world.answers()[0]?.text).toBe(text);
  });
}

function faithContract(open: OpenRoad): void {
  test("C1 C2 G2: one event brought five times, and again after a restart, is one row and one answer", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    await world.fault({ do: "duplicate", times: 5 });
    await world.say("once");
    await world.until("five deliveries", () => bot.accepted === 5);
    await world.until("the answer", () => world.answers().length > 0 && bot.unanswered() === 0);
    await bot.stop();
    await bot.start();
    await world.fault({ do: "raw", text: bot.road.textOf("C2C_MESSAGE_CREATE") });
    await world.until("the sixth delivery", () => bot.accepted === 6);
    await world.say("and another");
    await world.until("the other answer", () => world.countAnswers(["and another"])[0] === 1);
    expect(world.answers().map(({ text }) => text)).toEqual(["re: once", "re: and another"]);
    expect(bot.rows()).toBe(2);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("C1 C2 G1: an event is acknowledged once it is stored, and not before", async () => {
    const world = await openWorld({ emulator: { heartbeatMs: 300 } });
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
    const world = await openWorld({ emulator: { tune: { callbackRetriesMs: Array.from({ length: 100 }, () => 50) } } });
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
    const world = await openWorld({ emulator: { tune: { callbackRetriesMs: Array.from({ length: 100 }, () => 50) } } });
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
    const world = await openWorld();
    const bot = await openBot(world, open);
    const { ended } = bot;
    await world.say("goodbye");
    await bot.stop();
    await expect(ended).resolves.toBeUndefined();
    expect(bot.leftovers()).toBe(0);
    expect(bot.statuses.at(-1)?.state).toBe("stopped");
    await world.until("no session", () => world.emulator.world.context.sessions(APP_ID) === 0);
  });

  test("A6 C1 C2: a wrong secret ends the run with advice, and is tried once", async () => {
    const world = await openWorld();
    const bot = await createBot(world, [open], { secret: "not the secret" });
    await Promise.allSettled([bot.start()]);
    await expect(bot.ended).resolves.toMatchObject({
      kind: "config",
      message: expect.stringMatching(/AppID or AppSecret.*code 100016/),
    });
    expect(bot.statuses.map(({ state }) => state)).not.toContain("ready");
    expect(bot.statuses.at(-1)?.state).toBe("stopped");
    expect(world.wire(/getAppAccessToken/)).toHaveLength(1);
  });

  test("C1 C2: an abort before the line is up ends it too", async () => {
    const world = await openWorld();
    await world.fault({ do: "http", call: "/gateway/bot", answer: { kind: "slow", ms: 60_000 } });
    const bot = await createBot(world, [open]);
    void bot.start();
    await world.until("a first status", () => bot.statuses.length > 0);
    await bot.stop();
    expect(bot.statuses.at(-1)?.state).toBe("stopped");
  });
}

const event = (d: unknown): string => JSON.stringify({ op: 0, s: 1, id: "E:1", t: "C2C_MESSAGE_CREATE", d });
const MALFORMED: readonly (readonly [name: string, text: string])[] = [
  ["not JSON", "not JSON"],
  ["half an event", event({}).slice(0, -5)],
  ["null", "null"],
  ["an array", `[${event({})}]`],
  ["a number", "1e400"],
  ["no d", '{"op":0,"s":1,"id":"E:1","t":"C2C_MESSAGE_CREATE"}'],
  ["a d that is null", event(null)],
  ["an opcode as text", '{"op":"0","s":1,"id":"E:1","t":"C2C_MESSAGE_CREATE","d":{}}'],
  ["a name that is a list", '{"op":0,"s":1,"id":"E:1","t":["C2C_MESSAGE_CREATE"],"d":{}}'],
  ["wrong types inside", event({ id: 7, content: {}, timestamp: [], author: "me" })],
  ["an event of no known form", '{"op":0,"s":1,"id":"E:1","t":"<script>","d":{}}'],
  ["5 MB", "x".repeat(5 * 1024 * 1024)],
];

function inputContract(open: OpenRoad): void {
  test("G4: malformed input costs one count each and never the line", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    for (const [at, [name, text]] of MALFORMED.entries()) {
      await world.fault({ do: "raw", text });
      await world.until(`a count for ${name}`, () => bot.dropped.length > at);
      expect(bot.dropped, name).toHaveLength(at + 1);
    }
    await world.say("still there?");
    await world.until("an answer", () => world.answers().length === 1);
    expect(bot.rows()).toBe(1);
    expect(bot.dropped).toHaveLength(MALFORMED.length);
    expect(world.wire(/identify|resume|close|cut/).length).toBeLessThanOrEqual(1);
    expect(bot.statuses.filter(({ state }) => state !== "ready").length).toBeLessThanOrEqual(1);
  });

  test("C6 G4: a forged id stays in the place of an id, and costs one refused call", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    const forged = `../groups/${groupId("one")}`;
    const author = { id: forged, user_openid: forged };
    const timestamp = new Date(world.time.line.now()).toISOString();
    await world.fault({ do: "raw", text: event({ id: "ROBOT1.0_forged", content: "hi", timestamp, author }) });
    await world.until("the refusal", () => bot.failures.length === 1);
    expect(bot.failures).toMatchObject([{ kind: "target" }]);
    expect(world.wire(/^POST \/v2/)).toHaveLength(1);
    expect(world.answers(group("one"))).toHaveLength(0);
  });

  test("C6: the id of a user, of a group and of another bot's user are three things, and case counts", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    await expect(
      bot.send({ kind: "c2c", userId: userId("lin") }, { content: { kind: "text", text: "known" } }),
    ).resolves.toBeDefined();
    const strangers = [
      { kind: "c2c", userId: groupId("one") },
      { kind: "group", groupId: userId("lin") },
      { kind: "c2c", userId: userId("lin").toLowerCase() },
      { kind: "c2c", userId: userId("lin", "102000002") },
    ] as const;
    for (const target of strangers) {
      await expect(bot.send(target, { content: { kind: "text", text: "lost" } })).rejects.toMatchObject({
        kind: "target",
      });
    }
    expect(world.wire(/^POST \/v2/)).toHaveLength(1 + strangers.length);
    expect(world.answers().map(({ text }) => text)).toEqual(["known"]);
  });
}
