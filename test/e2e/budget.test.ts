// An answer of 42,000 characters in 40 paragraphs against the few replies that QQ allows to a message.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatMessage, ChatRef } from "../../emulator/control.ts";
import { bot, dm, group, openWorld, seed, type World } from "./support.ts";

const free = bot(1);
const limited = bot(2);
const closed = bot(3);
const paragraphs = Array.from({ length: 40 }, (_, index) => `第${index + 1}段。${"这一段有很多话要说，".repeat(104)}`);
const whole = paragraphs.join("\n\n");

let world: World;

beforeAll(async () => {
  const bots = [free, limited, closed];
  const account = ({ appId, secret }: typeof free) => ({ appId, appSecret: secret });
  world = await openWorld({
    seed: seed(bots),
    model: { reply: (text) => (text.includes("说来话长") ? whole : `简短回答：${text}`) },
    channel: () => ({
      locale: "zh",
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      accounts: {
        free: account(free),
        limited: { ...account(limited), proactivePerDay: 4 },
        closed: account(closed),
      },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of bots) await world.emulator.waitForSessions(appId, 1, 30_000);
  for (const chat of [dm("lin", closed), group("two")]) {
    await world.emulator.control.call("proactive", { chat, allowed: false });
  }
});

afterAll(async () => world?.close());

const squeeze = (text: string): string => text.replaceAll(/\s/g, "");

const messages = (chat: ChatRef, appId: string): readonly ChatMessage[] =>
  world.answers(chat).filter(({ from }) => from.id === appId);

/** All that a reader has of the long answer by now, the file opened. */
async function heard(chat: ChatRef, appId: string): Promise<string> {
  const texts = await Promise.all(
    messages(chat, appId).map(async ({ text, media }) =>
      media ? (await fetch(`${world.emulator.url}${media.url}`)).text() : text,
    ),
  );
  return squeeze(texts.join(""));
}

/** How the answer came: a letter for each message, with those that answer nothing marked. */
const shape = (chat: ChatRef, appId: string): string =>
  messages(chat, appId)
    .map(({ media, repliesTo }) => (media ? "file" : repliesTo === undefined ? "proactive" : "reply"))
    .join(" ");

const refusedProactively = (): number =>
  world.emulator.refusals().filter((line) => JSON.stringify(line).includes("40034105")).length;

type Case = readonly [name: string, account: typeof free, person: string, chat: ChatRef, shape: RegExp];

// The typing notice of a direct message takes one of its four replies, when it is in time.
const cases: readonly Case[] = [
  ["C2C, proactive messages taken", free, "lin", dm("lin", free), /^(reply ){2,3}(proactive )+reply$/],
  ["a group, proactive messages taken", free, "ming", group("one"), /^(reply ){4}(proactive )+reply$/],
  ["C2C, four proactive messages a day", limited, "lin", dm("lin", limited), /^(reply ){2,3}(proactive ){4}file$/],
  ["a group, four proactive messages a day", limited, "ming", group("one"), /^(reply ){4}(proactive ){4}file$/],
  ["C2C, proactive messages switched off", closed, "lin", dm("lin", closed), /^(reply ){2,3}file$/],
  ["a group, proactive messages switched off", closed, "ming", group("two"), /^(reply ){4}file$/],
];

describe("a long answer", () => {
  test.each(cases)(
    "F2: arrives whole and in order in %s, and no call is refused",
    async (_, bot, person, chat, form) => {
      const before = world.emulator.refusals().length;
      const mention = chat.kind === "group" ? [bot.appId] : [];
      await world.say(person, chat, "说来话长", { mention });
      const last = squeeze(paragraphs.at(-1) ?? "");
      const isOver = () => messages(chat, bot.appId).some(({ text, media }) => media || squeeze(text).endsWith(last));
      await world.until("the last part", isOver, 60_000);
      expect(shape(chat, bot.appId)).toMatch(form);
      expect(await heard(chat, bot.appId)).toBe(squeeze(whole));
      expect(world.emulator.refusals().slice(before)).toEqual([]);
    },
  );

  test("F2: one more answer in the same chat is short, and comes as ever", async () => {
    const chat = dm("lin", closed);
    expect((await world.ask("lin", chat, "还在吗")).text).toContain("简短回答");
  });
});

test("F2: a group whose admin refuses proactive messages without a word costs one refused call, then none that day", async () => {
  const chat = group("two");
  // The bot was not there when the switch was turned: only QQ's refusal tells.
  const before = refusedProactively();
  for (const person of ["lin", "alice"]) {
    const count = messages(chat, free.appId).length;
    await world.say(person, chat, "说来话长", { mention: [free.appId] });
    await world.until(
      "the file",
      () =>
        messages(chat, free.appId)
          .slice(count)
          .some(({ media }) => media),
      60_000,
    );
  }
  expect(refusedProactively() - before).toBeLessThanOrEqual(1);
});
