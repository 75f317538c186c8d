import { beforeEach, describe, expect, test } from "vitest";
import type { ChatChange } from "../../message/inbound.ts";
import type { Target } from "../../message/target.ts";
import { noteAudit, noteChatChange } from "./chat-events.ts";
import { openFakeAccount, type FakeAccount } from "../testing/fake-account.ts";

const group: Target = { kind: "group", groupId: "G" };

let fake: FakeAccount;
beforeEach(() => (fake = openFakeAccount()));

const happened = (what: ChatChange["what"], eventId?: string): void => {
  void noteChatChange(
    { chat: group, what, at: fake.clock.now(), ...(eventId !== undefined && { eventId }) },
    fake.running,
  );
};
const bar = () => fake.running.chats.proactiveBar("group:G", fake.clock.now());

describe("C3: what happened to a chat", () => {
  test("a group that the bot was taken out of is closed until it is put in again", () => {
    happened("closed");
    expect(fake.running.chats.isClosed("group:G")).toBe(true);
    happened("opened", "GROUP_ADD_ROBOT:x");
    expect(bar()).toBeUndefined();
  });

  test("F2: the switch for messages that answer nothing is kept", () => {
    happened("proactive-off");
    expect(bar()).toBe("switched-off");
    happened("proactive-on");
    expect(bar()).toBeUndefined();
  });

  test("F2: a first message may be tied to the event, and to a repetition of it no more than that", () => {
    happened("opened", "GROUP_ADD_ROBOT:x");
    happened("opened", "GROUP_ADD_ROBOT:x");
    const claim = () => fake.running.replies.claim({ target: "group:G" }, fake.clock.now());
    expect(claim()).toEqual({ eventId: "GROUP_ADD_ROBOT:x", msgSeq: 1 });
    expect(fake.running.replies.left("group:G", fake.clock.now())).toBe(4);
  });

  test("nothing is tied to an event that QQ does not take for that", () => {
    happened("closed");
    expect(fake.running.replies.left("group:G", fake.clock.now())).toBe(0);
  });
});

describe("F9: the end of a review", () => {
  test.each([
    [true, "message passed review chat=channel:C audit=A"],
    [false, "message refused in review chat=channel:C audit=A"],
  ])("is told once, with its chat (passed: %j)", (passed, line) => {
    fake.running.audits.begin("A", "channel:C", fake.clock.now());
    noteAudit({ auditId: "A", passed }, fake.running);
    expect(fake.lines.join("\n")).toContain(line);
    expect(fake.running.audits.end("A")).toBeUndefined();
  });
});
