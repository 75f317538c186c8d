// oxlint-disable-next-line no-restricted-imports -- reads its fixtures
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeOfficial } from "./decode-official.ts";
import type { InboundMessage } from "./inbound.ts";

/** A payload with the place it was composed from, and what it must be read as. */
interface Fixture {
  readonly source: string;
  /** The bot's own id, where it takes one to read the payload. */
  readonly selfId?: string;
  readonly frame: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
}

const directory = new URL("./fixtures/", import.meta.url);
const fixtures = readdirSync(directory).map(
  (file) => [file, JSON.parse(readFileSync(new URL(file, directory), "utf8")) as Fixture] as const,
);

const RECEIVED_AT = 42;

function frame(t: string, d: unknown): string {
  return JSON.stringify({ op: 0, s: 1, id: `${t}:x`, t, d });
}

function c2c(over: Readonly<Record<string, unknown>> = {}): string {
  const author = { user_openid: "U" };
  const timestamp = "2026-11-20T09:30:01+08:00";
  return frame("C2C_MESSAGE_CREATE", { id: "m", content: "hi", timestamp, author, ...over });
}

function decoded(text: string): InboundMessage {
  const result = decodeOfficial(text, RECEIVED_AT);
  if (result.kind !== "message") throw new Error(`${result.kind}: ${JSON.stringify(result)}`);
  return result.message;
}

describe("C3: what the platform sends", () => {
  test.each(fixtures)("%s", (_file, { source, selfId, frame, expected }) => {
    expect(source).not.toBe("");
    expect(decodeOfficial(JSON.stringify(frame), RECEIVED_AT, selfId)).toEqual(expected);
  });

  test("a callback without a sequence, and with white space, is the same message", () => {
    const dispatch = JSON.parse(c2c()) as Record<string, unknown>;
    const { s: _, ...callback } = dispatch;
    expect(decoded(JSON.stringify(callback, undefined, 2))).toEqual(decoded(c2c()));
  });
});

describe("C6: ids are kept byte for byte", () => {
  const ids = ["aBcDeF", " padded ", "0012", "ROBOT1.0_a+/b==!", "ünï", "x".repeat(500), "__proto__", "a:b"];

  test.each(ids)("%s", (id) => {
    const d = { id, content: "hi", timestamp: "", group_openid: `${id}G`, author: { member_openid: `${id}M` } };
    expect(decoded(frame("GROUP_MESSAGE_CREATE", d))).toMatchObject({
      id,
      chat: { kind: "group", groupId: `${id}G` },
      sender: { id: `${id}M` },
    });
    expect(decoded(c2c({ id, author: { user_openid: id } }))).toMatchObject({
      id,
      chat: { kind: "c2c", userId: id },
      sender: { id },
    });
  });

  test("an index keeps what follows its first equals sign", () => {
    const ext = ["msg_idx=REFIDX_a=b==", "ref_msg_idx=", "=nothing", "no equals", ""];
    expect(decoded(c2c({ message_scene: { ext } }))).toMatchObject({ quoteIndex: "REFIDX_a=b==" });
  });
});

describe("E3: who speaks", () => {
  test.each([
    ["阿明", "阿明"],
    ["  lin\t", "lin"],
    ["", undefined],
    ["   ", undefined],
    [null, undefined],
  ])("a username of %j is the name %j", (username, name) => {
    expect(decoded(c2c({ author: { user_openid: "U", username } })).sender).toEqual({ id: "U", ...(name && { name }) });
  });
});

describe("timestamps", () => {
  const at = Date.UTC(2026, 10, 20, 1, 30, 1);

  test.each([
    ["2026-11-20T09:30:01+08:00", at],
    ["2026-11-20T01:30:01Z", at],
    ["2026-11-20T09:30:01.250+08:00", at + 250],
    ["2026-11-20T09:30:01.123456789+08:00", at + 123],
    ["2026-11-20 09:30:01.5 +0800 +08 m=+12.5", at + 500],
    ["2026-11-20 09:30:01.123456789 +0800 CST m=+12.000000001", at + 123],
    ["2026-11-20 09:30:01 +0800 CST", at],
    ["", RECEIVED_AT],
    ["yesterday", RECEIVED_AT],
    ["user 5", RECEIVED_AT],
    ["1795138201", RECEIVED_AT],
    ["2026-13-45T99:99:99+08:00", RECEIVED_AT],
    ["2026-11-20T09:30:01", RECEIVED_AT],
    [1_795_138_201, RECEIVED_AT],
    [null, RECEIVED_AT],
    [undefined, RECEIVED_AT],
  ])("%j", (timestamp, expected) => {
    expect(decoded(c2c({ timestamp })).at).toBe(expected);
  });
});

describe("when something happened to a chat", () => {
  const later = 1_795_138_200_000;
  const at = (timestamp: unknown): number | undefined => {
    const decoded = decodeOfficial(frame("FRIEND_ADD", { openid: "U", timestamp }), later);
    return decoded.kind === "chat" ? decoded.change.at : undefined;
  };

  test.each([
    [1_795_138_100, 1_795_138_100_000],
    ["1795138100", 1_795_138_100_000],
    [1_795_138_201, later],
    ["2026-11-20T09:30:01+08:00", later],
    [-5, later],
    [0, later],
    [null, later],
    [undefined, later],
  ])("%j", (timestamp, expected) => {
    expect(at(timestamp)).toBe(expected);
  });
});

describe("G4: bad input is ignored with a reason", () => {
  test.each([
    "",
    " ",
    "{",
    "null",
    "[]",
    "7",
    '"text"',
    "{}",
    '{"t":7}',
    '{"t":null,"d":{}}',
    "\u0000",
    "[".repeat(50_000),
  ])("unreadable: %.20j", (text) => {
    expect(decodeOfficial(text, RECEIVED_AT)).toEqual({ kind: "ignored", reason: "unreadable frame" });
  });

  test.each(["READY", "GUILD_CREATE", "GROUP_MEMBER_REMOVE", "NEW_IN_2027", "constructor"])("not taken: %s", (type) => {
    expect(decodeOfficial(frame(type, {}), RECEIVED_AT)).toEqual({ kind: "ignored", reason: `event ${type}` });
  });

  test.each([
    undefined,
    null,
    [],
    "text",
    7,
    {},
    { id: undefined },
    { id: "" },
    { id: 7 },
    { content: 7 },
    { content: ["hi"] },
    { author: undefined },
    { author: null },
    { author: "U" },
    { author: {} },
    { author: { user_openid: "" } },
    { author: { user_openid: 7 } },
    { author: { user_openid: "U", bot: "yes" } },
    { attachments: "none" },
    { attachments: [null] },
    { attachments: [{ filename: 7 }] },
    { message_scene: { ext: [7] } },
    { msg_elements: [{ content: {} }] },
  ])("malformed: %j", (over) => {
    const whole = typeof over !== "object" || over === null || Array.isArray(over) || Object.keys(over).length === 0;
    const text = whole ? frame("C2C_MESSAGE_CREATE", over) : c2c(over);
    expect(decodeOfficial(text, RECEIVED_AT)).toEqual({ kind: "ignored", reason: "malformed C2C_MESSAGE_CREATE" });
  });

  test.each(["GROUP_AT_MESSAGE_CREATE", "GROUP_MESSAGE_CREATE"])("a user's message is no %s", (type) => {
    const { d } = JSON.parse(c2c()) as { d: unknown };
    expect(decodeOfficial(frame(type, d), RECEIVED_AT)).toEqual({ kind: "ignored", reason: `malformed ${type}` });
  });

  test.each(["AT_MESSAGE_CREATE", "MESSAGE_CREATE", "DIRECT_MESSAGE_CREATE"])("malformed: %s", (type) => {
    const whole = { id: "m", content: "hi", channel_id: "C", guild_id: "D", author: { id: "U" } };
    expect(decodeOfficial(frame(type, whole), RECEIVED_AT).kind).toBe("message");
    for (const over of [{ id: "" }, { channel_id: 7 }, { guild_id: null }, { author: {} }, { mentions: [7] }]) {
      const text = frame(type, { ...whole, ...over });
      expect(decodeOfficial(text, RECEIVED_AT)).toEqual({ kind: "ignored", reason: `malformed ${type}` });
    }
  });

  test.each([
    ["FRIEND_DEL", { openid: 7 }],
    ["C2C_MSG_REJECT", { group_openid: "G" }],
    ["GROUP_ADD_ROBOT", { openid: "U" }],
    ["GROUP_MSG_RECEIVE", { group_openid: "" }],
    ["MESSAGE_AUDIT_PASS", { message_id: "m" }],
    ["MESSAGE_AUDIT_REJECT", null],
  ])("malformed: %s with %j", (type, d) => {
    expect(decodeOfficial(frame(type, d), RECEIVED_AT)).toEqual({ kind: "ignored", reason: `malformed ${type}` });
  });

  test("a huge guild message is read in time that grows with its size", () => {
    const content = `${"<@!".repeat(100_000)}${"<@!1>\u00a0".repeat(50_000)}${"&amp;".repeat(100_000)}`;
    const d = { id: "m", content, channel_id: "C", guild_id: "D", author: { id: "U" } };
    expect(decodeOfficial(frame("MESSAGE_CREATE", d), RECEIVED_AT, "1").kind).toBe("message");
  });

  test.each([
    ["content", { content: "<@".repeat(200_000) }],
    ["faces", { content: '<faceType=1,faceId="'.repeat(50_000) }],
    ["face text", { content: `<faceType=1,faceId="1",ext="${"A".repeat(1_000_000)}">` }],
    ["blanks", { content: `${" ".repeat(1_000_000)}x` }],
    ["time", { timestamp: `${" m=+".repeat(200_000)}\n` }],
    ["digits", { timestamp: "2026-11-20 09:30:01.".padEnd(1_000_000, "1") }],
    ["name", { author: { user_openid: "U", username: "a ".repeat(500_000) } }],
  ])("a huge %s is read in time that grows with its size", (_name, over) => {
    expect(decodeOfficial(c2c(over), RECEIVED_AT).kind).toBe("message");
  });

  test("messages in messages are read to their end, however deep they go", () => {
    const deep = `${'{"content":"x","msg_elements":['.repeat(50_000)}${"]}".repeat(50_000)}`;
    const text = c2c({ message_type: 102, msg_elements: [] }).replace('"msg_elements":[', `"msg_elements":[${deep}`);
    expect(decoded(text).text).toContain("[聊天记录]");
  });

  test("a file's name can neither end its line nor its bracket, nor turn the reading order", () => {
    const filename = "a\n]\u2028[b\u202egnp.exe/..\\c";
    const { text } = decoded(c2c({ content: "", attachments: [{ content_type: "file", filename }] }));
    expect(text).toBe("[文件: a____b_gnp.exe_.._c]");
  });

  test("a file's name is cut, and not in the middle of a character", () => {
    const filename = `${"a".repeat(119)}😀${"b".repeat(100_000)}`;
    const { text } = decoded(c2c({ attachments: [{ content_type: "file", filename }] }));
    expect(text.length).toBeLessThan(140);
    expect(text.isWellFormed()).toBe(true);
  });
});
