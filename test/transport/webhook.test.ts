// Signed callbacks: the transport contract, and every way in which only a callback can fail.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { deriveCallbackKeys, signCallback } from "../../extensions/qq/src/protocol/official/signature.ts";
import { createBot, openBot } from "./bot.ts";
import { transportContract } from "./contract.ts";
import { webhook } from "./official-kinds.ts";
import { openWebhook, openWebsocket, type WebhookRoad } from "./roads.ts";
import { APP_ID, openWorld, SECRET, texts, type World } from "./world.ts";

/** QQ repeats a callback three times; more, and sooner, so that a busy machine is no reason to lose one. */
const MANY_TRIES = { callbackRetriesMs: Array.from({ length: 100 }, () => 50) };

transportContract(webhook);

async function openHook(world: World) {
  let road: WebhookRoad | undefined;
  const bot = await openBot(world, async (world, secret) => (road = await openWebhook(world, secret)));
  if (!road) throw new Error("the road was not opened");
  return { bot, callbacks: road.callbacks };
}

async function writeAround(world: World, half: () => void): Promise<readonly number[]> {
  const all = texts("message", 20);
  for (const text of all.slice(0, 10)) await world.say(text);
  half();
  for (const text of all.slice(10)) await world.say(text);
  await world.hurry("twenty answers", () => world.countAnswers(all).every((count) => count > 0));
  return world.countAnswers(all);
}

const ONCE = Array.from({ length: 20 }, () => 1);
const tries = (world: World, outcome: RegExp): number =>
  world.wire(/^C2C_MESSAGE_CREATE /).filter(({ title }) => outcome.test(title)).length;

describe("twenty messages around a fault", () => {
  test("C1 G1 G2: a store that fails answers 500, QQ pushes again, and none is lost or answered twice", async () => {
    const world = await openWorld({ emulator: { tune: MANY_TRIES } });
    const { bot } = await openHook(world);
    const counts = await writeAround(world, () => {
      bot.breakJournal();
      void world.until("a 500", () => tries(world, / 500$/) > 0).then(() => bot.mendJournal());
    });
    expect(counts).toEqual(ONCE);
    expect(tries(world, / 500$/)).toBeGreaterThan(0);
    expect(bot.rows()).toBe(20);
  });

  test("C1 G1 G2: an answer that comes too late for QQ is pushed again, and answered once", async () => {
    const world = await openWorld({ emulator: { tune: { ...MANY_TRIES, callbackMs: 100 } } });
    const { bot } = await openHook(world);
    const counts = await writeAround(world, () => {
      const release = bot.hold();
      void world.until("a push that took too long", () => tries(world, /no answer within/) > 0).then(release);
    });
    expect(counts).toEqual(ONCE);
    expect(bot.accepted).toBeGreaterThan(20);
    expect(bot.rows()).toBe(20);
  });

  test.each(["before", "after"] as const)(
    "C1 G1 G2: a connection that is cut %s the event is stored costs nothing",
    async (when) => {
      const world = await openWorld({ emulator: { tune: MANY_TRIES } });
      const { bot, callbacks } = await openHook(world);
      const counts = await writeAround(world, () => callbacks.cut(when, 5));
      expect(counts).toEqual(ONCE);
      expect(tries(world, / (?!200)/)).toBeGreaterThanOrEqual(5);
      expect(bot.accepted).toBe(when === "after" ? 25 : 20);
      expect(bot.rows()).toBe(20);
    },
  );
});

test("G2: events that come by webhook and by gateway are one row and one answer each", async () => {
  const world = await openWorld();
  await world.emulator.control.call("transport", { bot: APP_ID, mode: "both" });
  const bot = await createBot(world, [openWebhook, openWebsocket]);
  await bot.start();
  const all = texts("twice", 10);
  for (const text of all) await world.say(text);
  await world.until("both deliveries of each", () => bot.accepted === 20);
  await world.until("ten answers", () => world.answers().length >= 10);
  await bot.stop();
  expect(world.countAnswers(all)).toEqual(all.map(() => 1));
  await bot.start();
  expect(bot.rows()).toBe(10);
});

/** Posts a callback as a stranger would, and tells the status of the answer. */
async function post(url: string, body: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(url, { method: "POST", body, headers: { "x-bot-appid": APP_ID, ...headers } });
  await response.arrayBuffer();
  return response.status;
}
const signed = (body: string, secret = SECRET, at = Date.now()): Record<string, string> => {
  const timestamp = String(Math.floor(at / 1000));
  return {
    "x-signature-ed25519": signCallback(deriveCallbackKeys(secret), timestamp, body),
    "x-signature-timestamp": timestamp,
  };
};

describe("what the line refuses", () => {
  test("C1 G4: unsigned, tampered, stale, foreign and wrongly signed callbacks get 401 and leave no row", async () => {
    const world = await openWorld();
    const { bot, callbacks } = await openHook(world);
    await world.say("a real one");
    await world.until("its answer", () => world.answers().length === 1);
    const body = bot.road.newestText().replace("a real one", "a forged one");
    const stale = Date.now() - 3_600_000;
    const forged = [
      [body, {}],
      [body, signed(`${body} `)],
      [body, signed(body, SECRET, stale)],
      [body, signed(body, createHash("sha256").update(SECRET).digest("hex"))],
      [body, { ...signed(body), "x-bot-appid": "102000002" }],
      [body, { "x-signature-timestamp": signed(body)["x-signature-timestamp"] ?? "" }],
    ] as const;
    for (const [text, headers] of forged) expect(await post(callbacks.url, text, headers)).toBe(401);
    expect(bot.accepted).toBe(1);
    expect(bot.rows()).toBe(1);
    expect(bot.dropped).toHaveLength(forged.length);
  });

  test("C1: an address is validated with op 13, and not for a line that has another secret", async () => {
    const world = await openWorld();
    await openHook(world);
    expect(world.wire(/^callbackValidation ok$/)).toHaveLength(1);
    const other = await createBot(world, [openWebhook], { secret: "another bot's secret" });
    await Promise.allSettled([other.start()]);
    await expect(other.ended).resolves.toMatchObject({ kind: "config" });
    expect(world.wire(/^callbackValidation ok$/)).toHaveLength(1);
  });

  test("C1: the endpoint signs nothing that could pass for an event", async () => {
    const world = await openWorld();
    const { callbacks } = await openHook(world);
    const event_ts = String(Math.floor(Date.now() / 1000));
    for (const plain_token of ['{"op":0,"id":"E:1","t":"C2C_MESSAGE_CREATE"}', "short", "x".repeat(65)]) {
      expect(await post(callbacks.url, JSON.stringify({ op: 13, d: { plain_token, event_ts } }), {})).toBe(401);
    }
  });

  test("C1 G1: a line that does not run takes nothing, and QQ pushes again", async () => {
    const world = await openWorld({ emulator: { tune: MANY_TRIES } });
    const { bot } = await openHook(world);
    await bot.stop();
    await world.say("anybody?");
    await world.until("a 503", () => tries(world, / 503$/) > 0);
    await bot.start();
    await world.until("the answer", () => world.answers().length === 1);
  });
});

test("A6 C1: a blocked address stands in the failure of a send, which is tried once", async () => {
  const world = await openWorld({ bot: { ipAllowed: false } });
  const { bot } = await openHook(world);
  await world.say("hello");
  await world.until("the failure", () => bot.failures.length === 1);
  expect(bot.failures).toMatchObject([
    { kind: "ip-blocked", message: expect.stringMatching(/allow-list.*code 11298.*address (?:::ffff:)?127\.0\.0\.1/) },
  ]);
  expect(world.wire(/^POST \/v2/)).toHaveLength(1);
  expect(world.wire(/getAppAccessToken/)).toHaveLength(1);
});
