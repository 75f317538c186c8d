import { NCWebsocket } from "node-napcat-ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import { accountSeed, dm, GROUP, group, LIN, UIN } from "../../emulator/onebot/testing/raw-client.ts";

// node-napcat-ts 0.4.25: a client of NapCat's that other people have written.
let emulator: Emulator;
let client: NCWebsocket;
beforeEach(async () => {
  emulator = await createEmulator({ seed: accountSeed({ token: "secret" }) });
  client = new NCWebsocket({
    baseUrl: emulator.napcat(UIN).wsUrl,
    accessToken: "secret",
    reconnection: { enable: false },
  });
});
afterEach(async () => {
  await client.disconnect();
  await emulator.close();
});

/** What is used of its events; their own types are a union that the compiler gives up on. */
interface Heard {
  readonly message_id: number;
  quick_action(...answer: unknown[]): Promise<unknown>;
}
interface Listening {
  once(name: string, listener: (event: Heard) => void): void;
}

/** The next of its events of a kind. */
const next = (name: string): Promise<Heard> =>
  new Promise((resolve) => {
    (client as Listening).once(name, resolve);
  });

test("an independent client connects, hears, answers with a quote and reads the history", async () => {
  const lifecycle = next("meta_event.lifecycle.connect");
  await client.connect();
  expect(await lifecycle).toMatchObject({ self_id: Number(UIN) });
  expect(await client.get_login_info()).toEqual({ user_id: Number(UIN), nickname: "小助手" });
  expect(await client.get_version_info()).toMatchObject({ app_name: "NapCat.Onebot", app_version: "4.18.19" });

  const heard = next("message.group.normal");
  const { id } = await emulator.control.call("say", { person: LIN, chat: group, text: "你好", mention: [UIN] });
  const event = await heard;
  expect(event).toMatchObject({ group_id: Number(GROUP), user_id: Number(LIN), raw_message: `[CQ:at,qq=${UIN}] 你好` });
  await event.quick_action([{ type: "text", data: { text: "在" } }], true);
  expect(await emulator.waitForReply({ chat: group, after: id })).toMatchObject({ text: "@小林在", quote: { id } });

  const { message_id } = await client.send_private_msg({
    user_id: Number(LIN),
    message: [{ type: "text", data: { text: "私下" } }],
  });
  expect(emulator.world.messages(dm)).toMatchObject([{ text: "私下" }]);
  expect(await client.get_msg({ message_id })).toMatchObject({ raw_message: "私下", user_id: Number(UIN) });
  const { messages } = await client.get_group_msg_history({ group_id: Number(GROUP), count: 10 });
  expect(messages).toMatchObject([{ message_id: event.message_id }, { post_type: "message_sent" }]);
  await client.delete_msg({ message_id });
  expect(emulator.world.messages(dm)).toMatchObject([{ recalled: true }]);
});

test("an independent client hears of nudges, bans and requests, and answers a request", async () => {
  await client.connect();
  const poked = next("notice.notify.poke.group");
  await emulator.control.call("poke", { person: LIN, chat: group, target: UIN });
  expect(await poked).toMatchObject({ user_id: Number(LIN), target_id: Number(UIN) });
  const banned = next("notice.group_ban.ban");
  await emulator.control.call("ban", { group: GROUP, who: UIN, seconds: 60 });
  expect(await banned).toMatchObject({ duration: 60, operator_id: Number(LIN) });
  const asked = next("request.friend");
  await emulator.control.call("request", { account: UIN, person: "20003", kind: "friend", comment: "我是路人" });
  const request = await asked;
  const befriended = next("notice.friend_add");
  await request.quick_action(true);
  expect(await befriended).toMatchObject({ user_id: 20003 });
});

test("an independent client is told that its token is wrong", async () => {
  await client.disconnect();
  client = new NCWebsocket({
    baseUrl: emulator.napcat(UIN).wsUrl,
    accessToken: "nope",
    reconnection: { enable: false },
  });
  const failed = next("socket.error");
  void client.connect();
  expect(await failed).toMatchObject({
    error_type: "response_error",
    info: { message: "token验证失败" },
  });
});
