// An answer of 42,000 characters against the few replies that QQ allows to a message.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatRef } from "../../emulator/control.ts";
import { bot, dm, group, openWorld, seed, type World } from "./support.ts";

const one = bot(1);
const paragraphs = Array.from({ length: 40 }, (_, index) => `第${index + 1}段。${"这一段有很多话要说，".repeat(104)}`);
const whole = paragraphs.join("\n\n");
const NOTICE = /\n【还有 \d+ 段未发完，发送任意消息即可继续】$/;

let world: World;

beforeAll(async () => {
  world = await openWorld({
    seed: seed([one]),
    model: { reply: (text) => (text.includes("说来话长") ? whole : `简短回答：${text}`) },
    channel: () => ({
      appId: one.appId,
      appSecret: one.secret,
      locale: "zh",
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
    }),
  });
  await world.gateway.ready;
  await world.emulator.waitForSessions(one.appId, 1, 30_000);
});

afterAll(async () => world?.close());

const squeeze = (text: string): string => text.replaceAll(/\s/g, "");

/** What has come of the long answer by now, the notices and the short answers in between left out. */
function heard(chat: ChatRef): string {
  const parts = world.answers(chat).map(({ text }) => text);
  return squeeze(
    parts
      .filter((text) => !text.startsWith("简短回答"))
      .map((text) => text.replace(NOTICE, ""))
      .join(""),
  );
}

const scenes: readonly (readonly [name: string, person: string, chat: ChatRef, mention: readonly string[]])[] = [
  ["in a direct message", "lin", dm("lin", one), []],
  ["in a group", "ming", group("one"), [one.appId]],
];

test.each(scenes)(
  "F2: where proactive messages are taken, a long answer arrives whole, %s",
  async (_name, person, chat, mention) => {
    await world.say(person, chat, "说来话长", { mention });
    await world.until("the whole answer", () => heard(chat) === squeeze(whole), 60_000);
    expect(world.emulator.refusals()).toEqual([]);
  },
);

describe("where proactive messages are refused", () => {
  const closed: typeof scenes = [
    ["in a direct message", "alice", dm("alice", one), []],
    ["in a group", "alice", group("two"), [one.appId]],
  ];

  test.each(closed)(
    "F2: the rest of a long answer is kept, and comes when the user writes again, %s",
    async (_name, person, chat, mention) => {
      await world.emulator.control.call("proactive", { chat, allowed: false });
      const before = world.emulator.refusals().length;
      await world.say(person, chat, "说来话长", { mention });
      await world.until(
        "the line that says so",
        () => world.answers(chat).some(({ text }) => NOTICE.test(text)),
        60_000,
      );
      expect(squeeze(whole).startsWith(heard(chat))).toBe(true);
      for (let turn = 0; heard(chat) !== squeeze(whole); turn += 1) {
        expect(turn).toBeLessThan(6);
        expect((await answerTo(person, chat, `继续 ${turn}`, mention)).text).toContain(`继续 ${turn}`);
      }
      // One try tells whether the chat takes proactive messages; after that nothing is sent that will be refused.
      expect(world.emulator.refusals().length - before).toBe(1);
    },
  );
});

/** Says something, and waits for the answer to just that: kept parts may come before it. */
async function answerTo(person: string, chat: ChatRef, text: string, mention: readonly string[]) {
  await world.say(person, chat, text, { mention });
  const find = () => world.answers(chat).find((answer) => answer.text.includes(`简短回答：${text}`));
  await world.until(`an answer to "${text}"`, () => find() !== undefined, 60_000);
  return find() ?? expect.unreachable();
}
