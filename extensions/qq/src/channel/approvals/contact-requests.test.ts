import { beforeEach, describe, expect, test } from "vitest";
import type { ContactRequest, InboundMessage } from "../../message/inbound.ts";
import { refusal } from "../testing/fake-account.ts";
import { openFakePersonal, wordsOf, type FakePersonal } from "../testing/fake-personal.ts";
import { askOwners } from "./contact-requests.ts";
import { approversOf, ownersOf } from "./approvers.ts";
import { answerOwner } from "./owner-command.ts";

const OWNER = "20001";

let fake: FakePersonal;
beforeEach(() => {
  fake = openFakePersonal(4000);
  fake.cfg = {
    commands: { ownerAllowFrom: [`qq:${OWNER}`, "telegram:1"] },
    channels: { qq: { transport: "onebot", allowFrom: ["20009"] } },
  };
});

const friend: ContactRequest = { what: "friend", flag: "f1", userId: "20011", comment: "hi,\nlet me in", at: 0 };
const invite: ContactRequest = { what: "invite", flag: "g1", userId: "20012", groupId: "30001", comment: "", at: 0 };

/** A configuration that names these for direct messages, and no owner. */
const listing = (...allowFrom: string[]) => ({ channels: { qq: { transport: "onebot", allowFrom } } });

const say = (text: string, from = OWNER, chat: InboundMessage["chat"] = { kind: "c2c", userId: from }) => {
  const message = { id: "m", chat, sender: { id: from }, text, at: 0, mentionsBot: true, attachments: [] };
  return answerOwner(message, fake.running);
};
const said = () => fake.shown.map(({ chat, message }) => `${chat} ${wordsOf(message)}`);
const lastSaid = () => said().at(-1);

describe("C5: a request of a friend or a group", () => {
  test("is shown to the owners with what to write, again under its number when it is taken again, and decided by nobody else", async () => {
    await askOwners(friend, fake.running);
    await askOwners(friend, fake.running);
    await askOwners(invite, fake.running);
    expect(fake.calls).toEqual([]);
    expect(said()).toEqual([
      "c2c:20001 Request 1: 20011 wants to be a friend of this account. They write: “hi, let me in”\nWrite /qq approve 1 or /qq deny 1.",
      "c2c:20001 Request 1: 20011 wants to be a friend of this account. They write: “hi, let me in”\nWrite /qq approve 1 or /qq deny 1.",
      "c2c:20001 Request 2: 20012 invites this account to the group 30001.\nWrite /qq approve 2 or /qq deny 2.",
    ]);
  });

  test("goes to the one of allowFrom where no owner is named, never to everybody; else it waits with a line", async () => {
    fake.cfg = listing("20009", "*", "0123456789ABCDEF0123456789ABCDEF");
    await askOwners(friend, fake.running);
    expect(fake.shown.map(({ chat }) => chat)).toEqual(["c2c:20009"]);
    for (const cfg of [listing("20009", "20010"), listing("*"), {}]) {
      fake.cfg = cfg;
      await askOwners({ ...invite, flag: JSON.stringify(cfg) }, fake.running);
    }
    expect(fake.shown).toHaveLength(1);
    expect(fake.lines.filter((line) => line.includes("nobody to ask"))).toHaveLength(3);
  });

  test.each([
    ["20005", []],
    ["user:20005", []],
    ["20009", ["20009"]],
    ["qq:20005", ["20005"]],
    ["QQBot:20005", ["20005"]],
    ["QQ:user:20005", ["20005"]],
  ])("D6: `%s` among the owners of all channels means %j", (entry, owners) => {
    const cfg = { commands: { ownerAllowFrom: [entry] }, channels: { qq: { transport: "onebot", allowFrom: [] } } };
    const listed = { ...cfg, channels: { qq: { transport: "onebot", allowFrom: ["20009", "20010"] } } };
    expect(ownersOf(listed, "default")).toEqual(owners);
    expect(approversOf(cfg, "default")).toEqual(owners.filter((id) => id === "20005"));
  });

  test.each([
    ["approve", ["decide f1 true"]],
    ["ignore", []],
  ] as const)("is settled without anybody where `friendRequests` is %s", async (friendRequests, calls) => {
    fake.config = { friendRequests };
    await askOwners(friend, fake.running);
    await askOwners(friend, fake.running);
    expect(fake.calls).toEqual(calls);
    expect(fake.shown).toEqual([]);
  });

  test("D6: is decided by an owner, in words of either language; a second decision hears that it is over", async () => {
    await askOwners(friend, fake.running);
    await askOwners(invite, fake.running);
    expect(await say("/qq approve 1")).toBe(true);
    expect(lastSaid()).toBe("c2c:20001 Request 1 is approved.");
    await say("拒绝 2");
    expect(lastSaid()).toBe("c2c:20001 Request 2 is denied.");
    await say("/QQ deny 1");
    expect(lastSaid()).toContain("is over");
    const heard = fake.shown.length;
    expect(await say("同意 1")).toBe(false);
    expect(await say("拒绝 2")).toBe(false);
    expect(fake.shown).toHaveLength(heard);
    await say("/qq approve 9");
    expect(lastSaid()).toContain("There is no request 9");
    expect(fake.calls).toEqual(["decide f1 true", "decide g1 false"]);
  });

  test("D6: is not decided by others, nor in a group, nor by anything else that somebody writes", async () => {
    await askOwners(friend, fake.running);
    expect(await say("/qq approve 1", "20002")).toBe(true);
    expect(lastSaid()).toContain("c2c:20002 Only an owner decides this");
    expect(await say("/qq approve 1", OWNER, { kind: "group", groupId: "30001" })).toBe(false);
    for (const text of ["approve 1", "同意 7", "同意", "/qqq approve 1", "please /qq approve 1"]) {
      expect(await say(text)).toBe(false);
    }
    // An answer would tell which requests there are.
    expect([await say("同意 1", "20002"), await say("拒绝 1", "20002")]).toEqual([false, false]);
    expect(said().filter((line) => line.startsWith("c2c:20002"))).toHaveLength(1);
    expect(fake.calls).toEqual([]);
  });

  test("that QQ knows no more is over; one that did not reach QQ stays open and says why", async () => {
    await askOwners(friend, fake.running);
    fake.refuses = () => refusal("offline");
    await say("/qq approve 1");
    expect(lastSaid()).toMatch(/still open: the QQ account is not logged in/);
    await say("/qq requests");
    expect(lastSaid()).toContain("Request 1: 20011 wants");
    fake.refuses = () => refusal("target");
    await say("/qq approve 1");
    expect(lastSaid()).toContain("is over");
    await say("/qq requests");
    expect(lastSaid()).toContain("No requests are open.");
  });
});
