import { beforeEach, describe, expect, test } from "vitest";
import type { InboundMessage } from "../../message/inbound.ts";
import type { StreamStep } from "../../message/outbound.ts";
import { deliverAnswer } from "../answer/answer.ts";
import type { Routed } from "../receive/route.ts";
import { finishLeftStreams } from "./stream-end.ts";
import { growAnswer } from "./stream.ts";
import { openFakeAccount, person, refusal, shownIn, type FakeAccount } from "../testing/fake-account.ts";
import { NO_ANSWER } from "../testing/fake-stream.ts";

const CHAT = "c2c:U1";
const message = { id: "m1", chat: person, text: "hi" } as InboundMessage;
const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `word${from + index}`).join(" ");

let fake: FakeAccount;

beforeEach(() => {
  fake = openFakeAccount(4000);
  fake.config = { nativeStreaming: true };
  fake.hear("m1");
});

const grow = (more: Partial<InboundMessage> = {}) => {
  const { cfg, account } = fake.running.current();
  return growAnswer({ ...message, ...more }, { cfg, account } as Routed, fake.running);
};
/** The host's callbacks, as it calls them. */
const partials = (growing: ReturnType<typeof grow>) => {
  const { callbacks } = growing;
  if (!callbacks) throw new Error("nothing grows here");
  return { say: (text: string) => callbacks.onPartialReply({ text }), begin: callbacks.onAssistantMessageStart };
};
const answer = (text: string, id = "q:0") => deliverAnswer({ id, target: person, text }, fake.running);
const texts = (steps: readonly StreamStep[] = fake.streams.steps): string[] => steps.map(({ text }) => text);
const last = (): StreamStep | undefined => fake.streams.steps.at(-1);
const sent = (): string[] => fake.sent.map((message) => shownIn(message, fake));
const left = (): number => fake.running.replies.left(CHAT, fake.clock.now());
/** What the steps wait for, while a promise is under way. */
async function during<T>(promise: Promise<T>, ms = 5_000): Promise<T> {
  void promise.catch(() => {});
  await fake.clock.advance(ms);
  return promise;
}

const refuseBad = (text: string): Error | undefined =>
  text.includes("bad") ? refusal("content", 40034006) : undefined;

/** An answer that has grown to "word1 … word8" and goes on. */
async function grown(): Promise<ReturnType<typeof grow>> {
  const growing = grow();
  partials(growing).say(`${numbered(1, 8)} `);
  await fake.clock.advance(500);
  return growing;
}

describe("a growing message", () => {
  test("F8: begins after half a second, grows with each step and is completed by the answer, all for one reply", async () => {
    const growing = grow();
    const { say } = partials(growing);
    say("word1 wo");
    await fake.clock.advance(499);
    expect(fake.streams.calls).toBe(0);
    await fake.clock.advance(1);
    say(`${numbered(1, 3)} wor`);
    await fake.clock.advance(500);
    const delivered = await during(answer(numbered(1, 5)));
    await during(growing.close());
    expect(fake.streams.steps).toEqual([
      { anchor: { msgId: "m1", msgSeq: 1 }, text: "word1", index: 0, last: false },
      { anchor: { msgId: "m1", msgSeq: 1 }, text: numbered(1, 3), index: 1, last: false, streamId: "s1" },
      { anchor: { msgId: "m1", msgSeq: 1 }, text: numbered(1, 5), index: 2, last: true, streamId: "s1" },
    ]);
    expect(delivered).toEqual({ messageId: "s1" });
    expect(fake.running.refs.find("REFIDX_s1")).toMatchObject({ messageId: "s1", own: true });
    expect(fake.sent).toEqual([]);
    expect(left()).toBe(3);
    expect(fake.running.streams.left()).toEqual([]);
  });

  test("F8: a slow platform sees fewer steps, one at a time, and the turn waits for none", async () => {
    fake.streams.slowMs = 4_000;
    const growing = grow();
    const { say } = partials(growing);
    for (let word = 1; word <= 300; word += 1) {
      say(`${numbered(1, word)} `);
      await fake.clock.advance(100);
    }
    expect(fake.streams.mostAtOnce).toBe(1);
    // 30 s: half a second, then a step of 4 s and a pause of 8 s each.
    expect(fake.streams.calls).toBe(3);
    const began = fake.clock.now();
    let endedAt = 0;
    await during(
      answer(numbered(1, 301)).then(() => (endedAt = fake.clock.now())),
      20_000,
    );
    // One call that is under way, the least pause, and the last step.
    expect(endedAt - began).toBeLessThanOrEqual(4_000 + 300 + 4_000);
    expect(last()?.text).toBe(numbered(1, 301));
  });

  test("F8: is not made where the account does not stream, markdown is off, in groups, beside another, or with a prefix", async () => {
    fake.config = {};
    expect(grow().callbacks).toBeUndefined();
    fake.config = { nativeStreaming: true, nativeMarkdown: false };
    expect(grow().callbacks).toBeUndefined();
    fake.config = { nativeStreaming: true };
    expect(grow({ chat: { kind: "group", groupId: "G1" } }).callbacks).toBeUndefined();
    const { account } = fake.running.current();
    const prefixed = { account, cfg: { messages: { responsePrefix: "[bot]" } } } as unknown as Routed;
    expect(growAnswer(message, prefixed, fake.running).callbacks).toBeUndefined();
    expect(grow().callbacks).toBeDefined();
    expect(grow().callbacks).toBeUndefined();
  });

  test("F8: never takes the last reply", async () => {
    for (let used = 0; used < 3; used += 1) fake.running.replies.claim({ target: CHAT }, fake.clock.now());
    await grown();
    expect(fake.streams.calls).toBe(0);
    await during(answer(numbered(1, 9)));
    expect(sent()).toEqual([numbered(1, 9)]);
  });

  test("F8: a turn without an answer leaves it finished, with what it shows", async () => {
    const growing = await grown();
    await during(growing.close());
    expect(last()).toMatchObject({ text: numbered(1, 8), last: true, index: 1 });
    expect(fake.running.streams.left()).toEqual([]);
    partials(growing).say(numbered(1, 20));
    await fake.clock.advance(60_000);
    expect(fake.streams.steps).toHaveLength(2);
  });

  test("F8: is finished when nothing is added for half a minute: QQ would leave it hanging", async () => {
    const growing = await grown();
    await fake.clock.advance(29_000);
    expect(last()?.last).toBe(false);
    await fake.clock.advance(2_000);
    expect(last()).toMatchObject({ text: numbered(1, 8), last: true });
    await during(answer("what the tool found"));
    await growing.close();
    expect(sent()).toEqual(["what the tool found"]);
  });

  test("F8: what the agent says after a tool stands below what it said before it", async () => {
    const growing = grow();
    const { say, begin } = partials(growing);
    begin();
    say("I look at the files.");
    await fake.clock.advance(500);
    begin();
    say("There are three ");
    await fake.clock.advance(600);
    await during(answer("There are three of them."));
    await growing.close();
    expect(texts()).toEqual([
      "I look at the",
      "I look at the files.\n\nThere are three",
      "I look at the files.\n\nThere are three of them.",
    ]);
    expect(fake.sent).toEqual([]);
  });

  test("F8: an answer that does not begin with what is shown comes as a message of its own", async () => {
    const growing = await grown();
    partials(growing).say(
      "Something else altogether, and more of it than was shown, so that it looks as if it had grown",
    );
    await fake.clock.advance(5_000);
    expect(fake.streams.calls).toBe(1);
    await during(answer("Something else altogether."));
    await during(growing.close());
    expect(sent()).toEqual(["Something else altogether."]);
    expect(texts()).toEqual([numbered(1, 8), numbered(1, 8)]);
    expect(last()?.last).toBe(true);
  });

  test("F8: of an answer that is longer than a message, the stream is the first part", async () => {
    fake = openFakeAccount(200);
    fake.config = { nativeStreaming: true };
    fake.hear("m1");
    const whole = Array.from({ length: 6 }, (_, index) => `${numbered(index * 10, index * 10 + 8)}.`).join("\n\n");
    const growing = grow();
    for (let end = 0; end < whole.length; end += 7) {
      partials(growing).say(whole.slice(0, end));
      await fake.clock.advance(500);
    }
    await during(answer(whole));
    await growing.close();
    expect(last()?.last).toBe(true);
    const parts = [last()?.text ?? "", ...sent()];
    expect(parts.join("\n\n")).toBe(whole);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(200);
    expect(sent().length).toBeGreaterThan(0);
  });
});

describe("a step that fails", () => {
  test("F8: too soon for the platform: the next one comes later, and says all of it", async () => {
    const growing = await grown();
    fake.streams.says = () => refusal("temporary", 50002);
    partials(growing).say(`${numbered(1, 9)} `);
    await fake.clock.advance(500);
    fake.streams.says = () => undefined;
    partials(growing).say(`${numbered(1, 10)} `);
    await fake.clock.advance(999);
    expect(fake.streams.steps).toHaveLength(1);
    await fake.clock.advance(1);
    expect(texts()).toEqual([numbered(1, 8), numbered(1, 10)]);
  });

  test("F8: without an answer: the next one has its number, or the one behind it where QQ had taken it", async () => {
    const growing = await grown();
    fake.streams.losesAnswer = () => true;
    partials(growing).say(`${numbered(1, 9)} `);
    await fake.clock.advance(500);
    fake.streams.losesAnswer = () => false;
    partials(growing).say(`${numbered(1, 10)} `);
    await fake.clock.advance(10_000);
    expect(fake.streams.steps.map(({ index }) => index)).toEqual([0, 1, 2]);
    await during(answer(numbered(1, 11)));
    expect(last()).toMatchObject({ text: numbered(1, 11), index: 3, last: true });
  });

  test("F8: the first, without an answer: the whole answer comes as a message", async () => {
    fake.streams.losesAnswer = ({ index }) => index === 0;
    await grown();
    fake.streams.says = () => refusal("duplicate", 40054005);
    await fake.clock.advance(10_000);
    await during(answer(numbered(1, 9)));
    expect(sent()).toEqual([numbered(1, 9)]);
  });

  test("F8: for its links: they go on widened, in the same message", async () => {
    const growing = grow();
    fake.streams.says = ({ text }) => (text.includes("example.com") ? refusal("url", 304003) : undefined);
    partials(growing).say("Look at ");
    await fake.clock.advance(500);
    partials(growing).say("Look at https://example.com/a for it ");
    await fake.clock.advance(3_000);
    await during(answer("Look at https://example.com/a for it today"));
    expect(texts()).toEqual([
      "Look at",
      "Look at https：//example．com/a for it",
      "Look at https：//example．com/a for it today",
    ]);
    expect(fake.sent).toEqual([]);
  });

  test("F8: for what it says: what is shown stays said, and what is missing goes the way of every answer", async () => {
    const growing = await grown();
    fake.streams.says = ({ text }) => refuseBad(text);
    fake.platform = ({ content }) => (content.kind === "media" ? undefined : refuseBad(content.text));
    partials(growing).say(`${numbered(1, 9)} bad `);
    await fake.clock.advance(5_000);
    expect(fake.streams.calls).toBe(2);
    await expect(during(answer(`${numbered(1, 9)} bad words`))).rejects.toThrow();
    expect(texts()).toEqual([numbered(1, 8), numbered(1, 8)]);
    expect(sent()).toEqual([expect.stringContaining("QQ did not let this part of the answer through")]);
  });

  test("F8: for its message, which takes no more replies: what is missing comes another way", async () => {
    const growing = await grown();
    fake.streams.says = () => refusal("reply-window", 40034128);
    partials(growing).say(`${numbered(1, 9)} `);
    await fake.clock.advance(5_000);
    fake.hear("m2");
    await during(answer(`${numbered(1, 9)} and more`));
    expect(texts()).toEqual([numbered(1, 8)]);
    expect(sent()).toEqual(["word9 and more"]);
    expect(fake.sent[0]?.anchor).toEqual({ msgId: "m2", msgSeq: 1 });
  });
});

/** The gateway dies in the last step; what the host hands over again finds the journal, and nothing in memory. */
async function dieInLastStep(arrives: boolean): Promise<void> {
  await grown();
  fake.streams.losesAnswer = ({ last }) => last;
  fake.streams.says = () => (!arrives || last()?.last ? NO_ANSWER : undefined);
  await expect(during(answer(numbered(1, 9)), 60_000)).rejects.toBe(NO_ANSWER);
  fake.running.growing.clear();
  fake.streams.losesAnswer = () => false;
  fake.streams.says = () => undefined;
}

describe("a crash", () => {
  test("F8 G1: in the last step, which had not arrived: it is made again", async () => {
    await dieInLastStep(false);
    expect(await during(answer(numbered(1, 9)))).toEqual({ messageId: "s1" });
    expect(last()).toMatchObject({ text: numbered(1, 9), last: true, index: 1 });
    expect(fake.sent).toEqual([]);
  });

  test("F8 G2: in the last step, which had arrived: nothing is said twice", async () => {
    await dieInLastStep(true);
    expect(await during(answer(numbered(1, 9)))).toEqual({ messageId: "s1" });
    expect(fake.streams.steps.filter(({ last }) => last)).toHaveLength(1);
    expect(fake.sent).toEqual([]);
  });

  test("F8 G2: a last step that loses its answer is asked for again at once, and nothing is said twice", async () => {
    await grown();
    fake.streams.losesAnswer = ({ last }) => last;
    // Its own second try hears that the stream is over: it may show all of it.
    expect(await during(answer(numbered(1, 9)), 60_000)).toEqual({ messageId: "s1" });
    expect(fake.sent).toEqual([]);
    expect(fake.lines.join("\n")).toContain("may be missing");
  });

  test("F8 G1: a stream that cannot show all of it is not taken for an answer", async () => {
    await dieInLastStep(false);
    fake.streams.says = () => refusal("content", 40034006);
    await during(answer(numbered(1, 9)));
    expect(sent()).toEqual(["word9"]);
  });

  test("F8: while it grows: the next start finishes it with what it shows", async () => {
    const growing = await grown();
    fake.streams.losesAnswer = () => true;
    partials(growing).say(`${numbered(1, 9)} `);
    await fake.clock.advance(500);
    fake.running.growing.clear();
    fake.streams.losesAnswer = () => false;
    await during(finishLeftStreams(fake.running));
    expect(last()).toMatchObject({ text: numbered(1, 9), index: 2, last: true });
    expect(fake.running.streams.left()).toEqual([]);
  });
});
