import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFakeOneBotCalls, refused, type FakeOneBotCalls } from "../testing/fake-onebot-calls.ts";
import { createMessageCalls } from "./message-calls.ts";

const group = { kind: "group", groupId: "30001" } as const;
const person = { kind: "c2c", userId: "20001" } as const;
const request = { flag: "f1", userId: "20009", comment: "hi", at: 0 } as const;

let calls: FakeOneBotCalls;
let about: ReturnType<typeof createMessageCalls>;
beforeEach(() => {
  calls = createFakeOneBotCalls(createFakeClock());
  about = createMessageCalls(calls);
});
afterEach(() => calls.verify());
const made = () => calls.seen.map(({ action, params }) => [action, params]);

describe("F12: what can be done beside sending", () => {
  test("is typing, recall, poke, like", async () => {
    for (const action of ["set_input_status", "delete_msg", "group_poke", "friend_poke", "send_like"] as const) {
      calls.on(action, { data: undefined });
    }
    await about.typing("20001");
    await about.recall("-812450734");
    await about.poke(group, "20001");
    await about.poke(person, "20001");
    await about.like("20001", 10);
    expect(made()).toEqual([
      ["set_input_status", { user_id: 20001, event_type: 1 }],
      ["delete_msg", { message_id: -812450734 }],
      ["group_poke", { group_id: 30001, user_id: 20001 }],
      ["friend_poke", { user_id: 20001 }],
      ["send_like", { user_id: 20001, times: 10 }],
    ]);
  });

  test.each([
    ["👍", "128077"],
    ["❤️", "10084"],
    ["76", "76"],
    ["128077", "128077"],
  ])("reacts with %s as %s, and takes it away", async (emoji, id) => {
    calls.always("set_msg_emoji_like", { data: { result: 0 } });
    await about.react(group, "5", emoji, true);
    await about.react(group, "5", emoji, false);
    expect(calls.seen.map(({ params }) => params)).toEqual([
      { message_id: 5, emoji_id: id, set: true },
      { message_id: 5, emoji_id: id, set: false },
    ]);
  });

  test("reacts in groups only, and with one emoji only", async () => {
    await expect(about.react(person, "5", "👍", true)).rejects.toMatchObject({ code: "QQ_PROTOCOL" });
    await expect(about.react(group, "5", "👍👍", true)).rejects.toMatchObject({ code: "QQ_PROTOCOL" });
    await expect(about.react(group, "5", "ok", true)).rejects.toMatchObject({ code: "QQ_PROTOCOL" });
  });

  test("decides about friends, members and invitations", async () => {
    calls.always("set_friend_add_request", { data: undefined });
    calls.always("set_group_add_request", { data: null });
    await about.decide({ what: "friend", ...request }, true);
    await about.decide({ what: "join", groupId: "30001", ...request }, false);
    await about.decide({ what: "invite", groupId: "30001", ...request }, true);
    expect(made()).toEqual([
      ["set_friend_add_request", { flag: "f1", approve: true }],
      ["set_group_add_request", { flag: "f1", sub_type: "add", approve: false }],
      ["set_group_add_request", { flag: "f1", sub_type: "invite", approve: true }],
    ]);
  });
});

describe("F12: reading", () => {
  const message = {
    message_id: 7,
    self_id: 10001,
    user_id: 20001,
    time: 1_795_322_246,
    message_type: "group",
    group_id: 30001,
    sender: { user_id: 20001, nickname: "Alice", card: "" },
    message: [{ type: "text", data: { text: "hi" } }],
  };

  test("a message by its id", async () => {
    calls.on("get_msg", { data: message });
    expect(await about.readMessage("7")).toMatchObject({ id: "7", text: "hi", sender: { id: "20001", name: "Alice" } });
    expect(calls.seen[0]).toMatchObject({ params: { message_id: 7 }, timeoutMs: 30_000 });
  });

  test("one that QQ has no more is none; a failure is a failure", async () => {
    calls.on("get_msg", refused("target"), refused("offline"));
    expect(await about.readMessage("7")).toBeUndefined();
    await expect(about.readMessage("7")).rejects.toMatchObject({ kind: "offline" });
  });

  test("the messages of a chat record, and no more than 200", async () => {
    calls.on("get_forward_msg", { data: { messages: Array.from({ length: 300 }, () => message) } });
    const read = await about.readForward("7600000000000000001");
    expect(read).toHaveLength(200);
    expect(read[0]).toMatchObject({ text: "hi" });
    expect(calls.seen[0]?.params).toEqual({ id: "7600000000000000001", message_id: "7600000000000000001" });
  });
});
