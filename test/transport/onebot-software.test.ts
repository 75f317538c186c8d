// The other OneBot implementations (onebot-napcat.md 9), as the emulated NapCat speaks like them.
import { describe, expect, test } from "vitest";
import type { Software } from "../../emulator/onebot/settings.ts";
import { openBot } from "./bot.ts";
import { openOnebot, openReverse, openSocketOnly } from "./onebot-roads.ts";
import { group, openWorld, texts } from "./world.ts";

const one = group("one");
const others: readonly Software[] = ["llonebot", "lagrange", "go-cqhttp"];
const roads = [
  ["socket and HTTP", openOnebot],
  ["one socket", openSocketOnly],
  ["a socket that it dials", openReverse],
] as const;

describe.each(others)("%s", (software) => {
  const openHere = () => openWorld({ plant: "account", account: { napcat: { software } } });

  test.each(roads)("C4: who writes is answered, in direct messages and in a group, by %s", async (_name, open) => {
    const world = await openHere();
    const bot = await openBot(world, open, { answer: (text) => text });
    const text = "1 < 2 && [CQ:at,qq=all] &#91;🙂\n第二行";
    await world.say(text);
    await world.say(text, one, { mention: [world.self] });
    await world.pass("both answers", () => world.answers().length + world.answers(one).length === 2);
    expect([world.answers()[0]?.text, world.answers(one)[0]?.text]).toEqual([text, text]);
    expect(bot.failures).toEqual([]);
    expect(bot.statuses.at(-1)?.state).toBe("ready");
  });

  test("C4: its CQ strings are read as well", async () => {
    const world = await openWorld({
      plant: "account",
      account: { napcat: { software, wsFormat: "string", httpFormat: "string" } },
    });
    await openBot(world, openOnebot, { answer: (text) => text });
    await world.say("a & b [c], d", one, { mention: [world.self] });
    await world.pass("the answer", () => world.answers(one).length === 1);
    expect(world.answers(one)[0]?.text).toBe("a & b [c], d");
  });

  test("C4 G1: what was said in a gap longer than a page is answered once", async () => {
    const world = await openHere();
    const bot = await openBot(world, openOnebot);
    // go-cqhttp has histories of groups only.
    const chats = software === "go-cqhttp" ? [one] : [one, world.dm("lin")];
    const sayIn = async (text: string) => {
      for (const chat of chats) await world.say(text, chat, chat.kind === "group" ? { mention: [world.self] } : {});
      world.time.advance(1500);
    };
    const all = texts("missed", 45);
    const isAnswered = (text: string) => world.countAnswers([text], chats)[0] === chats.length;
    await sayIn("before");
    await world.pass("the first answers", () => isAnswered("before"));
    await bot.stop();
    for (const text of all) await sayIn(text);
    await bot.start();
    await world.pass("the answers", () => all.every(isAnswered));
    for (const chat of chats) {
      expect(world.answers(chat).map(({ text }) => text)).toEqual(["before", ...all].map((text) => `re: ${text}`));
    }
  });

  test("F3: a send that is not confirmed and is shown is not made again", async () => {
    const world = await openHere();
    const bot = await openBot(world, openOnebot);
    await world.trouble({ what: "send", outcome: { kind: "delivered" } });
    await world.say("hello");
    await world.pass("the end of it", () => bot.rows() === 1 && bot.unanswered() === 0);
    expect(world.countAnswers(["hello"])).toEqual([1]);
    expect(bot.road.sends()).toBe(1);
  });

  test("A6: a wrong token is told as such, and no other thing is", async () => {
    const world = await openHere();
    const bot = await openBot(world, openOnebot);
    const before = bot.statuses.length;
    await world.trouble({ what: "bad-token" });
    await world.pass("the advice", () => /access token is refused/.test(bot.statuses.at(-1)?.why ?? ""));
    await world.trouble({ what: "good-token" });
    await world.pass("the line", () => bot.statuses.at(-1)?.state === "ready");
    expect(bot.statuses.slice(before).map(({ state }) => state)).not.toContain("stopped");
  });
});
