// The gateway socket: the transport contract, and every way in which only a socket can fail.
import { describe, expect, test } from "vitest";
import type { Fault } from "../../emulator/control.ts";
import { createBot, openBot, type Bot } from "./bot.ts";
import { transportContract } from "./contract.ts";
import { websocket } from "./official-kinds.ts";
import { openWebsocket } from "./roads.ts";
import { APP_ID, openWorld, texts, type World } from "./world.ts";

const HEARTBEAT_MS = 40_000;
const DIRECT_MESSAGE = 1 << 12;
const GROUP_AND_C2C = 1 << 25;

transportContract(websocket);

/** Ten messages, the fault, ten more; resolves when all are answered, and says how often each was. */
async function writeAround(world: World, half: () => Promise<unknown>): Promise<readonly number[]> {
  const all = texts("message", 20);
  for (const text of all.slice(0, 10)) await world.say(text);
  await half();
  for (const text of all.slice(10)) await world.say(text);
  await world.hurry("twenty answers", () => world.countAnswers(all).every((count) => count > 0));
  return world.countAnswers(all);
}

const ONCE = Array.from({ length: 20 }, () => 1);
const resumes = (world: World): number => world.wire(/^6 resume$/).length;
const identifies = (world: World): number => world.wire(/^2 identify$/).length;

describe("twenty messages around a fault", () => {
  const resumed: readonly (readonly [name: string, faults: readonly Fault[]])[] = [
    ["a socket that is cut", [{ do: "close", code: 1006 }]],
    ["op 7", [{ do: "reconnect" }]],
    ["op 7 and then 4009", [{ do: "reconnect", thenClose: true }]],
    ["4009", [{ do: "close", code: 4009 }]],
    ["4009 instead of a dispatch", [{ do: "close", code: 4009, when: "before-dispatch" }]],
    ["4009 right after a dispatch", [{ do: "close", code: 4009, when: "after-dispatch" }]],
    ["op 9 that allows a resume", [{ do: "invalid-session", resumable: true }]],
    [
      "a resume that replays what was had",
      [
        { do: "over-replay", events: 15 },
        { do: "close", code: 4009 },
      ],
    ],
  ];
  test.each(resumed)("C2 G1 G2: %s loses none and answers none twice", async (_name, faults) => {
    const world = await openWorld();
    const bot = await openBot(world, openWebsocket);
    const counts = await writeAround(world, async () => {
      for (const fault of faults) await world.fault(fault);
    });
    expect(counts).toEqual(ONCE);
    expect([identifies(world), resumes(world)]).toEqual([1, 1]);
    expect(bot.rows()).toBe(20);
    expect(bot.failures).toEqual([]);
  });

  test("C2 G2: dispatches that come five times are answered once", async () => {
    const world = await openWorld();
    const bot = await openBot(world, openWebsocket);
    const counts = await writeAround(world, () => world.fault({ do: "duplicate", times: 5 }));
    expect(counts).toEqual(ONCE);
    expect(bot.accepted).toBe(24);
  });

  const lost: readonly (readonly [name: string, faults: readonly Fault[]])[] = [
    ["op 9 that does not allow a resume", [{ do: "invalid-session", resumable: false }]],
    [
      "a resume that is refused with 4902",
      [
        { do: "refuse-resume", code: 4902 },
        { do: "close", code: 4009 },
      ],
    ],
    ["a session that failed at the platform", [{ do: "close", code: 4900 }]],
  ];
  test.each(lost)("C2 G1 G2: %s costs the session and no message that was brought", async (_name, faults) => {
    const world = await openWorld();
    const bot = await openBot(world, openWebsocket);
    const counts = await writeAround(world, async () => {
      for (const fault of faults) await world.fault(fault);
      // The platform keeps nothing for a bot without a session: the other ten come when there is one.
      await world.hurry("a new session", () => identifies(world) === 2 && isUp(bot));
    });
    expect(counts).toEqual(ONCE);
    expect(bot.rows()).toBe(20);
  });

  test("C2 G1: a half-open socket is noticed within 1.5 heartbeats, and none is lost in it", async () => {
    const world = await openWorld({ emulator: { heartbeatMs: HEARTBEAT_MS } });
    const bot = await openBot(world, openWebsocket);
    const counts = await writeAround(world, async () => {
      await world.fault({ do: "half-open" });
      await world.say("into the hole");
      let passed = 0;
      for (; isUp(bot) && passed < 2 * HEARTBEAT_MS; passed += 2000) await passTime(world, 2000);
      expect(passed).toBeLessThanOrEqual(1.5 * HEARTBEAT_MS);
    });
    expect(counts).toEqual(ONCE);
    expect(world.countAnswers(["into the hole"])).toEqual([1]);
    expect([identifies(world), resumes(world)]).toEqual([1, 1]);
  });
});

describe("the session", () => {
  test("C2 G1: a resume names the last event that is stored, and the next one comes again", async () => {
    const world = await openWorld();
    const bot = await openBot(world, openWebsocket);
    await world.say("stored");
    await world.until("its answer", () => world.answers().length === 1);
    const release = bot.hold();
    await world.say("not stored yet");
    await world.until("the event at the store", () => bot.accepted === 2);
    await world.fault({ do: "close", code: 4009 });
    await world.hurry("a resume", () => resumes(world) === 1);
    // READY was number 1.
    expect(world.wire(/^6 resume$/)[0]?.body).toMatchObject({ d: { seq: 2 } });
    await world.until("the event again", () => bot.accepted === 3);
    release();
    await world.until("its answer", () => world.answers().length === 2);
    expect(bot.rows()).toBe(2);
  });

  test("C2 G1: a restart resumes the stored session", async () => {
    const world = await openWorld();
    const bot = await openBot(world, openWebsocket);
    await world.say("one");
    await world.until("its answer", () => world.answers().length === 1);
    await bot.stop();
    await bot.start();
    expect([identifies(world), resumes(world)]).toEqual([1, 1]);
    expect(world.wire(/^6 resume$/)[0]?.body).toMatchObject({ d: { seq: 2 } });
    await world.until("RESUMED", () => isUp(bot));
    expect(world.wire(/RESUMED/)).toHaveLength(1);
  });

  test("C2 G2: an old life of thirty minutes ends in a new connection and not in a new session", async () => {
    const world = await openWorld();
    await openBot(world, openWebsocket);
    await world.emulator.control.call("advance", { ms: 30 * 60_000 });
    await world.hurry("a resume", () => resumes(world) === 1);
    await world.say("still there?");
    await world.hurry("the answer", () => world.answers().length === 1);
    expect(identifies(world)).toBe(1);
  });
});

describe("what the platform refuses", () => {
  test("C2: intents that are refused are given up by name, and messages still come", async () => {
    const world = await openWorld();
    await world.fault({ do: "deny-intents", intents: DIRECT_MESSAGE });
    const bot = await createBot(world, [openWebsocket]);
    await Promise.all([bot.start(), world.hurry("a session", () => isUp(bot))]);
    expect(bot.statuses.at(-1)?.why).toBe("ready, without MESSAGE_AUDIT and DIRECT_MESSAGE");
    await world.say("can you read this?");
    await world.until("the answer", () => world.answers().length === 1);
  });

  test("C2: without the right to group and direct messages the run ends with advice", async () => {
    const world = await openWorld();
    await world.fault({ do: "deny-intents", intents: GROUP_AND_C2C });
    const bot = await createBot(world, [openWebsocket]);
    await Promise.all([bot.start(), world.hurry("the end", () => bot.statuses.at(-1)?.state === "stopped")]);
    await expect(bot.ended).resolves.toMatchObject({ kind: "permission", refusal: { platformCode: 4014 } });
    expect(bot.statuses.at(-1)?.why).toMatch(/no right to group and C2C events; apply for it at q\.qq\.com/);
  });

  test("A6 C2: a blocked address stands in the status, and the token is not asked for again", async () => {
    const world = await openWorld({ bot: { ipAllowed: false } });
    const bot = await createBot(world, [openWebsocket]);
    void bot.start();
    const refused = (): number => world.wire(/^GET \/gateway\/bot 401/).length;
    for (const times of [1, 2, 3]) {
      await world.until("a refusal", () => refused() === times && bot.statuses.at(-1)?.state === "waiting");
      const status = bot.statuses.at(-1);
      expect(status?.state === "waiting" && status.retryAt - world.time.line.now()).toBeGreaterThan(4 * 60_000);
      expect(status?.why).toMatch(/allow-list.*code 11298.*address (?:::ffff:)?127\.0\.0\.1/);
      world.time.advance(5 * 60_000);
    }
    expect(world.wire(/getAppAccessToken/)).toHaveLength(1);
  });
});

const isUp = (bot: Bot): boolean => bot.statuses.at(-1)?.state === "ready";

/** Moves the time and lets what it wakes come to rest. */
async function passTime({ time }: World, ms: number): Promise<void> {
  time.advance(ms);
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

test("C2: the status says what the socket is, at every moment", async () => {
  const world = await openWorld();
  const bot = await openBot(world, openWebsocket);
  await world.until("READY", () => isUp(bot));
  await world.fault({ do: "http", call: "/gateway/bot", times: 3, answer: { kind: "error", status: 500 } });
  await world.fault({ do: "close", code: 4009 });
  await world.until("the loss", () => !isUp(bot));
  await world.hurry("the socket again", () => isUp(bot));
  expect(bot.statuses.map(({ state }) => state).filter((state, at, all) => state !== all[at - 1])).toEqual([
    "connecting",
    "ready",
    "connecting",
    "waiting",
    "connecting",
    "ready",
  ]);
  expect(world.emulator.world.context.sessions(APP_ID)).toBe(1);
});
