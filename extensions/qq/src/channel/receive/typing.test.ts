import { beforeEach, describe, expect, test } from "vitest";
import { openJournal } from "../../journal/database.ts";
import { openReplies } from "../../journal/replies.ts";
import type { InboundMessage } from "../../message/inbound.ts";
import type { TypingNotice } from "../../message/outbound.ts";
import { REPLY_LIMITS } from "../../protocol/official/limits.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../../transport/testing/fake-clock.ts";
import type { Routed } from "./route.ts";
import type { RunningAccount } from "../running.ts";
import type { GrowingMessage } from "../stream/stream.ts";
import { typingNotices } from "./typing.ts";

const direct = { id: "m1", chat: { kind: "c2c", userId: "U1" }, text: "hi" } as InboundMessage;
const inGroup = { id: "m1", chat: { kind: "group", groupId: "G1" }, text: "hi" } as InboundMessage;

let clock: FakeClock;
let shown: TypingNotice[];
let running: RunningAccount;

beforeEach(() => {
  clock = createFakeClock();
  shown = [];
  const replies = openReplies(openJournal(":memory:"), "default");
  for (const target of ["c2c:U1", "group:G1"]) {
    replies.open({ msgId: `of ${target}`, target, receivedAt: FAKE_NOW, limit: REPLY_LIMITS.c2c });
  }
  const line = { typing: async (_userId: string, notice: TypingNotice) => void shown.push(notice) };
  running = {
    line,
    clock,
    replies,
    growing: new Map(),
    signal: new AbortController().signal,
  } as unknown as RunningAccount;
});

const routed = (typing?: boolean) => ({ account: { config: { typing } } }) as unknown as Routed;

describe("typing notices", () => {
  test("F8: one is shown at once and renewed each minute, however often the host asks", async () => {
    const { start } = typingNotices(direct, routed(), running);
    for (let second = 0; second < 50; second += 3) await start();
    expect(shown).toEqual([{ anchor: { msgId: "of c2c:U1", msgSeq: 1 }, seconds: 60 }]);
    await clock.advance(55_000);
    await start();
    expect(shown).toHaveLength(2);
  });

  test("F8: the last two replies stay for the answer", async () => {
    const { start } = typingNotices(direct, routed(), running);
    for (let minute = 0; minute < 10; minute += 1) {
      await start();
      await clock.advance(60_000);
    }
    expect(shown).toHaveLength(2);
    expect(running.replies.claim({ target: "c2c:U1" }, clock.now())).toEqual({ msgId: "of c2c:U1", msgSeq: 3 });
  });

  test("F8: none while a message grows in the chat: that is proof of life, and a notice would cost a reply", async () => {
    const growing = { isShown: true };
    running.growing.set("c2c:U1", growing as GrowingMessage);
    const { start } = typingNotices(direct, routed(), running);
    await start();
    expect(shown).toEqual([]);
    growing.isShown = false;
    await start();
    expect(shown).toHaveLength(1);
  });

  test("F8: none in a group, where QQ has none, and none where it is switched off", async () => {
    await typingNotices(inGroup, routed(), running).start();
    await typingNotices(direct, routed(false), running).start();
    expect(shown).toEqual([]);
  });
});
