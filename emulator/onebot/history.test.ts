import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dm, GROUP, group, LIN, openStage, UIN, type Frame, type RawClient, type Stage } from "./testing/raw-client.ts";

let stage: Stage;
let client: RawClient;
beforeEach(async () => {
  stage = await openStage();
  client = stage.connect("/api");
});
afterEach(() => stage.emulator.close());

const texts = (answer: Frame): unknown[] =>
  (answer["data"] as { messages: Frame[] }).messages.map((message) => message["raw_message"]);
const ask = (params: object = {}) => client.call("get_group_msg_history", { group_id: GROUP, ...params });
/** Says 一 to 五 and answers their numbers. */
const sayFive = async (): Promise<number[]> => {
  for (const text of ["一", "二", "三", "四", "五"]) await stage.say(text);
  return ((await ask())["data"] as { messages: { message_id: number }[] }).messages.map(
    (message) => message.message_id,
  );
};

describe("the history of a chat", () => {
  test.each([
    ["without an anchor", () => ({ count: 3 }), ["三", "四", "五"]],
    [
      "with an empty anchor, where the order has no effect",
      () => ({ count: 2, message_seq: "", reverse_order: true }),
      ["四", "五"],
    ],
    ["with anchor 0", () => ({ count: 2, message_seq: 0 }), ["四", "五"]],
    ["from an anchor on, which is part of it", (ids: number[]) => ({ count: 2, message_seq: ids[1] }), ["二", "三"]],
    ["with an anchor as text", (ids: number[]) => ({ message_seq: String(ids[3]) }), ["四", "五"]],
    ["up to an anchor", (ids: number[]) => ({ count: 2, message_seq: ids[3], reverse_order: true }), ["三", "四"]],
    [
      "by the old name of the order",
      (ids: number[]) => ({ count: 2, message_seq: ids[1], reverseOrder: true }),
      ["一", "二"],
    ],
  ])("is told oldest first: %s", async (_, params, expected) => {
    expect(texts(await ask(params(await sayFive())))).toEqual(expected);
  });

  test("takes QQ's own 19 digits for an anchor", async () => {
    await sayFive();
    const { data } = await client.call("get_recent_contact");
    const [{ msgId }] = data as [{ msgId: string }];
    expect(msgId).toMatch(/^\d{19}$/);
    expect(texts(await ask({ message_seq: msgId }))).toEqual(["五"]);
  });

  test("fails without messages and from an anchor that is unknown or of another chat", async () => {
    expect(await ask()).toMatchObject({ message: "消息undefined不存在", retcode: 1200 });
    const [first] = await sayFive();
    expect(await ask({ message_seq: 7 })).toMatchObject({ message: "消息7不存在" });
    await stage.say("私", { chat: dm });
    const other = await client.call("get_friend_msg_history", { user_id: LIN, message_seq: first });
    expect(other).toMatchObject({ message: `消息${first}不存在` });
  });

  test("has own messages as message_sent, and what was taken back without content", async () => {
    const id = await stage.say("撤");
    await client.call("send_group_msg", { group_id: GROUP, message: "我" });
    await stage.emulator.control.call("unsay", { chat: group, message: id });
    expect((await ask())["data"]).toMatchObject({
      messages: [
        { post_type: "message", message: [], raw_message: "" },
        { post_type: "message_sent", raw_message: "我", user_id: Number(UIN) },
      ],
    });
  });

  test("lets messages be found again that the NapCat had forgotten", async () => {
    const [first] = await sayFive();
    await stage.trouble({ what: "restart" });
    client = stage.connect("/api");
    expect(await client.call("get_msg", { message_id: first })).toMatchObject({ message: "消息不存在" });
    await ask();
    expect(await client.call("get_msg", { message_id: first })).toMatchObject({ data: { raw_message: "一" } });
  });

  test("of a stranger is that of the temporary session", async () => {
    const chat = { kind: "dm", person: "20003", bot: UIN } as const;
    await stage.say("平常", { person: "20003", chat });
    await stage.say("临时", { person: "20003", chat, via: GROUP });
    expect(texts(await client.call("get_friend_msg_history", { user_id: "20003" }))).toEqual(["临时"]);
  });
});

test("recent contacts are told newest first, with times as text", async () => {
  await stage.say("群里");
  stage.clock.advance(1000);
  await stage.say("私下", { chat: dm });
  const { data } = await client.call("get_recent_contact", { count: 10 });
  expect(data).toEqual([
    {
      lastestMsg: expect.objectContaining({ raw_message: "私下" }),
      peerUin: LIN,
      remark: "",
      msgTime: String(Math.floor(stage.clock.now() / 1000)),
      chatType: 1,
      msgId: expect.stringMatching(/^\d{19}$/),
      sendNickName: "小林",
      sendMemberName: "",
      peerName: "小林",
    },
    expect.objectContaining({ peerUin: GROUP, chatType: 2, peerName: "测试群" }),
  ]);
  expect((await client.call("get_recent_contact", { count: 1 }))["data"]).toHaveLength(1);
});

describe("contacts", () => {
  test("are friends, groups and members, with what each has", async () => {
    await stage.emulator.control.call("card", { group: GROUP, who: LIN, card: "林" });
    expect((await client.call("get_friend_list"))["data"]).toHaveLength(2);
    expect((await client.call("get_group_list"))["data"]).toEqual([
      {
        group_all_shut: 0,
        group_remark: "",
        group_id: Number(GROUP),
        group_name: "测试群",
        member_count: 4,
        max_member_count: 200,
      },
    ]);
    expect((await client.call("get_group_member_list", { group_id: GROUP }))["data"]).toHaveLength(4);
    expect((await client.call("get_group_member_info", { group_id: GROUP, user_id: LIN }))["data"]).toMatchObject({
      user_id: Number(LIN),
      nickname: "小林",
      card: "林",
      role: "owner",
      level: "1",
      shut_up_timestamp: 0,
    });
  });

  test.each([
    ["get_group_member_info", { group_id: GROUP, user_id: "99999" }, /^Uin2Uid Error: /],
    ["get_group_member_list", { group_id: "1" }, /不存在$/],
    ["get_group_info", { group_id: "1" }, /^Timeout: NTEvent .*getGroupDetailInfo/],
  ])("that are not there: %s", async (action, params, text) => {
    expect((await client.call(action, params))["message"]).toMatch(text);
  });

  test("who have left the group are said to be no members of it", async () => {
    await stage.emulator.control.call("member", { group: GROUP, person: LIN, joined: false });
    const answer = await client.call("get_group_member_info", { group_id: GROUP, user_id: LIN });
    expect(answer["message"]).toBe(`群(${GROUP})成员${LIN}不存在`);
  });
});

describe("what the account does to others", () => {
  test("in a group it must be an admin for", async () => {
    const mute = { group_id: GROUP, user_id: "20003", duration: 60 };
    expect(await client.call("set_group_ban", mute)).toMatchObject({ message: "ERR_NOT_GROUP_ADMIN" });
    await stage.emulator.control.call("admin", { group: GROUP, who: UIN, admin: true });
    const events = await stage.online();
    expect(await client.call("set_group_ban", mute)).toMatchObject({ retcode: 0, data: null });
    expect(await events.next()).toMatchObject({
      notice_type: "group_ban",
      user_id: 20003,
      operator_id: Number(UIN),
      duration: 60,
    });
    expect(await client.call("set_group_ban", { ...mute, user_id: LIN })).toMatchObject({
      message: "cannot ban owner",
    });
    expect(await client.call("set_group_ban", { ...mute, user_id: "9" })).toMatchObject({
      message: "user not in group",
    });
    expect((await client.call("get_group_shut_list", { group_id: GROUP }))["data"]).toMatchObject([{ user_id: 20003 }]);
    await client.call("set_group_kick", { group_id: GROUP, user_id: "20003" });
    expect(await events.next()).toMatchObject({ notice_type: "group_decrease", sub_type: "kick", user_id: 20003 });
    await client.call("set_group_leave", { group_id: GROUP });
    expect(await events.next()).toMatchObject({
      notice_type: "group_decrease",
      sub_type: "leave",
      user_id: Number(UIN),
    });
  });

  test("typing is seen in private", async () => {
    const typed = stage.emulator.waitFor("typing", (event) => (event.event === "typing" ? event.data : undefined));
    expect(await client.call("set_input_status", { user_id: LIN, event_type: "1" })).toMatchObject({
      data: { result: 0, errMsg: "" },
    });
    expect(await typed).toMatchObject({ chat: dm, bot: UIN, seconds: 5 });
  });

  test("a nudge is a grey line, and needs the packet backend", async () => {
    await client.call("group_poke", { group_id: GROUP, user_id: LIN });
    expect(stage.emulator.world.messages(group)).toMatchObject([
      { from: { kind: "system" }, text: "小助手 戳了戳 小林" },
    ]);
    await stage.emulator.control.call("napcat", { account: UIN, settings: { packetBackend: false } });
    expect(await client.call("send_poke", { user_id: LIN })).toMatchObject({
      retcode: 1400,
      message: expect.stringMatching(/^packetBackend不可用/),
    });
  });

  test("a reaction can be set and taken back", async () => {
    const id = await stage.say("好");
    await ask();
    const [{ message_id }] = ((await ask())["data"] as { messages: [{ message_id: number }] }).messages;
    const like = { message_id, emoji_id: 76 };
    expect(await client.call("set_msg_emoji_like", like)).toMatchObject({ data: { result: 0, errMsg: "" } });
    expect(stage.emulator.world.transcript.find(group, id)?.message.reactions).toEqual([
      { type: 1, id: "76", from: UIN },
    ]);
    await client.call("set_msg_emoji_like", { ...like, set: "false" });
    expect(stage.emulator.world.transcript.find(group, id)?.message.reactions).toBeUndefined();
    expect(await client.call("set_msg_emoji_like", { message_id: 1, emoji_id: 76 })).toMatchObject({
      message: "msg not found",
    });
  });

  test.each([
    "bot_exit",
    "set_restart",
    "get_cookies",
    "get_credentials",
    "get_csrf_token",
    "get_clientkey",
    "get_rkey",
  ])("%s it never does", async (action) => {
    expect(await client.call(action)).toMatchObject({ status: "failed", retcode: 1200 });
    expect(await client.call("get_status")).toMatchObject({ data: { online: true } });
  });
});
