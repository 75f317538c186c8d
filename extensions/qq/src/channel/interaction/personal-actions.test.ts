import { beforeEach, describe, expect, test } from "vitest";
import type { InboundMessage } from "../../message/inbound.ts";
import { RECORD_HEADING } from "../../message/record-text.ts";
import { FAKE_NOW } from "../../transport/testing/fake-clock.ts";
import { RunningAccounts } from "../running.ts";
import { openFakePersonal, type FakePersonal } from "../testing/fake-personal.ts";
import { messageActions, type Call } from "./actions.ts";

let fake: FakePersonal;
let actions: ReturnType<typeof messageActions>;
const SELF = "10001";
const chat = "group:30001";

beforeEach(() => {
  const sender = { id: "20002", name: "Bob" };
  const written = { text: "hello", at: FAKE_NOW, mentionsBot: false, attachments: [] };
  const message = (id: string, from: InboundMessage["sender"], groupId = "30001"): [string, InboundMessage] => [
    id,
    { id, chat: { kind: "group", groupId }, sender: from, ...written },
  ];
  const messages = new Map([
    message("7", sender),
    message("8", { id: "20003" }),
    message("20", { id: SELF }),
    message("21", { id: SELF }, "30002"),
    [
      "22",
      { id: "22", chat: { kind: "group", groupId: "30001" }, sender, ...written, text: RECORD_HEADING, records: ["r"] },
    ],
  ]);
  fake = openFakePersonal(4000, {
    readMessage: async (id) => messages.get(id),
    readForward: async () => [{ id: "", chat: { kind: "c2c", userId: "20004" }, sender, ...written, text: "recorded" }],
  });
  fake.running.refs.note({ ref: "7", messageId: "7", own: false, sender, text: "hello", chat }, 0);
  fake.running.refs.note({ ref: "1001", messageId: "1001", own: true, text: "mine", chat }, 0);
  const accounts = new RunningAccounts();
  accounts.add(fake.running);
  accounts.recognise("default", SELF);
  actions = messageActions(accounts);
});

const act = async (action: Call["action"], params: Call["params"], toolContext?: Call["toolContext"]) =>
  actions.handleAction?.({
    channel: "qq",
    action,
    cfg: {},
    params,
    accountId: "default",
    ...(toolContext && { toolContext }),
  });

describe("F12: on a personal account the message tool", () => {
  test("can take back, react and read, and no more", () => {
    const { actions: offered } =
      actions.describeMessageTool({ cfg: {}, accountId: "default", chatType: "direct" }) ?? {};
    expect(offered).toEqual(["send", "unsend", "delete", "react", "read"]);
  });

  test("reacts in groups, to the message at hand unless another is named", async () => {
    const here = { currentChannelId: "qq:group:30001", currentMessageId: "7" };
    await act("react", { emoji: "👍" }, here);
    await act("react", { emoji: "👍", messageId: "8", remove: true }, here);
    expect(fake.calls).toEqual(["react 👍 on 7 group:30001", "react 👍 off 8 group:30001"]);
    await expect(act("react", { emoji: "👍", messageId: "7", to: "c2c:20002" })).rejects.toThrow(/groups only/);
  });

  test("nudges whoever wrote a message, and likes their profile", async () => {
    await act("react", { emoji: "poke", messageId: "7", to: "group:30001" });
    await act("react", { emoji: "名片赞", messageId: "7", to: "group:30001" });
    await act("react", { emoji: "戳一戳", messageId: "9", to: "c2c:20003" });
    expect(fake.calls).toEqual(["poke 20002 group:30001", "like 20002 1", "poke 20003 c2c:20003"]);
    await act("react", { emoji: "poke", messageId: "8", to: chat });
    expect(fake.calls.at(-1)).toBe("poke 20003 group:30001");
    await expect(act("react", { emoji: "poke", messageId: "9", to: chat })).rejects.toThrow(/no such message/);
    await expect(act("react", { emoji: "poke", messageId: "1001", to: chat })).rejects.toThrow(/bot's own/);
  });

  test("takes back what the bot said by our books or by QQ, and nothing of others", async () => {
    await act("unsend", { messageId: "1001", to: chat });
    await act("unsend", { messageId: "20", to: chat });
    const calls = ["recall 1001 group:30001", "recall 20 group:30001"];
    expect(fake.calls).toEqual(calls);
    for (const messageId of ["7", "8"]) {
      await expect(act("delete", { messageId, to: chat })).rejects.toThrow(/not the bot's own/);
    }
    expect(fake.calls).toEqual(calls);
  });

  test("E2: takes back, reacts and nudges in the chat that is named only, whatever number is", async () => {
    const elsewhere = { to: "group:30003" };
    for (const messageId of ["1001", "7", "20", "21", "999"]) {
      await expect(act("unsend", { messageId, ...elsewhere })).rejects.toThrow(/no such message in this chat/);
      for (const emoji of ["👍", "poke", "profile-like"]) {
        await expect(act("react", { emoji, messageId, ...elsewhere })).rejects.toThrow(/no such message in this chat/);
      }
    }
    await expect(act("unsend", { messageId: "21", to: chat })).rejects.toThrow(/no such message in this chat/);
    expect(fake.calls).toEqual([]);
  });

  test("reads what a chat record says", async () => {
    expect(JSON.stringify(await act("read", { messageId: "22", to: chat }))).toContain("recorded");
  });

  test("E2: reads a message of the chat that is named, and none of another", async () => {
    const read = await act("read", { messageId: "7", to: "group:30001" });
    expect(JSON.stringify(read)).toContain("Bob (20002)");
    expect(JSON.stringify(read)).toContain("hello");
    await expect(act("read", { messageId: "7", to: "group:30002" })).rejects.toThrow(/no such message in this chat/);
    await expect(act("read", { messageId: "9", to: "group:30001" })).rejects.toThrow(/no such message in this chat/);
  });
});
