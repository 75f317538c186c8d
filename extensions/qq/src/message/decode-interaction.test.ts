import { describe, expect, test } from "vitest";
import { decodeInteraction, unansweredType } from "./decode-interaction.ts";
import { decodeOfficial } from "./decode-official.ts";

const NOW = Date.parse("2026-11-20T09:40:05+08:00");
const EVENT = "INTERACTION_CREATE:i1";
const pressed = { type: 11, resolved: { button_data: "abc", button_id: "ok" } };
const base = { id: "i1", type: 11, timestamp: "2026-11-20T09:40:00+08:00", data: pressed };
const at = NOW - 5_000;
const button = { id: "i1", eventId: EVENT, type: 11, buttonId: "ok", data: "abc", at };

const of = (type: number): object => ({ ...base, type, user_openid: "u" });

describe("F10: a press", () => {
  test.each([
    ["in a direct message", { user_openid: "uA" }, { kind: "c2c", userId: "uA" }, "uA"],
    ["in a group", { group_openid: "gB", group_member_openid: "mC" }, { kind: "group", groupId: "gB" }, "mC"],
  ] as const)("%s says where and by whom", (_, place, chat, sender) => {
    expect(decodeInteraction(EVENT, { ...base, ...place }, NOW)).toEqual({ ...button, chat, sender: { id: sender } });
  });

  test("in a guild names its person elsewhere", () => {
    const data = { resolved: { ...pressed.resolved, user_id: "99" } };
    const inGuild = { ...base, guild_id: "1", data };
    expect(decodeInteraction(EVENT, { ...inGuild, channel_id: "2" }, NOW)).toEqual({
      ...button,
      chat: { kind: "channel", channelId: "2" },
      sender: { id: "99" },
    });
    expect(decodeInteraction(EVENT, inGuild, NOW)?.chat).toEqual({ kind: "dm", guildId: "1" });
  });

  test("from a clock that runs ahead, or without a time, is of now", () => {
    const ahead = { ...base, user_openid: "u", timestamp: "2026-11-20T10:00:00+08:00" };
    for (const d of [ahead, { ...ahead, timestamp: 5 }]) expect(decodeInteraction(EVENT, d, NOW)?.at).toBe(NOW);
  });

  test("without the outer id is answered by the one that QQ makes of its own", () => {
    expect(decodeInteraction(undefined, { ...base, user_openid: "u" }, NOW)?.eventId).toBe(EVENT);
  });

  test.each([
    ["nobody", base],
    ["a group without a person", { ...base, group_openid: "g" }],
    ["no id", { ...base, id: "", user_openid: "u" }],
    ["no object", null],
  ])("of %s is malformed", (_, d) => {
    expect(decodeInteraction(EVENT, d, NOW)).toBeUndefined();
    expect(unansweredType(d)).toBeUndefined();
    expect(decodeOfficial(JSON.stringify({ t: "INTERACTION_CREATE", id: EVENT, d }), NOW)).toEqual({
      kind: "ignored",
      reason: "malformed INTERACTION_CREATE",
    });
  });
});

test("F10: what nobody waits for is told from what QQ wants acknowledged", () => {
  expect([11, 12].map((type) => unansweredType(of(type)))).toEqual([undefined, undefined]);
  expect([13, 14, 20].map((type) => unansweredType(of(type)))).toEqual([13, 14, 20]);
  expect(decodeInteraction(EVENT, of(13), NOW)).toBeUndefined();
  expect(decodeInteraction(EVENT, of(12), NOW)?.type).toBe(12);
});
