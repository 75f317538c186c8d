import { beforeEach, describe, expect, test } from "vitest";
import type { OutboundMessage } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { sendApproval, type ApprovalRequest } from "./approval-card.ts";
import { openFakeAccount, person, refusal, shownIn, type FakeAccount } from "../testing/fake-account.ts";
import { openFakePersonal, wordsOf } from "../testing/fake-personal.ts";

const group: Target = { kind: "group", groupId: "G1" };
let fake: FakeAccount;
let request: ApprovalRequest;

beforeEach(() => {
  fake = openFakeAccount(500);
  fake.cfg = { commands: { ownerAllowFrom: ["qq:U1", "qq:M1"] } };
  fake.hear("in-1");
  request = {
    id: "1a2b3c4d-5e6f",
    kind: "exec",
    what: "rm -rf ./build",
    place: "/srv/app",
    decisions: ["allow-once", "allow-always", "deny"],
    expiresAt: fake.clock.now() + 30 * 60_000,
  };
});

const last = (): OutboundMessage => {
  const message = fake.sent.at(-1);
  if (!message) throw new Error("nothing was sent");
  return message;
};
const keyboard = () => (last().content.kind === "markdown" ? last().content : undefined);

describe("a card", () => {
  test("F10: says what would run, where, and for how long it is asked", async () => {
    await sendApproval(request, person, fake.running);
    expect(shownIn(last(), fake)).toBe(
      "**A command needs your approval**\n\n```\nrm -rf ./build\n```\n\nIn: /srv/app\n\nRequest 1a2b3c4d, open for 30 min",
    );
    expect(keyboard()).toMatchObject({
      keyboard: [
        [
          { label: "Allow once", look: "primary", set: request.id },
          { label: "Always", look: "plain", set: request.id },
          { label: "Deny", look: "danger", set: request.id },
        ],
      ],
    });
  });

  test("F10: in a group has buttons for those approvers alone whose ids are members'", async () => {
    fake.hear("in-2", group);
    await sendApproval(request, group, fake.running);
    // U1 has written in a direct message: the id is a user's.
    expect(keyboard()).toMatchObject({ keyboard: [[{ onlyFor: ["M1"] }, { onlyFor: ["M1"] }, { onlyFor: ["M1"] }]] });
  });

  test("F10: cannot be made to look like something else by what would run", async () => {
    await sendApproval({ ...request, what: "echo hi\n```\n**harmless**" }, person, fake.running);
    expect(shownIn(last(), fake)).toContain("````\necho hi\n```\n**harmless**\n````");
    await sendApproval({ ...request, id: "2", what: "x".repeat(5_000) }, person, fake.running);
    expect(shownIn(last(), fake)).toContain(`${"x".repeat(1_500)} …`);
  });

  test("F10: says what to write where buttons are refused", async () => {
    fake.platform = ({ content }) =>
      content.kind === "markdown" && content.keyboard ? refusal("content", 305007) : undefined;
    await sendApproval(request, person, fake.running);
    expect(shownIn(last(), fake)).toContain(
      "To choose, write one of these:\n- Allow once: /approve 1a2b3c4d allow-once\n- Always: /approve 1a2b3c4d allow-always\n- Deny: /approve 1a2b3c4d deny",
    );
  });

  test("F10: says the same where there is no markdown either", async () => {
    fake.config = { nativeMarkdown: false };
    await sendApproval(request, person, fake.running);
    expect(last().content.kind).toBe("text");
    expect(shownIn(last(), fake)).toContain("/approve 1a2b3c4d deny");
  });
});

describe("the reply that a card costs", () => {
  const target = formatTarget(person);

  test("F10: is not the last one while the chat takes a message that answers nothing", async () => {
    for (let used = 0; used < 3; used += 1) fake.running.replies.claim({ target }, fake.clock.now());
    await sendApproval(request, person, fake.running);
    expect(last().anchor).toBeUndefined();
    expect(fake.running.replies.left(target, fake.clock.now())).toBe(1);
  });

  test("F10: is the last one where it takes none: without a decision there is no answer", async () => {
    for (let used = 0; used < 3; used += 1) fake.running.replies.claim({ target }, fake.clock.now());
    fake.platform = ({ anchor }) => (anchor ? undefined : refusal("permission"));
    await sendApproval(request, person, fake.running);
    expect(last().anchor).toEqual({ msgId: "in-1", msgSeq: 4 });
  });

  test("F10: is the same for a request that is asked again after a restart", async () => {
    await sendApproval(request, person, fake.running);
    await sendApproval(request, person, fake.running);
    expect(fake.sent.map(({ anchor }) => anchor)).toEqual([
      { msgId: "in-1", msgSeq: 1 },
      { msgId: "in-1", msgSeq: 1 },
    ]);
  });

  test("F10: nobody is asked where the chat takes nothing at all", async () => {
    fake.platform = () => refusal("permission");
    for (let used = 0; used < 4; used += 1) fake.running.replies.claim({ target }, fake.clock.now());
    expect(await sendApproval(request, person, fake.running)).toBeUndefined();
  });
});

test("F10: on a personal account a card is text, with the words that decide, however many have gone out today", async () => {
  const personal = openFakePersonal(4000);
  personal.cfg = { commands: { ownerAllowFrom: ["qq:20001"] } };
  personal.config = { proactivePerDay: 0 };
  await sendApproval(request, { kind: "c2c", userId: "20001" }, personal.running);
  const said = personal.shown.map(({ message }) => wordsOf(message)).join();
  expect(said).toContain("rm -rf ./build");
  expect(said).toContain("/approve 1a2b3c4d");
  expect(said).not.toContain("**");
  expect(personal.shown[0]?.message.content.kind).toBe("text");
});
