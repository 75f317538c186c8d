import { beforeEach, describe, expect, test } from "vitest";
import { QQApiError, QQKeptError, QQTransportError, type FaultKind } from "../errors.ts";
import { openJournal } from "../journal/database.ts";
import { openParked } from "../journal/parked.ts";
import { openPeers } from "../journal/peers.ts";
import { openReplies } from "../journal/replies.ts";
import type { OutboundMessage, SentMessage } from "../message/outbound.ts";
import type { Target } from "../message/target.ts";
import { REPLY_LIMITS } from "../protocol/official/limits.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../transport/testing/fake-clock.ts";
import { createRecorder } from "../transport/testing/recorder.ts";
import { deliverAnswer, deliverKept } from "./answer.ts";
import type { RunningAccount } from "./running.ts";
import { setQQRuntime } from "./runtime.ts";

const LIMIT = 10;
const chat: Target = { kind: "c2c", userId: "U1" };
const CHAT = "c2c:U1";
const slices = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));

let clock: FakeClock;
let running: RunningAccount;
let sent: OutboundMessage[];
/** What the platform says to the next sends; afterwards it takes everything. */
let answers: (Error | undefined)[];
/** What it says to messages that answer nothing. */
let proactive: Error | undefined;

beforeEach(() => {
  clock = createFakeClock();
  sent = [];
  answers = [];
  proactive = undefined;
  const text = {
    resolveTextChunkLimit: () => LIMIT,
    resolveChunkMode: () => "length",
    chunkMarkdownTextWithMode: slices,
    chunkMarkdownText: slices,
  };
  setQQRuntime({ channel: { text } } as unknown as Parameters<typeof setQQRuntime>[0]);
  const journal = openJournal(":memory:");
  const send = async (_target: Target, message: OutboundMessage): Promise<SentMessage> => {
    const refusal = answers.shift() ?? (message.anchor ? undefined : proactive);
    if (refusal) throw refusal;
    sent.push(message);
    return { messageId: `m${sent.length}` };
  };
  running = {
    line: { send },
    log: createRecorder().log,
    clock,
    replies: openReplies(journal, "default"),
    parked: openParked(journal, "default"),
    peers: openPeers(journal, "default"),
    current: () => ({ cfg: {}, account: { accountId: "default", locale: "en" } }),
    sent: () => {},
  } as unknown as RunningAccount;
});

function hear(msgId: string): void {
  running.replies.open({ msgId, target: CHAT, receivedAt: clock.now(), limit: REPLY_LIMITS.c2c });
}

function refusal(kind: FaultKind): QQApiError {
  const call = "POST /v2/users/{openid}/messages";
  return new QQApiError(kind, { kind, retry: "never", status: 400, platformCode: 1, traceId: undefined, call });
}

const deliver = (length: number, id = "q:0") => deliverAnswer({ id, target: chat, text: "x".repeat(length) }, running);
const numbers = (): unknown[] => sent.map(({ anchor }) => anchor && `${anchor.msgId}#${anchor.msgSeq}`);

describe("an answer", () => {
  test("F2 F3: goes as replies, each with a number of its own", async () => {
    hear("a");
    await deliver(25);
    expect(sent.map(({ text }) => text.length)).toEqual([10, 10, 5]);
    expect(numbers()).toEqual(["a#1", "a#2", "a#3"]);
  });

  test("F2: is cut at the platform's size where the configured one makes too many parts", async () => {
    hear("a");
    await deliver(10_000);
    expect(sent.map(({ text }) => text.length)).toEqual([4900, 4900, 200]);
  });

  test("F2: goes on proactively and keeps the last reply, where the chat takes that", async () => {
    hear("a");
    await deliver(4900 * 6);
    expect(numbers()).toEqual(["a#1", "a#2", "a#3", undefined, undefined, "a#4"]);
  });

  test("F2: is kept from where the chat allows nothing more, and the last reply says so", async () => {
    hear("a");
    proactive = refusal("permission");
    await deliver(4900 * 6);
    expect(sent).toHaveLength(4);
    expect(sent[3]?.text.slice(4900)).toBe("\n[2 more parts are kept: write anything to get them]");
    hear("b");
    await deliverKept(chat, running);
    expect(numbers().slice(4)).toEqual(["b#1", "b#2"]);
    expect(running.parked.waiting(CHAT)).toEqual([]);
  });

  test("F2: what is kept leaves a reply for what the user has just written", async () => {
    hear("a");
    proactive = refusal("permission");
    await deliver(4900 * 20);
    hear("b");
    await deliverKept(chat, running);
    expect(running.replies.left(CHAT, clock.now())).toBe(1);
    expect(running.parked.waiting(CHAT)).toHaveLength(13);
  });

  test("F9: of which nothing could be said is not reported as delivered, and comes later", async () => {
    proactive = refusal("permission");
    await expect(deliver(5)).rejects.toBeInstanceOf(QQKeptError);
    hear("b");
    await deliverKept(chat, running);
    expect(numbers()).toEqual(["b#1"]);
  });

  test("F2: a chat that refused is not tried again that day, and one that was busy is", async () => {
    proactive = refusal("permission");
    await expect(deliver(5, "one")).rejects.toThrow();
    proactive = undefined;
    await expect(deliver(5, "two")).rejects.toThrow();
    expect(sent).toEqual([]);
    await clock.advance(25 * 3_600_000);
    await deliver(5, "three");
    proactive = refusal("rate-limited");
    await expect(deliver(5, "four")).rejects.toThrow();
    proactive = undefined;
    await deliver(5, "five");
    expect(sent).toHaveLength(2);
  });
});

describe("a try after one that failed", () => {
  test("F3 F9: goes on where it ended, with the number that the part had", async () => {
    hear("a");
    answers = [undefined, new QQTransportError("cut off", { mayHaveArrived: true })];
    await expect(deliver(25)).rejects.toThrow("cut off");
    await deliver(25);
    expect(numbers()).toEqual(["a#1", "a#2", "a#3"]);
    expect(sent.map(({ text }) => text).join("")).toBe("x".repeat(25));
  });

  test("F9: does not repeat a proactive part that may have arrived", async () => {
    answers = [new QQTransportError("cut off", { mayHaveArrived: true })];
    await expect(deliver(4905)).rejects.toThrow("cut off");
    await deliver(4905);
    expect(sent.map(({ text }) => text.length)).toEqual([5]);
  });

  test("F9: does not repeat it as a reply either, when somebody has written meanwhile", async () => {
    answers = [new QQTransportError("cut off", { mayHaveArrived: true })];
    await expect(deliver(4905)).rejects.toThrow("cut off");
    hear("a");
    await deliver(4905);
    expect(sent.map(({ text }) => text.length)).toEqual([5]);
  });

  test("F9: repeats a proactive part that surely did not arrive", async () => {
    answers = [new QQTransportError("not dialled", { mayHaveArrived: false })];
    await expect(deliver(4905)).rejects.toThrow("not dialled");
    await deliver(4905);
    expect(sent.map(({ text }) => text.length)).toEqual([4900, 5]);
  });

  test("an empty answer is no answer", async () => {
    await deliver(0);
    expect(sent).toEqual([]);
  });

  test("F9: says nothing again when all has been said", async () => {
    hear("a");
    await deliver(25);
    await deliver(25);
    expect(sent).toHaveLength(3);
  });

  test("F2: leaves a window that QQ has shut for that of an older message", async () => {
    hear("old");
    await clock.advance(1000);
    hear("new");
    answers = [refusal("reply-window")];
    await deliver(15);
    expect(numbers()).toEqual(["old#1", "old#2"]);
  });
});

test("what is over is forgotten after a week", async () => {
  hear("a");
  await deliver(5);
  running.parked.prune(FAKE_NOW + 8 * 24 * 3_600_000);
  expect(running.parked.knows("q:0")).toBe(false);
});
