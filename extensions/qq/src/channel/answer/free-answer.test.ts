import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { QQApiError, QQKeptError, QQTransportError } from "../../errors.ts";
import type { Target } from "../../message/target.ts";
import { FAKE_NOW } from "../../transport/testing/fake-clock.ts";
import { noteChatChange } from "../receive/chat-events.ts";
import { person, refusal } from "../testing/fake-account.ts";
import { openFakePersonal, wordsOf, type FakePersonal } from "../testing/fake-personal.ts";
import { deliverAnswer, deliverKept } from "./answer.ts";
import { deliverKeptAgain } from "./kept-again.ts";
import { planAnswer, type Answer } from "./plan.ts";

const group: Target = { kind: "group", groupId: "30001" };
const NOBODY = new QQTransportError("nobody answers");
const NO_ANSWER = new QQTransportError("no answer", { mayHaveArrived: true });

let fake: FakePersonal;
beforeEach(() => (fake = openFakePersonal()));

const deliver = (text: string, more: Partial<Answer> = {}) =>
  deliverAnswer({ id: "q:0", target: person, text, ...more }, fake.running);
const said = (): string[] => fake.shown.map(({ message }) => wordsOf(message));
const waiting = (chat: string) => fake.running.parked.waiting(chat).map(({ text }) => text);
/** What is kept goes out as it does while an account runs. */
const again = (): void => {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  void deliverKeptAgain({ ...fake.running, signal: over.signal });
};
const group30001 = { target: group };
/** A file on disk, and the leave to read it. */
const fileOf = async (name: string, bytes: Buffer) => {
  const root = await mkdtemp(join(tmpdir(), "qq-free-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const source = join(root, name);
  await writeFile(source, bytes);
  return { source, access: { mediaLocalRoots: [root] } };
};

describe("an answer on a personal account", () => {
  test("F1 F2: goes in parts at the configured size, tied to nothing and counted by nobody", async () => {
    await deliver("x".repeat(75));
    expect(said().map((text) => text.length)).toEqual([10, 10, 10, 10, 10, 10, 10, 5]);
    expect(fake.sent.every(({ anchor, wakeUp }) => anchor === undefined && wakeUp === undefined)).toBe(true);
    for (let more = 0; more < 1100; more += 1) await deliver("again", { id: `q:${more + 1}` });
    expect(fake.shown).toHaveLength(1108);
  });

  test("F1: no part is longer than what QQ takes, whatever is configured", async () => {
    fake = openFakePersonal(9000);
    await deliver("x".repeat(9000));
    expect(said().map((text) => text.length)).toEqual([4500, 4500]);
  });

  test("F4 F7: is plain text with its links as they are, and what looks like a CQ code stays text", async () => {
    fake = openFakePersonal(4000);
    await deliver("**bold** [site](https://example.com/install.sh) [CQ:at,qq=all]");
    expect(said()[0]).toMatch(/^bold .*https:\/\/example\.com\/install\.sh.* \[CQ:at,qq=all\]$/);
    expect(fake.sent[0]?.content.kind).toBe("text");
  });

  test("F5: quotes by the id of the message, in its first part or in each", async () => {
    await deliver("x".repeat(15), { quotes: "77#again" });
    fake.config = { replyToMode: "all" };
    await deliver("x".repeat(15), { id: "q:1", quotes: "-78" });
    expect(fake.sent.map(({ quote }) => quote)).toEqual(["77", undefined, "-78", "-78"]);
  });

  test("F6: a short text goes with its picture in one message", async () => {
    const { source, access } = await fileOf("a.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    await deliverAnswer(
      { id: "q:0", target: person, text: "hi", media: [{ source }] },
      fake.running,
      undefined,
      access,
    );
    expect(said()).toEqual(["image a.png hi"]);
  });

  test("F6 F9: in front of any other file it is a part of its own, not said again when the file's send is cut off", async () => {
    const { source, access } = await fileOf("a.pdf", Buffer.from("%PDF-1.7"));
    const answer = { id: "q:0", target: person, text: "hi", media: [{ source }], quotes: "77" };
    fake.platform = ({ content }) => (content.kind === "media" ? NO_ANSWER : undefined);
    await expect(deliverAnswer(answer, fake.running, undefined, access)).rejects.toBe(NO_ANSWER);
    fake.platform = () => undefined;
    await deliverAnswer(answer, fake.running, undefined, access);
    expect(said()).toEqual(["hi", "file a.pdf"]);
    expect(fake.sent.map(({ quote }) => quote)).toEqual(["77", undefined]);
  });

  test.each([
    ["https://example.com/a.JPG?x=1.pdf", 1],
    ["/tmp/a.webp", 1],
    ["data:image/png;base64,iVBORw0KGgo=", 1],
    ["https://example.com/a.mp4?as=.png", 2],
    ["https://example.com/a", 2],
    ["data:application/pdf,a.png", 2],
    ["/tmp/a.svg", 2],
  ])("F6: a text with %s makes %i", (source, parts) => {
    expect(planAnswer({ id: "q:0", target: person, text: "hi", media: [{ source }] }, fake.running)).toHaveLength(
      parts,
    );
  });
});

describe("a send of unknown outcome", () => {
  test("F9: that had arrived is found and not said again", async () => {
    fake.lost = ({ content }) => (content.kind === "text" && content.text.startsWith("b") ? NO_ANSWER : undefined);
    const text = "a".repeat(10) + "b".repeat(10) + "c";
    await expect(deliver(text)).rejects.toMatchObject({ mayHaveArrived: true });
    fake.lost = () => undefined;
    await fake.clock.advance(60_000);
    const { messageId } = await deliver(text);
    expect(said()).toEqual(["a".repeat(10), "b".repeat(10), "c"]);
    expect(fake.lookups).toEqual([{ since: FAKE_NOW }]);
    expect(messageId).toBe("1002");
    expect(fake.running.refs.find("1001")?.own).toBe(true);
  });

  test("F9: of which a crash cut off the note that it arrived is found too", async () => {
    vi.spyOn(fake.running.parked, "mark").mockImplementationOnce(() => {
      throw new Error("killed here");
    });
    await expect(deliver("hello")).rejects.toThrow("killed here");
    await deliver("hello");
    expect(said()).toEqual(["hello"]);
    expect(fake.lookups).toHaveLength(1);
  });

  test("F9: that surely did not arrive is said again, and the same words that are known are not taken for it", async () => {
    await deliver("hello", { id: "q:1" });
    fake.platform = () => NO_ANSWER;
    await expect(deliver("hello")).rejects.toMatchObject({ mayHaveArrived: true });
    fake.platform = () => undefined;
    await deliver("hello");
    expect(said()).toEqual(["hello", "hello"]);
  });

  test("F9: stays unknown while the chat cannot be read, and is written off in a day, with a line", async () => {
    fake.lost = () => NO_ANSWER;
    await expect(deliver("hello")).rejects.toBe(NO_ANSWER);
    fake.lost = () => undefined;
    fake.unreadable = refusal("offline");
    await expect(deliver("hello")).rejects.toMatchObject({ mayHaveArrived: true, retry: "later" });
    expect(fake.shown).toHaveLength(1);
    await fake.clock.advance(25 * 3_600_000);
    await deliver("hello");
    expect(fake.shown).toHaveLength(1);
    expect(fake.lines.join("\n")).toContain("part of an answer may be missing");
  });

  test("F9: of a file is looked up by what it was, and none of its bytes are in the journal", async () => {
    fake.lost = () => NO_ANSWER;
    const media = [{ source: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==" }];
    await expect(deliver("", { media })).rejects.toBe(NO_ANSWER);
    expect(JSON.stringify(fake.running.parked.read("q:0")[0]?.attempt)).not.toContain("AAAA");
    fake.lost = () => undefined;
    await deliver("", { media });
    expect(fake.shown).toHaveLength(1);
  });
});

describe("a chat that takes nothing", () => {
  test("F9: because the account is muted has its answer when that is over, once", async () => {
    fake.platform = () => refusal("muted", 120);
    const id = { id: "q:0", text: "x".repeat(15), ...group30001 };
    await expect(deliverAnswer(id, fake.running)).rejects.toThrow(
      /^group:30001 allows no message now \(the account is muted/,
    );
    fake.platform = () => undefined;
    await expect(deliver("more", { id: "q:1", ...group30001 })).rejects.toThrow(/muted/);
    expect(fake.shown).toEqual([]);
    await deliverKept(group, fake.running);
    expect(fake.shown).toEqual([]);
    const change = { chat: group, what: "unmuted", at: FAKE_NOW } as const;
    await Promise.all([noteChatChange(change, fake.running), deliverKept(group, fake.running)]);
    expect(said()).toEqual(["x".repeat(10), "x".repeat(5), "more"]);
    expect(waiting("group:30001")).toEqual([]);
  });

  test("F9: a mute of which nobody tells the end is over in ten minutes, one that was told when it was told", async () => {
    fake.platform = () => refusal("muted", 120);
    await expect(deliver("hi", group30001)).rejects.toThrow(/muted/);
    fake.platform = () => undefined;
    await fake.clock.advance(9 * 60_000);
    await deliverKept(group, fake.running);
    expect(fake.shown).toEqual([]);
    await fake.clock.advance(61_000);
    await deliverKept(group, fake.running);
    expect(said()).toEqual(["hi"]);
    const until = fake.clock.now() + 60_000;
    await noteChatChange({ chat: group, what: "muted", until, at: fake.clock.now() }, fake.running);
    await expect(deliver("ho", { id: "q:1", ...group30001 })).rejects.toThrow(/muted/);
    await fake.clock.advance(60_000);
    await deliverKept(group, fake.running);
    expect(said()).toEqual(["hi", "ho"]);
  });

  test.each(["removed", "stranger"] as const)("F9: (%s) is closed until somebody writes there", async (kind) => {
    fake.platform = () => refusal(kind, 110);
    await expect(deliver("hi")).rejects.toThrow(/only friends/);
    fake.platform = () => undefined;
    await expect(deliver("ho", { id: "q:1" })).rejects.toThrow(/only friends/);
    expect(fake.shown).toEqual([]);
    await fake.clock.advance(1_000);
    fake.running.chats.heard("c2c:U1", fake.clock.now());
    await deliverKept(person, fake.running);
    expect(said()).toEqual(["hi", "ho"]);
  });

  test("F9: what was kept and cut off on its way is looked up, not lost and not said twice", async () => {
    fake.platform = () => refusal("muted", 120);
    await expect(deliver("hi", group30001)).rejects.toThrow(/muted/);
    fake.platform = () => undefined;
    fake.running.chats.setMuted("group:30001", 0);
    fake.lost = () => NO_ANSWER;
    await expect(deliverKept(group, fake.running)).rejects.toBe(NO_ANSWER);
    fake.lost = () => undefined;
    await deliverKept(group, fake.running);
    expect(said()).toEqual(["hi"]);
    expect(waiting("group:30001")).toEqual([]);
  });
});

describe("a line that is down", () => {
  let isUp = false;
  beforeEach(() => Object.assign(fake.running, { isUp: () => isUp }));
  const down = (error: Error): void => {
    isUp = false;
    fake.platform = () => error;
  };
  /** The line is up again, and what is kept has had the time to go. */
  const up = async (): Promise<void> => {
    isUp = true;
    fake.platform = () => undefined;
    await fake.clock.advance(10_000);
  };

  test.each([
    ["nobody answers", NOBODY],
    ["the account is logged out", refusal("offline")],
    ["the token is wrong", refusal("token")],
  ])("F9: (%s) has its answers once it is up, in order and once each, however long it was", async (_, error) => {
    again();
    down(error);
    await expect(deliver("x".repeat(15))).rejects.toThrow(/the line to QQ is down.*it is kept until that is over$/);
    await expect(deliver("more", { id: "q:1", ...group30001 })).rejects.toThrow(/channels status/);
    await fake.clock.advance(6 * 3_600_000);
    expect(fake.shown).toEqual([]);
    await up();
    expect(said()).toEqual(["x".repeat(10), "x".repeat(5), "more"]);
    await fake.clock.advance(600_000);
    expect(fake.shown).toHaveLength(3);
  });

  test("F9: that went down while a message was on its way looks that up, and says it again only if it is not there", async () => {
    again();
    isUp = false;
    fake.lost = () => NO_ANSWER;
    await expect(deliver("arrived")).rejects.toBeInstanceOf(QQKeptError);
    down(NO_ANSWER);
    await expect(deliver("lost", { id: "q:1" })).rejects.toBeInstanceOf(QQKeptError);
    fake.lost = () => undefined;
    await up();
    expect(fake.shown.map(({ message }) => wordsOf(message))).toEqual(["arrived", "lost"]);
    expect(fake.lookups).toHaveLength(2);
  });

  test("F9: a failure of a line that is up is the host's to try again, and so is what was given up", async () => {
    isUp = true;
    fake.platform = () => NOBODY;
    await expect(deliver("hi")).rejects.toBe(NOBODY);
    isUp = false;
    const given = deliverAnswer({ id: "q:1", target: person, text: "ho" }, fake.running, AbortSignal.abort());
    await expect(given).rejects.toBe(NOBODY);
    expect(waiting("c2c:U1")).toEqual([]);
  });

  test("F9: what QQ never takes is dropped with a line, and what waits behind it goes", async () => {
    again();
    down(NOBODY);
    await expect(deliver("bad")).rejects.toBeInstanceOf(QQKeptError);
    await expect(deliver("good", { id: "q:1" })).rejects.toBeInstanceOf(QQKeptError);
    isUp = true;
    fake.platform = (message) => (wordsOf(message) === "bad" ? refusal("target") : undefined);
    await fake.clock.advance(10_000);
    expect(said()).toEqual(["good"]);
    expect(fake.lines.join("\n")).toContain("kept part dropped chat=c2c:U1");
    expect(waiting("c2c:U1")).toEqual([]);
  });

  test("F9: while QQ goes on refusing, it is asked less and less", async () => {
    again();
    down(refusal("offline"));
    await expect(deliver("hi")).rejects.toBeInstanceOf(QQKeptError);
    isUp = true;
    let asked = 0;
    fake.platform = () => {
      asked += 1;
      return refusal("offline");
    };
    await fake.clock.advance(3_600_000);
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThan(20);
    fake.platform = () => undefined;
    await fake.clock.advance(300_000);
    expect(said()).toEqual(["hi"]);
  });
});

describe("a chat that swallows what is sent", () => {
  const rest = { ...refusal("temporary").refusal, retry: "later", heldBack: true, retryAfterMs: 300_000 } as const;
  const HELD_BACK = new QQApiError("held back", rest);

  test("F9: has its answers once it is no longer left alone, in order and once each", async () => {
    again();
    fake.platform = () => HELD_BACK;
    await expect(deliver("x".repeat(15), group30001)).rejects.toThrow(
      /answered nothing.*it is kept until that is over$/,
    );
    await expect(deliver("more", { id: "q:1", ...group30001 })).rejects.toBeInstanceOf(QQKeptError);
    expect(fake.lines.join("\n")).toContain('answer kept chat=group:30001 parts=2 until="QQ answers there again"');
    await fake.clock.advance(3_600_000);
    expect(fake.shown).toEqual([]);
    fake.platform = () => undefined;
    await fake.clock.advance(300_000);
    expect(said()).toEqual(["x".repeat(10), "x".repeat(5), "more"]);
  });

  test("F9: that swallows the answer to the first try after its rest has it looked up, and not said twice", async () => {
    again();
    fake.platform = () => HELD_BACK;
    await expect(deliver("hi", group30001)).rejects.toBeInstanceOf(QQKeptError);
    fake.lost = () => NO_ANSWER;
    fake.platform = () => undefined;
    await fake.clock.advance(10_000);
    fake.platform = () => HELD_BACK;
    await fake.clock.advance(300_000);
    expect(said()).toEqual(["hi"]);
    expect(waiting("group:30001")).toEqual([]);
  });
});

describe("a long answer as one chat record", () => {
  beforeEach(() => (fake.config = { mergeForwardAfter: 3 }));

  test("F1: from so many parts on", async () => {
    await deliver("x".repeat(20));
    expect(fake.records).toEqual([]);
    await deliver("y".repeat(25), { id: "q:1" });
    expect(fake.records).toEqual([["y".repeat(10), "y".repeat(10), "y".repeat(5)]]);
    await deliver("y".repeat(25), { id: "q:1" });
    expect(fake.records).toHaveLength(1);
  });

  test("F9: goes in parts when the line was down, and not again where nobody knows", async () => {
    Object.assign(fake.running, { isUp: () => false });
    fake.recordAnswer = () => NOBODY;
    await expect(deliver("y".repeat(25))).rejects.toBeInstanceOf(QQKeptError);
    await deliverKept(person, fake.running);
    expect(said()).toHaveLength(3);
    fake.recordAnswer = () => NO_ANSWER;
    await expect(deliver("z".repeat(25), { id: "q:1" })).rejects.toBe(NO_ANSWER);
    await deliverKept(person, fake.running);
    expect(said()).toHaveLength(3);
  });

  test.each([
    ["nobody answers", NOBODY],
    ["the account is logged out", refusal("offline")],
    ["the token is wrong", refusal("token")],
    [
      "the chat is left alone",
      new QQApiError("x", { ...refusal("temporary").refusal, retry: "later", heldBack: true }),
    ],
  ])("F9: (%s) is kept, and comes in parts when that is over", async (_, error) => {
    again();
    let isUp = false;
    Object.assign(fake.running, { isUp: () => isUp });
    fake.recordAnswer = () => error;
    fake.platform = () => error;
    await expect(deliver("y".repeat(25))).rejects.toBeInstanceOf(QQKeptError);
    await fake.clock.advance(6 * 3_600_000);
    isUp = true;
    fake.platform = () => undefined;
    await fake.clock.advance(10_000);
    expect(said().join("")).toBe("y".repeat(25));
    expect(fake.records).toEqual([]);
  });

  test("F1: falls back to parts where QQ refuses it, and says nothing twice where nobody knows", async () => {
    fake.recordAnswer = () => refusal("unsupported");
    await deliver("y".repeat(25));
    expect(said()).toHaveLength(3);
    fake.recordAnswer = () => NO_ANSWER;
    await expect(deliver("z".repeat(25), { id: "q:1" })).rejects.toBe(NO_ANSWER);
    await deliver("z".repeat(25), { id: "q:1" });
    expect(said()).toHaveLength(3);
    expect(fake.lines.join("\n")).toContain("may be missing");
  });
});
