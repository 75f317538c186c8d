import { beforeEach, describe, expect, test } from "vitest";
import type { InboundMessage, QuotedMessage } from "../../message/inbound.ts";
import type { Target } from "../../message/target.ts";
import { quotedContext, quoteRef, withQuoted } from "./quotes.ts";
import { openFakeAccount, type FakeAccount } from "../testing/fake-account.ts";
import { openFakePersonal } from "../testing/fake-personal.ts";

const person: Target = { kind: "c2c", userId: "U" };
const group: Target = { kind: "group", groupId: "G" };
const ming = { id: "0123456789ABCDEF", name: "ming", role: "admin" };

let fake: FakeAccount;
beforeEach(() => {
  fake = openFakeAccount();
  const { refs } = fake.running;
  refs.note({ ref: "REFIDX_own", messageId: "own", own: true, text: "what the bot said" }, 0);
  refs.note({ ref: "REFIDX_ming", messageId: "ming", own: false, sender: ming, text: "what ming said" }, 0);
});

/** A message that quotes, as the platform told of it. */
function quoting(quoted: Partial<QuotedMessage>, chat = group): InboundMessage {
  const message = { id: "m", chat, sender: { id: "S" }, text: "?", at: 0, mentionsBot: false, attachments: [] };
  return { ...message, quoted: { text: "", fromBot: false, attachments: [], ...quoted } };
}

/** How the agent is shown what the message quotes. */
function shown(message: InboundMessage) {
  const { quoted } = withQuoted(message, fake.running);
  return quoted && quotedContext(quoted, []);
}

/** Whether the bot itself has written what the message quotes. */
function fromBot(message: InboundMessage): boolean | undefined {
  return withQuoted(message, fake.running).quoted?.fromBot;
}

describe("F5: what a message quotes", () => {
  test("is told from our own books where the platform repeats nothing", () => {
    expect(shown(quoting({ index: "REFIDX_own" }))).toMatchObject({
      id: "own",
      body: "what the bot said",
      sender: "you (this bot)",
    });
    expect(shown(quoting({ index: "REFIDX_ming" }))).toMatchObject({
      id: "ming",
      body: "what ming said",
      sender: "ming (01234567, group admin)",
    });
  });

  test("is told as the platform repeats it where we have no record", () => {
    const told = shown(quoting({ index: "REFIDX_x", text: "before our time", sender: { id: "X".repeat(32) } }));
    expect(told).toEqual({ id: "REFIDX_x", body: "before our time", media: [], sender: "XXXXXXXX" });
    expect(shown(quoting({ index: "REFIDX_x", text: "?" }))).not.toHaveProperty("sender");
  });

  test("is the bot's own when our books say so; of a stranger's bot in a group they say nothing", () => {
    expect(fromBot(quoting({ index: "REFIDX_own" }))).toBe(true);
    expect(fromBot(quoting({ index: "REFIDX_ming", fromBot: true }))).toBe(false);
    expect(fromBot(quoting({ index: "REFIDX_x", fromBot: true }))).toBe(false);
    expect(fromBot(quoting({ index: "REFIDX_x", fromBot: true }, person))).toBe(true);
  });
});

test("E2: on a personal account the number of a message of another chat is neither told nor quoted, the bot's own too", () => {
  const { running } = openFakePersonal();
  running.refs.note({ ref: "7", messageId: "7", own: true, text: "canary", chat: "group:OTHER" }, 0);
  running.refs.note({ ref: "8", messageId: "8", own: true, text: "mine", chat: "group:G" }, 0);
  const quotedAs = (index: string) => withQuoted(quoting({ index }), running).quoted;
  expect(quotedAs("7")).toMatchObject({ text: "", fromBot: false });
  expect(quotedAs("8")).toMatchObject({ text: "mine", fromBot: true });
  expect(["7", "8", "9"].map((id) => quoteRef(id, group, running))).toEqual([undefined, "8", "9"]);
});

describe("F5: an answer quotes a message", () => {
  test.each([
    ["by its id", "ming", "REFIDX_ming"],
    ["whose turn was begun again", "ming#again#again", "REFIDX_ming"],
    ["by the index that the agent was shown", "REFIDX_x", "REFIDX_x"],
    ["that nobody knows: not at all", "ROBOT1.0_x", undefined],
  ])("%s", (_how, id, ref) => {
    expect(quoteRef(id, group, fake.running)).toBe(ref);
  });
});
