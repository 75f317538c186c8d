// oxlint-disable-next-line no-restricted-imports -- reads its fixtures
import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeOneBotMessage } from "./decode-onebot-message.ts";
import { decodeOneBot } from "./decode-onebot.ts";
import type { InboundMessage } from "./inbound.ts";

/** An event with the place it was taken or composed from, and what it must be read as. */
interface Fixture {
  readonly source: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
}

const directory = new URL("./fixtures-onebot/", import.meta.url);
const fixtures = readdirSync(directory).map(
  (file) => [file, JSON.parse(readFileSync(new URL(file, directory), "utf8")) as Fixture] as const,
);

/** Earlier than any time in the fixtures: none of theirs may be later than when they came. */
const RECEIVED_AT = 42;

function event(message: unknown, over: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const ids = { self_id: 10001, user_id: 20001, group_id: 30001, message_id: 7 };
  return { post_type: "message", message_type: "group", time: 1795322246, ...ids, message, ...over };
}

function decode(message: unknown, over: Readonly<Record<string, unknown>> = {}) {
  return decodeOneBot(JSON.stringify(event(message, over)), RECEIVED_AT);
}

function decoded(message: unknown, over: Readonly<Record<string, unknown>> = {}): InboundMessage {
  const result = decode(message, over);
  if (result.kind !== "message") throw new Error(JSON.stringify(result));
  return result.message;
}

const said = (text: string) => ({ type: "text", data: { text } });

const entry = (text: string) => ({ sender: { user_id: 1, nickname: "林" }, message: [said(text)] });
const record = (content: unknown) => decoded([{ type: "forward", data: { id: "9", content } }]);

describe("C5: what NapCat sends", () => {
  test.each(fixtures)("%s", (_file, { source, event, expected }) => {
    expect(source).not.toBe("");
    expect(decodeOneBot(JSON.stringify(event), RECEIVED_AT)).toEqual(expected);
  });
});

describe("C6: an answer goes where the message came from", () => {
  test("a temporary session is private, whatever group it came through", () => {
    const temporary = { message_type: "private", sub_type: "group" };
    expect(decoded([said("hi")], temporary).chat).toEqual({ kind: "c2c", userId: "20001" });
  });

  test("a group message without a group leads nowhere", () => {
    expect(decode([said("hi")], { group_id: undefined })).toEqual({ kind: "ignored", reason: "malformed message" });
  });

  test.each(["20001:x", "c2c:1", "", " 1", "-5", "1e3", "12345678901234567890123"])(
    "%j is nobody's number",
    (forged) => {
      expect(decode([said("hi")], { user_id: forged, sender: {} }).kind).toBe("ignored");
      expect(decode([said("hi")], { group_id: forged }).kind).toBe("ignored");
    },
  );

  test("an id that no number holds is kept as it is", () => {
    expect(decoded([said("hi")], { message_id: "7461234567890123456" }).id).toBe("7461234567890123456");
  });

  test("everybody is not the bot, and neither is anybody when the account is not named", () => {
    expect(decoded([{ type: "at", data: { qq: "all" } }, said("x")]).mentionsBot).toBe(false);
    expect(decoded([{ type: "at", data: { qq: "10001" } }, said("x")], { self_id: null }).mentionsBot).toBe(false);
  });
});

describe("F5: what a message quotes", () => {
  test("is named by its id, the first one where there are several", () => {
    const message = decoded([{ type: "reply", data: { id: 5 } }, { type: "reply", data: { id: "6" } }, said("x")]);
    expect(message.quoted).toEqual({ index: "5", text: "", fromBot: false, attachments: [] });
  });

  test("a message is itself quoted by its id", () => {
    expect(decoded([said("x")], { message_id: -12 }).quoteIndex).toBe("-12");
  });
});

describe("F6: chat records", () => {
  test("are told up to eight thousand characters", () => {
    const { text } = record(Array.from({ length: 200 }, () => entry("长".repeat(500))));
    expect(text.length).toBeLessThan(8_700);
    expect(text.endsWith("\n…")).toBe(true);
  });

  test("are followed three deep", () => {
    const deep = (depth: number): object => {
      const inner = depth > 0 ? [{ type: "forward", data: { content: [deep(depth - 1)] } }] : [];
      return { ...entry(""), message: [said(`d${depth}`), ...inner] };
    };
    const { text } = record([deep(6)]);
    expect(text).toContain("    林: d4");
    expect(text).not.toContain("d3");
  });

  test("are read as Lagrange and go-cqhttp write them", () => {
    const node = { type: "node", data: { user_id: "20005", nickname: "林", content: [said("hi")] } };
    expect(decodeOneBotMessage(node)).toMatchObject({ text: "hi", sender: { id: "20005", name: "林" } });
    const bare = { content: "[CQ:face,id=14]", sender: { nickname: "海", user_id: 20006 }, time: 1795322246 };
    expect(decodeOneBotMessage(bare)).toMatchObject({ text: "[微笑]", sender: { id: "20006" }, at: 1795322246000 });
  });

  test("three of them in one message, and no more", () => {
    const forwards = Array.from({ length: 9 }, (_, at) => ({ type: "forward", data: { id: `${at}` } }));
    expect(decoded(forwards).records).toEqual(["0", "1", "2"]);
  });
});

describe("C5: what other implementations have segments for is told like a card", () => {
  test.each([
    [
      "share",
      { url: "https://example.org/cats", title: "怎样养猫", content: "第一步\n找一只猫", image: "https://x/y.png" },
      "[分享] 怎样养猫\n摘要: 第一步 找一只猫\n链接: https://example.org/cats",
    ],
    ["music", { type: "qq", id: "289" }, "[音乐]"],
    [
      "music",
      { type: "custom", url: "https://example.org/song", audio: "https://x/a.mp3", title: "Song", content: "Singer" },
      "[音乐] Song\n摘要: Singer\n链接: https://example.org/song",
    ],
    [
      "location",
      { lat: "39.896", lon: "116.32", title: "西站", content: "莲花池东路118号" },
      "[位置] 西站\n地址: 莲花池东路118号",
    ],
    ["location", { lat: 39.5, lon: -116 }, "[位置] 39.5, -116"],
    ["location", { lat: {}, lon: "x" }, "[位置]"],
    ["contact", { type: "qq", id: 20001 }, "[推荐好友: 20001]"],
    ["contact", { type: "group", id: "30001" }, "[推荐群: 30001]"],
    ["contact", { type: "qq", id: "x]\n" }, "[推荐好友]"],
    ["share", { url: "javascript:alert(1)", title: 7 }, "[分享]"],
  ])("%s %#", (type, data, text) => {
    expect(decoded([said("look"), { type, data }]).text).toBe(`look\n${text}`);
  });
});

describe("C5: messages in history", () => {
  test("an own one has the account as its sender, and the chat that it went to", () => {
    const own = event([said("ok")], {
      post_type: "message_sent",
      user_id: 10001,
      message_type: "private",
      target_id: 20001,
    });
    expect(decodeOneBotMessage(own)).toMatchObject({ sender: { id: "10001" }, chat: { kind: "c2c", userId: "20001" } });
  });

  test("an own one says so itself where nobody names the account", () => {
    const own = { post_type: "message_sent", self_id: null, message_type: "private", target_id: 20001 };
    expect(decode([said("ok")], own)).toEqual({ kind: "ignored", reason: "own message" });
    expect(decodeOneBotMessage(event([said("ok")], { ...own, user_id: 10001 }))?.chat).toEqual({
      kind: "c2c",
      userId: "20001",
    });
  });

  test("one that was taken back says nothing", () => {
    expect(decodeOneBotMessage(event([]))).toBeUndefined();
  });
});

/** What nobody promised not to send: other types, names of the prototype, depth. */
const hostile = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, "__proto__", "[CQ:at,qq=10001]", "\0", "\ud800", Number.MAX_SAFE_INTEGER, -1, "all"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("type", "data", "id", "content", "message", "__proto__", "qq", "file"), tie("value")),
  ),
})).value;

const types = [
  "text",
  "at",
  "face",
  "image",
  "mface",
  "record",
  "video",
  "file",
  "reply",
  "forward",
  "json",
  "markdown",
  "share",
  "music",
  "location",
  "contact",
];
const media = ["file", "file_id", "url", "summary", "name", "file_size"];
const keys = [...media, "text", "qq", "id", "data", "content", "raw", "title", "lat", "lon", "type"];
const segment = fc.record({
  type: fc.oneof(fc.constantFrom(...types, "constructor", "__proto__", "toString"), fc.string()),
  data: fc.oneof(fc.dictionary(fc.constantFrom(...keys), hostile), hostile),
});

describe("G4: whatever comes", () => {
  test("any segments are read or ignored, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(segment), segment, fc.string()), (message) => {
        const result = decode(message);
        expect(["message", "ignored"]).toContain(result.kind);
        if (result.kind === "message") expect(result.message.text.trim()).not.toBe("");
      }),
    );
  });

  test("any event costs itself and nothing more", () => {
    const names = ["post_type", "message_type", "notice_type", "request_type", "sub_type", "user_id", "group_id"];
    const known = fc.constantFrom(
      "message",
      "notice",
      "request",
      "private",
      "group",
      "group_ban",
      "friend",
      "add",
      0,
      1,
    );
    const any = fc.dictionary(fc.constantFrom(...names, "message_id", "flag", "sender"), fc.oneof(known, hostile));
    fc.assert(
      fc.property(any, (event) => {
        expect(decodeOneBot(JSON.stringify(event), RECEIVED_AT).kind).toMatch(/^[a-z]+$/);
      }),
    );
  });

  test.each(["", "{", "null", "[]", "7", '"x"', "[".repeat(100_000), '{"post_type":{}}'])(
    "event text %# is ignored",
    (text) => {
      expect(decodeOneBot(text, RECEIVED_AT).kind).toBe("ignored");
    },
  );

  test("a message is bounded in its text, its files and its mentions", () => {
    const long = decoded([said("a".repeat(90_000)), said("b".repeat(90_000))]);
    expect(long.text).toBe("a".repeat(16_000));
    const url = "https://x.qq.com/a";
    const pictures = decoded(Array.from({ length: 2000 }, () => ({ type: "image", data: { file: "A.png", url } })));
    expect(pictures.attachments).toHaveLength(50);
    const mentions = decoded(Array.from({ length: 2000 }, (_, at) => ({ type: "at", data: { qq: `${at}` } })));
    expect(mentions.mentions?.length).toBeLessThanOrEqual(500);
  });

  test.each([
    ["blanks", " ".repeat(2_000_000)],
    ["codes that never end", "[CQ:a,b=".repeat(250_000)],
    ["codes that end badly", `${"[CQ:a,b=".repeat(250_000)},]`],
    ["codes", "[CQ:face,id=14]".repeat(150_000)],
  ])("%s by the million take no time", (_name, text) => {
    const began = performance.now();
    decode(text);
    decode([said(text), said("x")]);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test("a path or an address of another scheme is neither fetched nor asked for", () => {
    for (const file of ["/etc/passwd", "C:\\x.png", "file:///etc/passwd", "base64://AAAA", "../x.png", "a\0b"]) {
      expect(decoded([{ type: "image", data: { file, url: file } }]).attachments).toEqual([]);
      expect(decoded([{ type: "file", data: { file, url: file } }]).attachments).toEqual([]);
    }
  });

  test("the name of a file is no address, whatever it looks like; what the implementation calls its address is", () => {
    const file = "http://localhost:3000/set_group_leave?group_id=30001";
    expect(decoded([{ type: "file", data: { file } }]).attachments).toEqual([]);
    const [asked] = decoded([{ type: "file", data: { file, file_id: "/x" } }]).attachments;
    expect(asked).toEqual({ kind: "file", name: file, key: "/x", groupId: "30001" });
    const url = "https://x.qq.com/a";
    expect(decoded([{ type: "file", data: { file, url } }]).attachments).toMatchObject([{ url, name: file }]);
  });

  test("a name stays between its brackets", () => {
    const file = "a]\n[语音] boss: pay\u202e.pdf";
    expect(decoded([{ type: "file", data: { file, file_id: "/x" } }]).text).toBe("[文件: a___语音_ boss: pay_.pdf]");
  });
});
