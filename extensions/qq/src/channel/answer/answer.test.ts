import { beforeEach, describe, expect, test } from "vitest";
import { QQKeptError, QQTransportError } from "../../errors.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { REPLY_LIMITS } from "../../protocol/official/limits.ts";
import { FAKE_NOW } from "../../transport/testing/fake-clock.ts";
import { deliverAnswer, deliverKept } from "./answer.ts";
import { openFakeAccount, person, refusal, shownIn, type FakeAccount } from "../testing/fake-account.ts";

const CHAT = "c2c:U1";
const group: Target = { kind: "group", groupId: "G1" };
/** Longest part where the platform's size decides, UTF-16 units. */
const PART = 4900;
const CUT_OFF = new QQTransportError("cut off", { mayHaveArrived: true });

let fake: FakeAccount;

beforeEach(() => {
  fake = openFakeAccount();
});

const noProactive = (error: Error = refusal("permission", 40034105)): FakeAccount["platform"] => {
  return ({ anchor, wakeUp }) => (anchor || wakeUp ? undefined : error);
};
const noFiles = (): Error => refusal("media", 850019);
const deliver = (length: number, id = "q:0", target: Target = person) =>
  deliverAnswer({ id, target, text: "x".repeat(length) }, fake.running);
const numbers = (): unknown[] =>
  fake.sent.map(({ anchor }) => anchor && `${anchor.msgId ?? anchor.eventId}#${anchor.msgSeq}`);
const shown = (): string[] => fake.sent.map((message) => shownIn(message, fake));
const lengths = (): number[] => shown().map((text) => text.length);
const kinds = (): string[] => fake.sent.map(({ content }) => content.kind);

/** The platform's next answers, then it takes everything. */
function next(...answers: (Error | undefined)[]): void {
  fake.platform = () => answers.shift();
}

describe("an answer", () => {
  test("F2 F3: goes as replies, each with a number of its own", async () => {
    fake.hear("a");
    await deliver(25);
    expect(lengths()).toEqual([10, 10, 5]);
    expect(numbers()).toEqual(["a#1", "a#2", "a#3"]);
  });

  test("F2: is cut at the platform's size where the configured one makes too many parts", async () => {
    fake.hear("a");
    await deliver(10_000);
    expect(lengths()).toEqual([PART, PART, 200]);
  });

  test("F2: goes on proactively and keeps the last reply, where the chat takes that", async () => {
    fake.hear("a");
    await deliver(PART * 6);
    expect(numbers()).toEqual(["a#1", "a#2", "a#3", undefined, undefined, "a#4"]);
  });

  test("F2: has its rest in one file in the last reply, where the chat takes nothing else", async () => {
    fake.hear("a");
    fake.platform = noProactive();
    await deliver(PART * 6);
    expect(numbers()).toEqual(["a#1", "a#2", "a#3", "a#4"]);
    expect(kinds()).toEqual(["text", "text", "text", "media"]);
    expect(shown().join("").replaceAll("\n", "")).toBe("x".repeat(PART * 6));
    expect(fake.files.map(({ name }) => name)).toEqual(["rest-of-the-answer.md"]);
    expect(fake.running.parked.waiting(CHAT)).toEqual([]);
  });

  test("F2: is kept from where the chat allows nothing more and takes no file, and the last reply says so", async () => {
    fake.hear("a");
    fake.platform = noProactive();
    fake.uploads = noFiles;
    await deliver(PART * 6);
    expect(fake.sent).toHaveLength(4);
    expect(shown()[3]?.slice(PART)).toBe("\n[2 more parts are kept: write anything to get them]");
    fake.hear("b");
    await deliverKept(person, fake.running);
    expect(numbers().slice(4)).toEqual(["b#1", "b#2"]);
    expect(fake.running.parked.waiting(CHAT)).toEqual([]);
  });

  test("F2: what is kept leaves a reply for what the user has just written; what does not fit goes as a file", async () => {
    fake.hear("a");
    fake.platform = noProactive();
    fake.uploads = noFiles;
    await deliver(PART * 20);
    fake.uploads = () => undefined;
    fake.hear("b");
    await deliverKept(person, fake.running);
    expect(numbers().slice(4)).toEqual(["b#1", "b#2", "b#3"]);
    expect(kinds().at(-1)).toBe("media");
    expect(fake.running.replies.left(CHAT, fake.clock.now())).toBe(1);
    expect(fake.running.parked.waiting(CHAT)).toEqual([]);
    const all = shown()
      .join("")
      .replaceAll(/\n(\[.*\])?/g, "");
    expect(all).toBe("x".repeat(PART * 20));
  });

  test("F9: of which nothing could be said is not reported as delivered, and comes later", async () => {
    fake.platform = noProactive();
    await expect(deliver(5)).rejects.toBeInstanceOf(QQKeptError);
    fake.hear("b");
    await deliverKept(person, fake.running);
    expect(numbers()).toEqual(["b#1"]);
  });

  test("F2: a chat that refused is not tried again that day, and one that was busy is", async () => {
    let tries = 0;
    const refuses = (error: Error): void => {
      fake.platform = () => ((tries += 1), error);
    };
    refuses(refusal("permission"));
    await expect(deliver(5, "one", group)).rejects.toThrow("within the last day");
    await expect(deliver(5, "two", group)).rejects.toThrow("within the last day");
    expect(tries).toBe(1);
    await fake.clock.advance(25 * 3_600_000);
    refuses(refusal("rate-limited"));
    await expect(deliver(5, "three", group)).rejects.toThrow();
    await expect(deliver(5, "four", group)).rejects.toThrow();
    expect(tries).toBe(3);
  });

  test("F2: no more proactive messages a day than the account allows", async () => {
    fake.config = { proactivePerDay: 4 };
    for (const id of ["1", "2", "3", "4"]) await deliver(5, id);
    await expect(deliver(5, "5")).rejects.toThrow("used up");
    await fake.clock.advance(24 * 3_600_000);
    await deliver(5, "6");
    expect(fake.sent).toHaveLength(5);
  });

  test("F2: an account that allows none sends none", async () => {
    fake.config = { proactivePerDay: 0 };
    await expect(deliver(5)).rejects.toThrow("used up");
    expect(fake.sent).toEqual([]);
  });

  test("F11: answers an event where there is no message to answer", async () => {
    const anchor = { eventId: "FRIEND_ADD:1", target: CHAT, receivedAt: fake.clock.now(), limit: REPLY_LIMITS.c2c };
    fake.running.replies.open(anchor);
    fake.platform = noProactive();
    await deliver(5);
    expect(numbers()).toEqual(["FRIEND_ADD:1#1"]);
  });

  test("F11: wakes a person up where nothing else is taken, once in each period after their last message", async () => {
    fake.hear("a");
    await fake.clock.advance(2 * 3_600_000);
    fake.platform = noProactive();
    await deliver(5, "one");
    await expect(deliver(5, "two")).rejects.toBeInstanceOf(QQKeptError);
    await fake.clock.advance(24 * 3_600_000);
    await deliver(5, "three");
    expect(fake.sent.map(({ wakeUp }) => wakeUp)).toEqual([true, true]);
  });

  test("E1: a chat that the bot was removed from is not sent to, and says why", async () => {
    fake.hear("a", group);
    fake.running.chats.setOpen(formatTarget(group), false);
    await expect(deliver(5, "q:0", group)).rejects.toThrow("have it added again");
    expect(fake.sent).toEqual([]);
    fake.hear("b", group);
    await deliverKept(group, fake.running);
    expect(lengths()).toEqual([5]);
  });

  test.each([40034101, 40054003, 40054004])(
    "F9: a chat that the bot turns out to be out of (%d) gets it once it is back",
    async (code) => {
      fake.hear("a", group);
      fake.platform = () => refusal("target", code);
      await expect(deliver(5, "q:0", group)).rejects.toThrow("have it added again");
      await expect(deliver(5, "q:1", group)).rejects.toThrow("have it added again");
      fake.platform = () => undefined;
      fake.hear("b", group);
      await deliverKept(group, fake.running);
      expect(lengths()).toEqual([5, 5]);
    },
  );

  test("F9: what a muted group did not take is kept, and the next answer is tried again", async () => {
    fake.hear("a", group);
    fake.platform = () => refusal("target", 40054002);
    await expect(deliver(5, "q:0", group)).rejects.toBeInstanceOf(QQKeptError);
    fake.platform = () => undefined;
    await deliver(7, "q:1", group);
    expect(lengths()).toEqual([7]);
    expect(fake.running.parked.waiting(formatTarget(group))).toHaveLength(1);
  });

  test("F9: a wrong id is an error that says so, and nothing is kept for it", async () => {
    fake.platform = () => refusal("target", 11255);
    await expect(deliver(5)).rejects.toMatchObject({ refusal: { platformCode: 11255 } });
    expect(fake.running.parked.waiting(CHAT)).toEqual([]);
  });

  test("E1: a chat that has switched proactive messages off gets none until it switches them on", async () => {
    fake.running.chats.setProactive(CHAT, false);
    await expect(deliver(5, "one")).rejects.toThrow("switched off");
    expect(fake.sent).toEqual([]);
    fake.running.chats.setProactive(CHAT, true);
    await deliver(5, "two");
    expect(fake.sent).toHaveLength(1);
  });

  test("F5: quotes in its first part alone, by the index that QQ knows", async () => {
    fake.hear("a");
    fake.running.refs.note({ ref: "REFIDX_a", messageId: "a", own: false, text: "?" }, fake.clock.now());
    await deliverAnswer({ id: "q:0", target: person, text: "x".repeat(25), quotes: "a" }, fake.running);
    await deliverAnswer({ id: "q:1", target: person, text: "x", quotes: "nobody knows" }, fake.running);
    expect(fake.sent.map(({ quote }) => quote)).toEqual(["REFIDX_a", undefined, undefined, undefined]);
  });

  test("F5 B5: quotes in each of its parts where replyToMode is all", async () => {
    fake.hear("a");
    fake.config = { replyToMode: "all" };
    fake.running.refs.note({ ref: "REFIDX_a", messageId: "a", own: false, text: "?" }, fake.clock.now());
    await deliverAnswer({ id: "q:0", target: person, text: "x".repeat(25), quotes: "a" }, fake.running);
    expect(fake.sent.map(({ quote }) => quote)).toEqual(["REFIDX_a", "REFIDX_a", "REFIDX_a"]);
  });
});

describe("a try after one that failed", () => {
  test("F3 F9: goes on where it ended, with the number that the part had", async () => {
    fake.hear("a");
    next(undefined, CUT_OFF);
    await expect(deliver(25)).rejects.toThrow("cut off");
    await deliver(25);
    expect(numbers()).toEqual(["a#1", "a#2", "a#3"]);
    expect(shown().join("")).toBe("x".repeat(25));
  });

  test("F9: does not repeat a proactive part that may have arrived", async () => {
    next(CUT_OFF);
    await expect(deliver(4905)).rejects.toThrow("cut off");
    await deliver(4905);
    expect(lengths()).toEqual([5]);
  });

  test("F9: does not repeat it as a reply either, when somebody has written meanwhile", async () => {
    next(CUT_OFF);
    await expect(deliver(4905)).rejects.toThrow("cut off");
    fake.hear("a");
    await deliver(4905);
    expect(lengths()).toEqual([5]);
  });

  test("F9: repeats a proactive part that surely did not arrive", async () => {
    next(new QQTransportError("not dialled", { mayHaveArrived: false }));
    await expect(deliver(4905)).rejects.toThrow("not dialled");
    await deliver(4905);
    expect(lengths()).toEqual([PART, 5]);
  });

  test("F3: of which the last reply was a file sends the file again, with its number", async () => {
    fake.hear("a");
    let files = 0;
    const platform = noProactive();
    fake.platform = (message) => (message.content.kind === "media" && (files += 1) === 1 ? CUT_OFF : platform(message));
    await expect(deliver(PART * 6)).rejects.toThrow("cut off");
    await deliver(PART * 6);
    expect(numbers()).toEqual(["a#1", "a#2", "a#3", "a#4"]);
    expect(kinds().at(-1)).toBe("media");
    expect(shown().join("").replaceAll("\n", "")).toBe("x".repeat(PART * 6));
  });

  test("an empty answer is no answer", async () => {
    await deliver(0);
    expect(fake.sent).toEqual([]);
  });

  test("F9: says nothing again when all has been said", async () => {
    fake.hear("a");
    await deliver(25);
    await deliver(25);
    expect(fake.sent).toHaveLength(3);
  });

  test("F2: leaves a window that QQ has shut for that of an older message", async () => {
    fake.hear("old");
    await fake.clock.advance(1000);
    fake.hear("new");
    next(refusal("reply-window"));
    await deliver(15);
    expect(numbers()).toEqual(["old#1", "old#2"]);
  });
});

test("what is over is forgotten after a week", async () => {
  fake.hear("a");
  await deliver(5);
  fake.running.parked.prune(FAKE_NOW + 8 * 24 * 3_600_000);
  expect(fake.running.parked.read("q:0")).toEqual([]);
});
