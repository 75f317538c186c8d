import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OutboundMessage, SentMessage } from "../../message/outbound.ts";
import type { Target } from "../../message/target.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet } from "../testing/fake-net.ts";
import {
  createFakeOneBotCalls,
  refused,
  unconfirmed,
  type FakeOneBotCalls,
  type ScriptedAction,
} from "../testing/fake-onebot-calls.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import { createOneBotSending, type OneBotSelf, type OneBotSending } from "./sending.ts";

const MINUTE = 60_000;
const group = { kind: "group", groupId: "30001" } as const;
const person = { kind: "c2c", userId: "20001" } as const;
const text = (words: string): OutboundMessage => ({ content: { kind: "text", text: words } });
const video = { kind: "video", name: "a.mp4", size: 5_242_880, source: "/tmp/a.mp4" } as const;
const file = { kind: "file", name: "报告.pdf", size: 4321, source: "/tmp/a.pdf" } as const;
const showing = (media: typeof video | typeof file, caption?: string): OutboundMessage => ({
  content: { kind: "media", media, ...(caption !== undefined && { caption }) },
});

let clock: FakeClock;
let calls: FakeOneBotCalls;
let seen: Recorder;
let self: OneBotSelf | undefined;
let sending: OneBotSending;
/** What stands in the chat, as history tells it. */
let history: object[];
/** Own messages that a run before this one knew, by chat and id. */
let sentBefore: Set<string>;
beforeEach(() => {
  sentBefore = new Set();
  clock = createFakeClock();
  calls = createFakeOneBotCalls(clock);
  seen = createRecorder();
  self = { id: "10001", name: "Bot", software: "NapCat.Onebot 4.18.19" };
  history = [];
  const access = {
    accepts: false,
    connectionTimeoutMs: 1,
    reconnectIntervalMs: 1,
    base64MaxBytes: 8 * 1024 * 1024,
    sendGapMs: 0,
  };
  const outside = createFakeNet(clock);
  sending = createOneBotSending({
    calls,
    access,
    outside,
    log: seen.log,
    self: () => self,
    openings: () => 0,
    isSent: (id, chat) => sentBefore.has(`${chat} ${id}`),
  });
  calls.always("get_group_msg_history", () => ({ data: { messages: [...history] } }));
});
afterEach(() => {
  calls.verify();
  expect(clock.sleepers).toBe(0);
  expect(seen.lines.join()).not.toContain("private words");
});

/** A message in the chat, written so many ms from now. */
function written(id: number, message: object[] | string, { by = 10001, afterMs = 0 } = {}): void {
  const time = Math.floor((clock.now() + afterMs) / 1000);
  history.push({ message_id: id, user_id: by, time, message_type: "group", group_id: 30001, message });
}
const words = (text: string): object[] => [{ type: "text", data: { text } }];
const ok = (id: number): ScriptedAction => ({ data: { message_id: id } });
type Outcome = SentMessage | (Error & { code: string; mayHaveArrived: boolean; kind?: string });

async function outcome(work: Promise<SentMessage>, ms = 10 * MINUTE): Promise<Outcome> {
  const done = work.catch((error: Outcome) => error);
  await clock.advance(ms);
  return await done;
}
const send = async (message = text("private words"), target: Target = group) =>
  await outcome(sending.send(target, message));

describe("where a message goes", () => {
  test("C6: a group's by send_group_msg with numbers, text as one text segment whatever is in it", async () => {
    calls.on("send_group_msg", ok(812450734));
    expect(await send(text("[CQ:at,qq=all] @10002"))).toEqual({ messageId: "812450734", quoteIndex: "812450734" });
    expect(calls.seen).toEqual([
      {
        action: "send_group_msg",
        params: { group_id: 30001, message: words("[CQ:at,qq=all] @10002") },
        timeoutMs: 25_000,
        at: FAKE_NOW,
      },
    ]);
  });

  test("C5: a mention in a group goes as one, and as text where the implementation does not know whom it means", async () => {
    const mentioning = [
      { type: "text", data: { text: "hi " } },
      { type: "at", data: { qq: "20009" } },
    ];
    calls.on("send_group_msg", ok(1), refused("content"), ok(2), refused("content"));
    expect(await send(text("hi <@20009>"))).toMatchObject({ messageId: "1" });
    expect(await send(text("hi <@20009>"))).toMatchObject({ messageId: "2" });
    expect(await send(text("hi"))).toMatchObject({ kind: "content" });
    expect(calls.of("send_group_msg").map(({ params }) => params)).toMatchObject([
      { message: mentioning },
      { message: mentioning },
      { message: [...words("hi "), ...words("@20009")] },
      { message: words("hi") },
    ]);
  });

  test("C6: a person's never names a group, and who is not known is looked up once", async () => {
    calls.on("send_private_msg", refused("target"), ok(1));
    calls.on("get_stranger_info", { data: { user_id: 20001 } });
    expect(await send(text("hi"), person)).toMatchObject({ messageId: "1" });
    expect(calls.seen.map(({ action, params }) => [action, params])).toEqual([
      ["send_private_msg", { user_id: 20001, message: words("hi") }],
      ["get_stranger_info", { user_id: 20001, no_cache: true }],
      ["send_private_msg", { user_id: 20001, message: words("hi") }],
    ]);
  });

  test("C6: who stays unknown is not written to", async () => {
    calls.always("send_private_msg", refused("target"));
    calls.on("get_stranger_info", refused("target"));
    expect(await send(text("hi"), person)).toMatchObject({ kind: "target", mayHaveArrived: false });
    expect(calls.of("send_private_msg")).toHaveLength(1);
  });

  test("C6: a guild's chat has no place on a personal account", async () => {
    expect(await send(text("hi"), { kind: "channel", channelId: "1" })).toMatchObject({ code: "QQ_PROTOCOL" });
    expect(calls.seen).toEqual([]);
  });

  test("C5: a quote goes by the id of the message", async () => {
    calls.on("send_group_msg", ok(2));
    await send({ ...text("yes"), quote: "812450734" });
    expect(calls.seen[0]?.params).toMatchObject({
      message: [{ type: "reply", data: { id: "812450734" } }, ...words("yes")],
    });
  });

  test("F6: a caption goes before a video as a message of its own, with the quote", async () => {
    calls.on("send_group_msg", ok(1), ok(2));
    expect(await send({ ...showing(video, "look"), quote: "7" })).toMatchObject({ messageId: "2" });
    expect(calls.seen.map(({ params, timeoutMs }) => [params, timeoutMs])).toEqual([
      [{ group_id: 30001, message: [{ type: "reply", data: { id: "7" } }, ...words("look")] }, 25_000],
      [{ group_id: 30001, message: [{ type: "video", data: { file: "/tmp/a.mp4", name: "a.mp4" } }] }, 45_000],
    ]);
  });

  test("F6: a file tells no id: the newest own one of its name in history has it", async () => {
    written(5, [{ type: "file", data: { file: "报告.pdf", file_id: "/u", file_size: "4321" } }], { by: 20001 });
    calls.on("upload_group_file", { data: { file_id: "/x" } });
    const sent = sending.send(group, showing(file));
    written(6, [{ type: "file", data: { file: "报告.pdf", file_id: "/x", file_size: "4321" } }]);
    expect(await outcome(sent)).toMatchObject({ messageId: "6" });
    expect(calls.seen[0]).toMatchObject({ params: { group_id: 30001, file: "/tmp/a.pdf", name: "报告.pdf" } });
  });

  test("F6: a file that history does not show yet is told of without an id, and sent once", async () => {
    calls.on("upload_group_file", { data: { file_id: null } });
    expect(await send(showing(file))).toEqual({ duplicate: true });
    expect(calls.of("get_group_msg_history")).toHaveLength(1);
  });
});

describe("a send without an answer", () => {
  test("F9: that was delivered is not repeated: history has it, 2 s later", async () => {
    calls.on("send_group_msg", unconfirmed(10_000));
    const sent = sending.send(group, text("private words\n\nmore"));
    written(9, words("private words\r\n\r\nmore "), { afterMs: 500 });
    expect(await outcome(sent)).toEqual({ messageId: "9", quoteIndex: "9" });
    expect(calls.seen.map(({ action, at }) => [action, at - FAKE_NOW])).toEqual([
      ["send_group_msg", 0],
      ["get_group_msg_history", 12_000],
    ]);
    expect(seen.lines).toEqual(["warn send without an answer action=send_group_msg history=arrived afterMs=2000"]);
  });

  test("F9: that was delivered late is not repeated: history is looked into a second time", async () => {
    calls.on("send_group_msg", unconfirmed());
    const sent = sending.send(group, text("private words"));
    await clock.advance(5000);
    written(9, words("private words"));
    expect(await outcome(sent)).toMatchObject({ messageId: "9" });
    expect(calls.of("send_group_msg")).toHaveLength(1);
  });

  test("F9: that was not delivered is sent again, once", async () => {
    calls.on("send_group_msg", unconfirmed(), ok(10));
    expect(await send()).toMatchObject({ messageId: "10" });
    expect(calls.of("send_group_msg").map(({ at }) => at - FAKE_NOW)).toEqual([0, 10_000]);
  });

  test("F9: twice in vain is an error that says so", async () => {
    calls.on("send_group_msg", unconfirmed(), unconfirmed());
    expect(await send()).toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: true });
    expect(calls.of("send_group_msg")).toHaveLength(2);
  });

  test("F9: where history cannot be read it is not sent again", async () => {
    calls.on("send_group_msg", unconfirmed());
    calls.always("get_group_msg_history", refused("offline", { retry: "later" }));
    expect(await send()).toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: true });
    expect(calls.of("send_group_msg")).toHaveLength(1);
    expect(calls.of("get_group_msg_history")).toHaveLength(4);
  });

  test("F9: where there is no history nobody waits for it", async () => {
    if (self) self = { ...self, software: "SomethingElse 1.0" };
    calls.on("send_group_msg", unconfirmed());
    expect(await outcome(sending.send(group, text("private words")), 2000)).toMatchObject({ mayHaveArrived: true });
    expect(calls.seen).toHaveLength(1);
  });

  test("F9: one look without it after a stall is not enough to send it again", async () => {
    calls.on("send_group_msg", unconfirmed());
    calls.on("get_group_msg_history", unconfirmed(30_000), { data: { messages: [] } });
    const sent = sending.send(group, text("private words"));
    await clock.advance(41_000);
    written(9, words("private words"));
    expect(await outcome(sent)).toMatchObject({ messageId: "9" });
    expect(calls.of("send_group_msg")).toHaveLength(1);
  });

  test("F9: the same text sent twice on purpose shows twice: the first is known by its id", async () => {
    calls.on("send_group_msg", ok(1));
    const first = sending.send(group, text("private words"));
    written(1, words("private words"));
    await outcome(first, 1000);
    calls.on("send_group_msg", unconfirmed(), ok(2));
    expect(await send()).toMatchObject({ messageId: "2" });
    expect(calls.of("send_group_msg")).toHaveLength(3);
  });

  test("F9: the same text that was sent right before a restart does not stand for the one sent now", async () => {
    sentBefore.add("group:30001 1");
    written(1, words("private words"), { afterMs: -1000 });
    calls.on("send_group_msg", unconfirmed(), ok(2));
    expect(await send()).toMatchObject({ messageId: "2" });
  });

  test("F9: the number of a message that was sent in another chat is nothing known in this one", async () => {
    sentBefore.add("c2c:20001 1");
    calls.on("send_group_msg", unconfirmed());
    written(1, words("private words"));
    expect(await send()).toMatchObject({ messageId: "1" });
  });

  test("F9: neither what others wrote, nor what stood there long before counts", async () => {
    written(1, words("private words"), { afterMs: -3 * MINUTE });
    written(2, words("private words"), { by: 20001 });
    written(3, words("other words"));
    calls.on("send_group_msg", unconfirmed(), ok(4));
    expect(await send()).toMatchObject({ messageId: "4" });
  });

  test("F9: a clock that is wrong does not matter once a message of the account's own is known", async () => {
    calls.on("send_group_msg", ok(1));
    const first = sending.send(group, text("one"));
    written(1, words("one"), { afterMs: -30 * MINUTE });
    await outcome(first, 1000);
    calls.on("send_group_msg", unconfirmed());
    const second = sending.send(group, text("two"));
    written(2, words("two"), { afterMs: -30 * MINUTE });
    expect(await outcome(second)).toMatchObject({ messageId: "2" });
  });

  test("F9: a chat that nobody has ever written in is read as empty", async () => {
    calls.on("send_private_msg", unconfirmed(), ok(1));
    calls.always("get_friend_msg_history", refused("target"));
    expect(await send(text("private words"), person)).toMatchObject({ messageId: "1" });
  });

  test("F9: nothing is looked up where nobody waits any more", async () => {
    const stop = new AbortController();
    calls.on("send_group_msg", unconfirmed(10_000));
    const sent = sending.send(group, text("private words"), stop.signal);
    await clock.advance(100);
    stop.abort();
    expect(await outcome(sent)).toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: true });
    expect(calls.seen).toHaveLength(1);
  });

  test("what surely did not arrive is not looked up", async () => {
    calls.on("send_group_msg", refused("muted", { platformCode: 120, retry: "later" }));
    expect(await send()).toMatchObject({ kind: "muted", mayHaveArrived: false });
    expect(calls.seen).toHaveLength(1);
  });

  test.each(["removed", "stranger", "offline", "content"] as const)(
    "a refusal of kind %s is thrown as it is",
    async (kind) => {
      calls.on("send_group_msg", refused(kind));
      expect(await send()).toMatchObject({ code: "QQ_API", kind });
      expect(calls.seen).toHaveLength(1);
    },
  );

  test("F9: a chat that swallows three sends is left alone for 5 minutes; other chats are not", async () => {
    calls.always("send_group_msg", (params) =>
      "group_id" in params && params.group_id === 30001 ? unconfirmed() : ok(7),
    );
    expect(await outcome(sending.send(group, text("private words")), MINUTE)).toMatchObject({ mayHaveArrived: true });
    expect(await outcome(sending.send(group, text("private words")), MINUTE)).toMatchObject({ mayHaveArrived: true });
    expect(calls.of("send_group_msg")).toHaveLength(3);
    expect(await outcome(sending.send(group, text("private words")), 0)).toMatchObject({
      kind: "temporary",
      mayHaveArrived: false,
      refusal: { heldBack: true },
    });
    expect(await outcome(sending.send({ kind: "group", groupId: "2" }, text("x")), 0)).toMatchObject({
      messageId: "7",
    });
  });

  test("a refusal is an answer: the chat swallows nothing", async () => {
    calls.on("send_group_msg", unconfirmed(), refused("content"), unconfirmed(), unconfirmed(), ok(5));
    for (const expected of [{ kind: "content" }, { mayHaveArrived: true }, { messageId: "5" }]) {
      expect(await outcome(sending.send(group, text("private words")), MINUTE)).toMatchObject(expected);
    }
  });

  test("the next message of the chat waits until it is known what became of the one before it", async () => {
    calls.on("send_group_msg", unconfirmed(), ok(2), ok(3));
    const both = Promise.all([sending.send(group, text("one")), sending.send(group, text("two"))]);
    await clock.advance(MINUTE);
    await both;
    expect(calls.of("send_group_msg").map(({ params }) => params)).toMatchObject(
      ["one", "one", "two"].map((each) => ({ message: words(each) })),
    );
  });
});

const nobody = (): boolean => false;
const isThird = (id: string): boolean => id === "3";

describe("what became of a message, after a crash", () => {
  test("F9: an own message with the same content since then is it", async () => {
    written(3, "private words");
    expect(await sending.findSent(group, text("private words"), FAKE_NOW, nobody)).toEqual({
      messageId: "3",
      quoteIndex: "3",
    });
    expect(calls.seen[0]).toMatchObject({
      params: { group_id: 30001, count: 30, disable_get_url: true, parse_mult_msg: false },
      timeoutMs: 30_000,
    });
  });

  test("F9: of a video with a caption it is the video", async () => {
    written(3, [{ type: "video", data: { file: "a.mp4", file_size: "5242880" } }]);
    expect(await sending.findSent(group, showing(video, "look"), FAKE_NOW, nobody)).toMatchObject({ messageId: "3" });
  });

  test("F9: one that is known by its id, or was written long before, is not", async () => {
    written(3, words("private words"));
    expect(await sending.findSent(group, text("private words"), FAKE_NOW, isThird)).toBeUndefined();
    expect(await sending.findSent(group, text("private words"), FAKE_NOW + 3 * MINUTE, nobody)).toBeUndefined();
  });

  test("F9: it rejects where the chat cannot be read, or nobody knows whose messages to look for", async () => {
    self = undefined;
    await expect(sending.findSent(group, text("x"), 0, nobody)).rejects.toMatchObject({ code: "QQ_TRANSPORT" });
    self = { id: "10001", name: "Bot", software: "SomethingElse 1.0" };
    await expect(sending.findSent(group, text("x"), 0, nobody)).rejects.toMatchObject({ kind: "unsupported" });
    expect(calls.seen).toEqual([]);
  });
});

describe("a chat record", () => {
  test("F7: has a bubble of the account's own for each text", async () => {
    calls.on("send_group_forward_msg", { data: { message_id: 4, res_id: "r" } });
    expect(await outcome(sending.sendRecord(group, ["first line\nmore", "second"]))).toMatchObject({ messageId: "4" });
    expect(calls.seen[0]).toMatchObject({
      params: {
        group_id: 30001,
        prompt: "first line",
        messages: [
          { type: "node", data: { user_id: 10001, nickname: "Bot", content: words("first line\nmore") } },
          { type: "node", data: { user_id: 10001, nickname: "Bot", content: words("second") } },
        ],
      },
    });
  });

  test("F9: without an answer it is looked up; where it has not arrived the caller may send plain messages", async () => {
    calls.on("send_group_forward_msg", unconfirmed(), unconfirmed());
    expect(await outcome(sending.sendRecord(group, ["a"]))).toMatchObject({
      kind: "temporary",
      retry: "never",
      mayHaveArrived: false,
    });
    const sent = sending.sendRecord(group, ["a"]);
    written(8, [{ type: "forward", data: { id: "7600000000000000001" } }]);
    expect(await outcome(sent)).toMatchObject({ messageId: "8" });
    expect(calls.of("send_group_forward_msg")).toHaveLength(2);
  });

  test("F9: that was once refused as unknown is tried again, as every message is", async () => {
    calls.on("send_group_forward_msg", refused("unsupported"), { data: { message_id: 1 } });
    expect(await outcome(sending.sendRecord(group, ["a"]))).toMatchObject({ kind: "unsupported" });
    expect(await outcome(sending.sendRecord(group, ["a"]))).toMatchObject({ messageId: "1" });
  });
});
