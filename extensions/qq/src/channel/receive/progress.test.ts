import { beforeEach, describe, expect, test } from "vitest";
import type { AccountConfig } from "../../config/schema.ts";
import type { InboundMessage } from "../../message/inbound.ts";
import type { Target } from "../../message/target.ts";
import { deliverReply } from "../answer/message.ts";
import { progressLine } from "./progress.ts";
import type { Routed } from "./route.ts";
import type { GrowingMessage } from "../stream/stream.ts";
import { openFakeAccount, person, shownIn, type FakeAccount } from "../testing/fake-account.ts";
import { openFakePersonal, wordsOf } from "../testing/fake-personal.ts";

const group: Target = { kind: "group", groupId: "G1" };
const LINE = "Still working on it, please wait…";

let fake: FakeAccount;

beforeEach(() => {
  fake = openFakeAccount(4000);
  Object.assign(fake.running.line, { typing: async () => {} });
  for (const chat of [group, person]) fake.hear(`of ${chat.kind}`, chat);
});

const begin = (chat: Target, config: Partial<AccountConfig> = {}) => {
  fake.config = config;
  const { account } = fake.running.current();
  return progressLine({ id: "m1", chat, text: "hi" } as InboundMessage, { account } as Routed, fake.running);
};
const shown = (): string[] => fake.sent.map((message) => shownIn(message, fake));
const spend = (replies: number, target: string): void => {
  for (let used = 0; used < replies; used += 1) fake.running.replies.claim({ target }, fake.clock.now());
};

describe("the line of a long turn", () => {
  test("F8: a group hears once, after a minute of silence, that the turn is still running", async () => {
    const { end } = begin(group);
    await fake.clock.advance(59_000);
    expect(fake.sent).toEqual([]);
    await fake.clock.advance(1_000);
    expect(shown()).toEqual([LINE]);
    await fake.clock.advance(200_000);
    expect(shown()).toEqual([LINE]);
    end();
  });

  test("F8: what the turn shows by itself puts it off, and its end calls it off", async () => {
    const { seen, end } = begin(group);
    await fake.clock.advance(40_000);
    seen();
    await fake.clock.advance(40_000);
    expect(fake.sent).toEqual([]);
    end();
    await fake.clock.advance(300_000);
    expect(fake.sent).toEqual([]);
  });

  test("F8: never one of the last two replies, and none where the window is shut", async () => {
    spend(3, "group:G1");
    begin(group);
    begin(group, { progressAfterSeconds: 400 });
    await fake.clock.advance(500_000);
    expect(fake.sent).toEqual([]);
  });

  test("F8: as late as the account says, and not at all for 0", async () => {
    begin(group, { progressAfterSeconds: 0 });
    begin(group, { progressAfterSeconds: 10 });
    await fake.clock.advance(10_000);
    expect(shown()).toEqual([LINE]);
    await fake.clock.advance(200_000);
    expect(shown()).toEqual([LINE]);
  });

  test("F8: in a direct message only where no typing notice and no stream is shown", async () => {
    begin(person);
    await fake.clock.advance(100_000);
    expect(fake.sent).toEqual([]);
    fake.running.growing.set("c2c:U1", { isShown: true } as GrowingMessage);
    begin(person, { typing: false });
    await fake.clock.advance(100_000);
    expect(fake.sent).toEqual([]);
    fake.running.growing.clear();
    await fake.clock.advance(100_000);
    expect(shown()).toEqual([LINE]);
  });
});

const tell = (text: string, kind: "tool" | "block" = "tool") => deliverReply({ text }, kind, group, fake.running);

describe("what a turn tells of its tools", () => {
  test("F8 F2: is left out before it costs one of the last two replies", async () => {
    for (let tool = 1; tool <= 20; tool += 1) await tell(`tool ${tool}`);
    expect(shown()).toEqual(["tool 1", "tool 2", "tool 3"]);
    expect(await tell("tool 21")).toEqual({ messageIds: [], visibleReplySent: false });
    expect(fake.running.replies.left("group:G1", fake.clock.now())).toBe(2);
  });

  test("F8 F2: a block goes on proactively rather than take the last reply", async () => {
    spend(3, "group:G1");
    for (let block = 1; block <= 3; block += 1) await tell(`block ${block}`, "block");
    expect(fake.sent.map(({ anchor }) => anchor?.msgSeq)).toEqual([4, undefined, undefined]);
    expect(fake.running.replies.left("group:G1", fake.clock.now())).toBe(1);
  });
});

describe("the line of a long turn on a personal account", () => {
  test("F8: is said where neither typing nor a reaction could be shown, and costs nobody's budget", async () => {
    const personal = openFakePersonal(4000);
    let isAlive = true;
    const { account } = personal.running.current();
    const message = { id: "m1", chat: group, text: "hi" } as InboundMessage;
    const { end } = progressLine(message, { account } as Routed, personal.running, () => isAlive);
    await personal.clock.advance(150_000);
    expect(personal.shown).toEqual([]);
    isAlive = false;
    await personal.clock.advance(60_000);
    expect(personal.shown.map(({ message }) => wordsOf(message))).toEqual([LINE]);
    end();
  });
});
