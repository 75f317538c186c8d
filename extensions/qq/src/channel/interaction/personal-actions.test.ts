import { beforeEach, describe, expect, test } from "vitest";
import type { InboundMessage } from "../../message/inbound.ts";
import { FAKE_NOW } from "../../transport/testing/fake-clock.ts";
import { RunningAccounts } from "../running.ts";
import { openFakePersonal, type FakePersonal } from "../testing/fake-personal.ts";
import { messageActions, type Call } from "./actions.ts";

let fake: FakePersonal;
let actions: ReturnType<typeof messageActions>;
beforeEach(() => {
  const sender = { id: "20002", name: "Bob" };
  const written = { text: "hello", at: FAKE_NOW, mentionsBot: false, attachments: [] };
  const message: InboundMessage = { id: "7", chat: { kind: "group", groupId: "30001" }, sender, ...written };
  fake = openFakePersonal(4000, { readMessage: async (id) => (id === "7" ? message : undefined) });
  fake.running.refs.note({ ref: "7", messageId: "7", own: false, sender, text: "hello" }, 0);
  const accounts = new RunningAccounts();
  accounts.add(fake.running);
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
    await expect(act("react", { emoji: "poke", messageId: "9", to: "group:30001" })).rejects.toThrow(/nobody knows/);
  });

  test("takes back what the bot said, and nothing of others", async () => {
    await act("unsend", { messageId: "1001", to: "group:30001" });
    expect(fake.calls).toEqual(["recall 1001 group:30001"]);
    await expect(act("delete", { messageId: "7", to: "group:30001" })).rejects.toThrow(/not the bot's own/);
  });

  test("E2: reads a message of the chat that is named, and none of another", async () => {
    const read = await act("read", { messageId: "7", to: "group:30001" });
    expect(JSON.stringify(read)).toContain("Bob (20002)");
    expect(JSON.stringify(read)).toContain("hello");
    await expect(act("read", { messageId: "7", to: "group:30002" })).rejects.toThrow(/no such message in this chat/);
    await expect(act("read", { messageId: "8", to: "group:30001" })).rejects.toThrow(/no such message in this chat/);
  });
});
