// Messages around everything that can happen to a NapCat (onebot-napcat.md 3 and 7.5): each is stored and answered once.
import { describe, expect, test } from "vitest";
import type { NapcatTrouble } from "../../emulator/onebot/napcat-fault.ts";
import type { LineStatus } from "../../extensions/qq/src/transport/transport.ts";
import { createBot, openBot, type Bot } from "./bot.ts";
import {
  openBoth,
  openOnebot,
  openPosted,
  openPostedWithoutBeats,
  openReverse,
  openSocketOnly,
} from "./onebot-roads.ts";
import type { OpenRoad } from "./roads.ts";
import { group, openWorld, texts, type World } from "./world.ts";

const one = group("one");
const ONCE = Array.from({ length: 20 }, () => 1);

/** Every other message comes in the group, where it names the account; a second goes by after each. */
async function sayAll(world: World, all: readonly string[]): Promise<void> {
  for (const text of all) {
    const inGroup = Number(text.split(" ").at(-1)) % 2 === 0;
    await (inGroup ? world.say(text, one, { mention: [world.self] }) : world.say(text));
    const until = world.time.line.now() + 1000;
    await world.pass("a second", () => world.time.line.now() >= until);
  }
}

const counts = (world: World, all: readonly string[]) => world.countAnswers(all, [world.dm("lin"), one]);

/** The answers of a chat in the order in which they are there. */
const answered = (world: World, chat = world.dm("lin")) => world.answers(chat).map(({ text }) => text);

/** Waits for an answer to each, and long enough for a second one to come. */
async function untilAnswered(world: World, all: readonly string[]): Promise<void> {
  await world.pass("all answers", () => counts(world, all).every((count) => count > 0));
  const until = world.time.line.now() + 90_000;
  await world.pass("ninety seconds more", () => world.time.line.now() >= until);
}

interface Course {
  readonly what: string;
  readonly trouble: NapcatTrouble;
  readonly mended?: NapcatTrouble;
  /** What the status is to say, and how soon at most, ms: two heartbeats are 60 s. */
  readonly shown: LineStatus["state"];
  readonly why: RegExp;
  readonly within: number;
}

const drop: Course = {
  what: "the socket drops",
  trouble: { what: "drop" },
  shown: "waiting",
  why: /closed/,
  within: 5000,
};
const restart: Course = {
  what: "NapCat restarts",
  trouble: { what: "restart", ms: 20_000 },
  shown: "waiting",
  why: /closed/,
  within: 5000,
};
const stall: Course = {
  what: "NapCat stalls for a minute",
  trouble: { what: "stall", ms: 65_000 },
  shown: "connecting",
  why: /nothing has come for \d+ s/,
  within: 65_000,
};
const halfOpen: Course = {
  what: "the socket is half open",
  trouble: { what: "half-open" },
  shown: "connecting",
  why: /nothing has come for \d+ s/,
  within: 65_000,
};
/** Only the NapCat itself dials again, once it has noticed. */
const halfOpenForBoth: Course = { ...halfOpen, mended: { what: "drop" } };
const kick: Course = {
  what: "the account is kicked, and logs in again",
  trouble: { what: "kick", tag: "下线通知", text: "请重新登录。" },
  mended: { what: "relogin" },
  shown: "offline",
  why: /下线通知 请重新登录。.*log in again/,
  within: 5000,
};
const lost = (burst: boolean): Course => ({
  what: `QQ's network is lost, and comes back with${burst ? "" : "out"} what was missed`,
  trouble: { what: "net-loss" },
  mended: { what: "net-back", burst },
  shown: "offline",
  why: /not logged in/,
  within: 61_000,
});
const badToken: Course = {
  what: "the token is wrong, and corrected",
  trouble: { what: "bad-token" },
  mended: { what: "good-token" },
  shown: "waiting",
  why: /access token is refused; set accessToken to the token of NapCat/,
  within: 20_000,
};

/** Two heartbeats have come: from now on the line knows when the next is due. */
async function beat(world: World): Promise<void> {
  const beats = () => world.wire(/heartbeat$/).length;
  await world.pass("two heartbeats", () => beats() >= 2);
}

/** Twenty messages, six of them before the trouble, four in it and ten after it; resolves with the texts. */
async function writeAround(world: World, course: Course, statuses: readonly LineStatus[]): Promise<readonly string[]> {
  const all = texts("message", 20);
  const state = () => statuses.at(-1)?.state;
  if (course.within > 60_000) await beat(world);
  await sayAll(world, all.slice(0, 6));
  await world.trouble(course.trouble);
  const began = world.time.line.now();
  const since = statuses.length;
  await sayAll(world, all.slice(6, 10));
  const shown = (): LineStatus | undefined =>
    statuses.slice(since).find(({ state, why }) => state === course.shown && course.why.test(why));
  await world.pass(`${course.shown}: ${course.why}`, () => shown() !== undefined);
  expect((shown()?.since ?? 0) - began).toBeLessThanOrEqual(course.within);
  if (course.mended) await world.trouble(course.mended);
  await sayAll(world, all.slice(10, 16));
  await world.pass("the line is up again", () => state() === "ready");
  await sayAll(world, all.slice(16));
  return all;
}

const runs: readonly (readonly [name: string, open: OpenRoad, courses: readonly Course[]])[] = [
  ["socket and HTTP", openOnebot, [drop, restart, stall, halfOpen, badToken, kick, lost(true), lost(false)]],
  ["one socket", openSocketOnly, [drop, restart, stall, halfOpen, kick, lost(true)]],
  ["a socket that NapCat dials", openReverse, [drop, restart, stall, halfOpenForBoth, kick, lost(true)]],
];

describe.each(runs)("of twenty messages around a fault, by %s", (_name, open, courses) => {
  test.each(courses)("C4 G1 G2: none is lost, and none answered twice, when $what", async (course) => {
    const world = await openWorld({ plant: "account" });
    const bot = await openBot(world, open);
    const all = await writeAround(world, course, bot.statuses);
    await untilAnswered(world, all);
    expect(counts(world, all)).toEqual(ONCE);
    const inTurn = (parity: number) => all.filter((_, at) => at % 2 === parity).map((text) => `re: ${text}`);
    expect(answered(world)).toEqual(inTurn(0));
    expect(answered(world, one)).toEqual(inTurn(1));
    expect(bot.rows()).toBe(20);
    expect(bot.statuses.at(-1)?.state).toBe("ready");
    expect(bot.failures).toEqual([]);
    // A peer that is gone never answers a close: the socket is over when its host says so.
    if (course.trouble.what === "half-open") await world.trouble({ what: "drop" });
  });
});

/** The line is down, and back; what was said meanwhile nobody has pushed. */
async function whileAway(world: World, bot: Bot, say: () => Promise<unknown>): Promise<void> {
  await bot.stop();
  await say();
  await bot.start();
}

describe("what was said while nobody listened", () => {
  test.each([
    ["socket and HTTP", openOnebot],
    ["a socket that NapCat dials", openReverse],
    ["posts", openPosted],
  ] as const)("C4 C5 G1 G2: a restart of the line among twenty messages loses none, by %s", async (_name, open) => {
    const world = await openWorld({ plant: "account" });
    const bot = await openBot(world, open);
    const all = texts("message", 20);
    await sayAll(world, all.slice(0, 6));
    // Some of these are not answered yet when the line stops.
    for (const text of all.slice(6, 10)) await world.say(text);
    await whileAway(world, bot, () => sayAll(world, all.slice(10, 14)));
    await sayAll(world, all.slice(14));
    await untilAnswered(world, all);
    expect(counts(world, all)).toEqual(ONCE);
    expect(bot.rows()).toBe(20);
  });

  test("C5 G1: by posts alone it is read as soon as the line runs, before anything is posted", async () => {
    const world = await openWorld({ plant: "account" });
    const bot = await createBot(world, [openPostedWithoutBeats]);
    // It is up with the first post.
    const begun = bot.start();
    await world.until("the address to post to", () => bot.statuses.at(-1)?.state === "waiting");
    await world.say("before");
    await begun;
    await world.pass("the answer", () => world.countAnswers(["before"])[0] === 1);
    await bot.stop();
    await world.say("meanwhile");
    await world.until("the post that nobody took", () => world.wire(/^post-1 message .* 503$/).length === 1);
    void bot.start().catch(() => undefined);
    await world.pass("the other answer", () => world.countAnswers(["meanwhile"])[0] === 1);
  });

  test("C4 G1: a gap of three pages is read to its beginning, in a chat that was known and in new ones", async () => {
    const world = await openWorld({ plant: "account", account: { friends: ["lin", "ming"] } });
    const bot = await openBot(world, openOnebot);
    await world.say("before");
    await world.pass("the first answer", () => world.countAnswers(["before"])[0] === 1);
    const chats = [world.dm("lin"), one, world.dm("ming"), world.dm("alice")];
    const all = texts("missed", 60);
    await whileAway(world, bot, async () => {
      for (const text of all) {
        await world.say(text);
        await world.say(text, one, { mention: [world.self] });
        world.time.advance(500);
      }
      for (const text of all.slice(0, 25)) {
        await world.say(text, world.dm("ming"));
        await world.say(text, world.dm("alice"), { via: "two" });
        // Longer than what a look at a silent chat would bring anyway.
        world.time.advance(4000);
      }
    });
    await world.pass("all answers", () => world.countAnswers(all, chats).reduce((sum, n) => sum + n, 0) >= 170);
    for (const [chat, said] of [
      [one, all],
      [world.dm("lin"), ["before", ...all]],
      [world.dm("ming"), all.slice(0, 25)],
      [world.dm("alice"), all.slice(0, 25)],
    ] as const) {
      expect(answered(world, chat)).toEqual(said.map((text) => `re: ${text}`));
    }
    expect(world.answers(group("two"))).toEqual([]);
    expect(bot.rows()).toBe(171);
  });

  test("G1: what NapCat itself has lost costs no more than that", async () => {
    const world = await openWorld({ plant: "account" });
    const bot = await openBot(world, openOnebot);
    const all = texts("message", 20);
    await sayAll(world, all.slice(0, 6));
    await world.trouble({ what: "restart", ms: 20_000, holes: true });
    await sayAll(world, all.slice(6, 10));
    await world.pass("the line is up again", () => bot.statuses.at(-1)?.state === "ready");
    await sayAll(world, all.slice(10));
    const held = [...all.slice(0, 6), ...all.slice(10)];
    await untilAnswered(world, held);
    const lost = all.map((_, at) => (at >= 6 && at < 10 ? 0 : 1));
    expect(counts(world, all)).toEqual(lost);
    expect(bot.rows()).toBe(16);
  });

  test("C4 G1: a NapCat that goes deaf is read from, once a minute, and told of", async () => {
    const world = await openWorld({ plant: "account" });
    const bot = await openBot(world, openOnebot);
    const all = texts("message", 20);
    const state = () => bot.statuses.at(-1)?.state;
    await sayAll(world, all.slice(0, 6));
    await world.trouble({ what: "deaf", on: true });
    await sayAll(world, all.slice(6, 8));
    await world.pass("answers out of history", () => counts(world, all.slice(6, 8)).every((count) => count > 0));
    await sayAll(world, all.slice(8, 10));
    await world.pass("deaf", () => state() === "deaf");
    await sayAll(world, all.slice(10, 12));
    await world.trouble({ what: "deaf", on: false });
    await sayAll(world, all.slice(12));
    await untilAnswered(world, all);
    expect(counts(world, all)).toEqual(ONCE);
    expect(state()).toBe("ready");
  });
});

test("C4 C5 G2: what comes by socket and by post is stored and answered once", async () => {
  const world = await openWorld({ plant: "account" });
  const bot = await openBot(world, openBoth);
  const all = texts("message", 20);
  await sayAll(world, all);
  await untilAnswered(world, all);
  expect(world.wire(/^post-1 message .* 204$/)).toHaveLength(20);
  expect(world.wire(/^ws message /)).toHaveLength(20);
  expect(counts(world, all)).toEqual(ONCE);
  expect(bot.rows()).toBe(20);
});
