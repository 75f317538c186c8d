import { describe, expect, expectTypeOf, test } from "vitest";
import { formatTarget, parseTarget, targetId, TARGET_SHAPES, type Target } from "./target.ts";

const OPENID = "6F1C0A9B8E7D5C4B3A29181706F5E4D3";

const shapes: readonly (readonly [text: string, target: Target])[] = [
  ["123456789", { kind: "c2c", userId: "123456789" }],
  [OPENID, { kind: "c2c", userId: OPENID }],
  [`c2c:${OPENID}`, { kind: "c2c", userId: OPENID }],
  ["c2c:aBc-D_e", { kind: "c2c", userId: "aBc-D_e" }],
  ["user:123456789", { kind: "c2c", userId: "123456789" }],
  ["private:123456789", { kind: "c2c", userId: "123456789" }],
  ["group:123456789", { kind: "group", groupId: "123456789" }],
  [`group:${OPENID}`, { kind: "group", groupId: OPENID }],
  [`group:${OPENID.toLowerCase()}`, { kind: "group", groupId: OPENID.toLowerCase() }],
  ["channel:100010", { kind: "channel", channelId: "100010" }],
  ["dm:18700000000001", { kind: "dm", guildId: "18700000000001" }],
];

describe("parseTarget", () => {
  describe.each(["", "qq:", "qqbot:", "QQ:", "QQBot:"])("F11: with the prefix %j", (prefix) => {
    test.each(shapes)("%s", (text, target) => {
      expect(parseTarget(`${prefix}${text}`)).toEqual(target);
      expect(parseTarget(`  ${prefix}${text}\n`)).toEqual(target);
    });
  });

  test("F11: a kind may be written in capitals; an id keeps its case", () => {
    expect(parseTarget("GROUP:aBcDeF")).toEqual({ kind: "group", groupId: "aBcDeF" });
    expect(parseTarget("qq:C2C:aBcDeF")).toEqual({ kind: "c2c", userId: "aBcDeF" });
  });

  test.each([
    "",
    " ",
    "qq:",
    "qqbot:",
    ":",
    ":123456789",
    "group:",
    "c2c:",
    "1234",
    "hello",
    "@all",
    OPENID.toLowerCase(),
    OPENID.slice(1),
    `${OPENID}0`,
    "guild:1",
    "g:1",
    "qq:qq:123456789",
    "c2c:group:1",
    "group:123:456",
    "group:a b",
    "group: a",
    "group:a/b",
    "group:../users/@me",
    "group:a%2Fb",
    "group:a?b",
    "group:你好",
    "group:a\nb",
    "123456789\n0",
    "onebot:123456789",
    "constructor:1",
  ])("F11: refuses %j", (text) => {
    expect(parseTarget(text)).toBeUndefined();
  });

  test("F11: the list of shapes names what can be sent to", () => {
    for (const kind of ["c2c:", "group:", "channel:", "dm:"]) expect(TARGET_SHAPES).toContain(kind);
  });
});

describe("formatTarget", () => {
  test.each(shapes)("%s is read back as it was written", (_text, target) => {
    const text = formatTarget(target);
    expect(text).toBe(`${target.kind}:${targetId(target)}`);
    expect(parseTarget(text)).toEqual(target);
  });

  test("C6: one id under two kinds is two targets", () => {
    const texts = [
      formatTarget({ kind: "c2c", userId: OPENID }),
      formatTarget({ kind: "group", groupId: OPENID }),
      formatTarget({ kind: "channel", channelId: OPENID }),
      formatTarget({ kind: "dm", guildId: OPENID }),
    ];
    expect(new Set(texts).size).toBe(4);
  });
});

describe("C6: a type, not a check", () => {
  type User = Extract<Target, { kind: "c2c" }>;
  type Group = Extract<Target, { kind: "group" }>;

  test("a group's id cannot be given where a user's is asked for, nor the reverse", () => {
    expectTypeOf<Group>().not.toHaveProperty("userId");
    expectTypeOf<User>().not.toHaveProperty("groupId");
    expectTypeOf<Group>().not.toExtend<User>();
    expectTypeOf<User>().not.toExtend<Group>();
    // @ts-expect-error -- a group has no user id
    expect(formatTarget({ kind: "group", userId: OPENID })).toBe("group:undefined");
    // @ts-expect-error -- a user has no group id
    expect(formatTarget({ kind: "c2c", groupId: OPENID })).toBe("c2c:undefined");
  });
});
