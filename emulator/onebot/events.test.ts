import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ControlCalls } from "../control.ts";
import {
  dm,
  GROUP,
  group,
  LIN,
  MING,
  openStage,
  UIN,
  type Frame,
  type RawClient,
  type Stage,
} from "./testing/raw-client.ts";

let stage: Stage;
let client: RawClient;
beforeEach(async () => {
  stage = await openStage();
  client = await stage.online();
});
afterEach(() => stage.emulator.close());

const control = <Name extends keyof ControlCalls>(name: Name, body: ControlCalls[Name]["body"]) =>
  stage.emulator.control.call(name, body);
const common = (post_type: string) => ({ time: Math.floor(stage.clock.now() / 1000), self_id: Number(UIN), post_type });

describe("a message", () => {
  test("in a group has these fields, in this order, and no others", async () => {
    await control("card", { group: GROUP, who: LIN, card: "小林(卡)" });
    await stage.say("a&b[c],d", { mention: [UIN] });
    await client.next();
    const event = await client.next();
    const id = event["message_id"] as number;
    expect(event).toEqual({
      self_id: Number(UIN),
      user_id: Number(LIN),
      time: common("").time,
      message_id: id,
      message_seq: id,
      real_id: id,
      real_seq: expect.stringMatching(/^\d+$/),
      message_type: "group",
      sender: { user_id: Number(LIN), nickname: "小林", card: "小林(卡)", role: "owner" },
      raw_message: `[CQ:at,qq=${UIN}] a&amp;b&#91;c&#93;,d`,
      font: 14,
      sub_type: "normal",
      message: [
        { type: "at", data: { qq: UIN } },
        { type: "text", data: { text: " a&b[c],d" } },
      ],
      message_format: "array",
      post_type: "message",
      group_id: Number(GROUP),
      group_name: "测试群",
    });
    expect(Object.keys(event).slice(0, 9)).toEqual(
      "self_id user_id time message_id message_seq real_id real_seq message_type sender".split(" "),
    );
  });

  test("of a friend names the friend as target", async () => {
    await stage.say("早", { chat: dm });
    expect(await client.next()).toMatchObject({
      message_type: "private",
      sub_type: "friend",
      user_id: Number(LIN),
      target_id: Number(LIN),
      sender: { user_id: Number(LIN), nickname: "小林", card: "" },
    });
  });

  test("of a temporary session is private, and has a group nevertheless", async () => {
    await control("say", { person: "20003", chat: { ...dm, person: "20003" }, text: "hello", via: GROUP });
    const event = await client.next();
    expect(event).toMatchObject({
      message_type: "private",
      sub_type: "group",
      group_id: Number(GROUP),
      temp_source: 0,
      target_id: 20003,
      sender: { user_id: 20003, nickname: "临时会话", card: "" },
    });
    expect(event).not.toHaveProperty("group_name");
  });

  test("that quotes names the other's number, first of all", async () => {
    const id = await stage.say("问");
    const asked = await client.next();
    await stage.say("答", { quote: id, person: MING });
    expect(await client.next()).toMatchObject({
      message: [
        { type: "reply", data: { id: String(asked["message_id"]) } },
        { type: "text", data: { text: "答" } },
      ],
    });
  });

  test("has a face with what QQ has of it, which CQ strings print as JSON", async () => {
    await stage.say("好", { face: "76" });
    const { message, raw_message: raw } = await client.next();
    expect(message).toContainEqual({
      type: "face",
      data: { id: "76", raw: { faceIndex: 76, faceText: "/赞", faceType: 1 } },
    });
    expect(raw).toBe(`好[CQ:face,id=76,raw={"faceIndex":76&#44;"faceText":"/赞"&#44;"faceType":1}]`);
  });

  test("with a card is JSON, whose prompt can be read", async () => {
    await stage.say("", { card: { title: "标题", desc: "说明", url: "https://example.com" } });
    const { message } = await client.next();
    const [{ type, data }] = message as [{ type: string; data: { data: string } }];
    expect([type, JSON.parse(data.data)]).toMatchObject(["json", { prompt: "[分享] 标题" }]);
  });

  test("is a CQ string where the adapter has it so, in answers of that adapter too, and trimmed only when raw", async () => {
    await control("napcat", { account: UIN, settings: { wsFormat: "string" } });
    client = await stage.online();
    await stage.say(" 早 ", { mention: [] });
    const event = await client.next();
    expect(event).toMatchObject({ message: " 早 ", raw_message: "早", message_format: "string" });
    const { message_id } = event;
    expect(await client.call("get_msg", { message_id })).toMatchObject({ data: { message: " 早 " } });
    expect((await stage.call("get_msg", { message_id })).body).toMatchObject({
      data: { message: [{ type: "text", data: { text: " 早 " } }], message_format: "array" },
    });
  });

  test("has numbers that neither rise nor change", async () => {
    for (const text of ["一", "二", "三", "四", "五"]) await stage.say(text);
    const events: Frame[] = [];
    for (let i = 0; i < 5; i += 1) events.push(await client.next());
    const ids = events.map((event) => event["message_id"] as number);
    const seqs = events.map((event) => Number(event["real_seq"]));
    expect(ids.every((id) => id >= 0 && id < 2 ** 31)).toBe(true);
    expect(ids).not.toEqual(ids.toSorted((a, b) => a - b));
    expect(seqs).toEqual([0, 1, 2, 3, 4].map((step) => (seqs[0] ?? 0) + step));
    await stage.trouble({ what: "restart" });
    client = await stage.online();
    const { data } = await client.call("get_group_msg_history", { group_id: GROUP });
    expect((data as { messages: Frame[] }).messages.map((message) => message["message_id"])).toEqual(ids);
  });

  test("of the account itself comes as message_sent where that is set, after the answer", async () => {
    await control("napcat", { account: UIN, settings: { reportSelfMessage: true } });
    const answer = await client.call("send_group_msg", { group_id: GROUP, message: "ok" });
    const { message_id } = answer["data"] as { message_id: number };
    expect(await client.next()).toMatchObject({
      post_type: "message_sent",
      message_sent_type: "self",
      user_id: Number(UIN),
      target_id: Number(GROUP),
      message_id,
    });
    await control("napcat", { account: UIN, settings: { selfEventFirst: true } });
    client.send({ action: "send_private_msg", params: { user_id: LIN, message: "ok" }, echo: "x" });
    expect(await client.next()).toMatchObject({ post_type: "message_sent", target_id: Number(LIN) });
    expect(await client.next()).toMatchObject({ echo: "x" });
  });

  test("never shows QQ's own ids of people", async () => {
    await stage.say("早", { quote: await stage.say("问") });
    await control("poke", { person: LIN, chat: group, target: UIN });
    const frames = [await client.next(), await client.next(), await client.next()];
    expect(frames.map((frame) => JSON.stringify({ ...frame, raw_info: undefined }))).not.toContainEqual(
      expect.stringContaining("u_"),
    );
    expect(frames[2]).toMatchObject({ raw_info: [{ uid: `u_${LIN}` }, { uid: `u_${UIN}` }] });
  });
});

const g = Number(GROUP);
describe("a notice", () => {
  test.each<[string, () => Promise<unknown>, Frame]>([
    [
      "of a nudge in a group",
      () => control("poke", { person: LIN, chat: group, target: UIN }),
      {
        notice_type: "notify",
        sub_type: "poke",
        target_id: 10001,
        user_id: 20001,
        group_id: g,
        raw_info: expect.anything(),
      },
    ],
    [
      "of a nudge in private",
      () => control("poke", { person: LIN, chat: dm }),
      {
        notice_type: "notify",
        sub_type: "poke",
        target_id: 10001,
        user_id: 20001,
        sender_id: 20001,
        raw_info: expect.anything(),
      },
    ],
    [
      "of typing",
      () => control("typing", { person: LIN, bot: UIN, typing: true }),
      {
        notice_type: "notify",
        sub_type: "input_status",
        status_text: expect.any(String),
        event_type: 1,
        user_id: 20001,
        group_id: 0,
      },
    ],
    [
      "of a ban",
      () => control("ban", { group: GROUP, who: UIN, seconds: 60 }),
      { group_id: g, user_id: 10001, notice_type: "group_ban", operator_id: 20001, duration: 60, sub_type: "ban" },
    ],
    [
      "of a ban's end",
      () => control("ban", { group: GROUP, who: UIN, seconds: 0 }),
      { group_id: g, user_id: 10001, notice_type: "group_ban", operator_id: 20001, duration: 0, sub_type: "lift_ban" },
    ],
    [
      "of a ban of the whole group",
      () => control("mute", { group: GROUP, muted: true }),
      { group_id: g, user_id: 0, notice_type: "group_ban", operator_id: 20001, duration: -1, sub_type: "ban" },
    ],
    [
      "of an admin",
      () => control("admin", { group: GROUP, who: UIN, admin: true }),
      { group_id: g, user_id: 10001, notice_type: "group_admin", sub_type: "set" },
    ],
    [
      "of a title",
      () => control("title", { group: GROUP, who: MING, title: "大神" }),
      { notice_type: "notify", sub_type: "title", group_id: g, user_id: 20002, title: "大神" },
    ],
    [
      "of a group's name",
      () => control("groupName", { group: GROUP, name: "新群", by: LIN }),
      { notice_type: "notify", sub_type: "group_name", group_id: g, user_id: 20001, name_new: "新群" },
    ],
    [
      "of who has left",
      () => control("member", { group: GROUP, person: MING, joined: false }),
      { group_id: g, user_id: 20002, notice_type: "group_decrease", operator_id: 20002, sub_type: "leave" },
    ],
    [
      "of the account's own removal",
      () => control("kick", { group: GROUP, bot: UIN, person: LIN }),
      { group_id: g, user_id: 10001, notice_type: "group_decrease", operator_id: 20001, sub_type: "kick_me" },
    ],
    [
      "of a friend",
      () => control("friend", { person: "20003", bot: UIN, friends: true }),
      { notice_type: "friend_add", user_id: 20003 },
    ],
  ])("%s", async (_, run, fields) => {
    await run();
    expect(await client.next()).toEqual({ ...common("notice"), ...fields });
    await client.call("get_status");
    expect(client.waiting()).toEqual([]);
  });

  test("of who has come", async () => {
    await control("member", { group: GROUP, person: MING, joined: false });
    await client.next();
    await control("member", { group: GROUP, person: MING, joined: true });
    expect(await client.next()).toEqual({
      ...common("notice"),
      group_id: g,
      user_id: 20002,
      notice_type: "group_increase",
      operator_id: 0,
      sub_type: "approve",
    });
  });

  test("of a grey line has an empty message beside it where that is set, in histories too", async () => {
    await control("napcat", { account: UIN, settings: { greyTipMessages: true } });
    await control("poke", { person: LIN, chat: group, target: UIN });
    expect(await client.next()).toMatchObject({ sub_type: "poke" });
    expect(await client.next()).toMatchObject({ post_type: "message", user_id: 20001, message: [], raw_message: "" });
    expect(await client.call("get_group_msg_history", { group_id: GROUP })).toMatchObject({
      data: { messages: [{ message: [] }] },
    });
  });

  test("of a new card comes when the member speaks", async () => {
    await control("card", { group: GROUP, who: MING, card: "明" });
    await stage.say("早");
    expect(await client.next()).toMatchObject({ post_type: "message" });
    await stage.say("早", { person: MING });
    const fields = { group_id: g, user_id: 20002, notice_type: "group_card", card_new: "明", card_old: "" };
    expect(await client.next()).toEqual({ ...common("notice"), ...fields });
  });

  test("of a recall has the message's number, and get_msg finds it empty", async () => {
    const inGroup = await stage.say("撤");
    const [{ message_id }] = [await client.next()];
    await control("unsay", { chat: group, message: inGroup });
    expect(await client.next()).toEqual({
      ...common("notice"),
      notice_type: "group_recall",
      group_id: g,
      user_id: 20001,
      operator_id: 20001,
      message_id,
    });
    expect(await client.call("get_msg", { message_id })).toMatchObject({ data: { message: [], raw_message: "" } });
    await control("react", { person: MING, chat: group, message: inGroup, emoji: "76" });
    expect(await client.next()).toMatchObject({ notice_type: "group_msg_emoji_like" });
    const inPrivate = await stage.say("撤", { chat: dm });
    const told = await client.next();
    await control("unsay", { chat: dm, message: inPrivate });
    expect(await client.next()).toEqual({
      ...common("notice"),
      notice_type: "friend_recall",
      user_id: 20001,
      message_id: told["message_id"],
    });
  });

  test("of a reaction counts, and comes without the packet backend for own messages only", async () => {
    const id = await stage.say("好");
    const { message_id } = await client.next();
    await control("react", { person: MING, chat: group, message: id, emoji: "76" });
    expect(await client.next()).toEqual({
      ...common("notice"),
      group_id: g,
      user_id: 20002,
      notice_type: "group_msg_emoji_like",
      message_id,
      likes: [{ emoji_id: "76", count: 1 }],
      is_add: true,
    });
    expect(await client.call("get_msg", { message_id })).toMatchObject({
      data: { emoji_likes_list: [{ emoji_id: "76", emoji_type: "1", likes_cnt: "1" }] },
    });
    await control("react", { person: MING, chat: group, message: id, emoji: "76" });
    expect(await client.call("get_status")).toMatchObject({ retcode: 0 });
    await control("napcat", { account: UIN, settings: { packetBackend: false } });
    await control("react", { person: MING, chat: group, message: id, emoji: "76", on: false });
    await client.call("get_status");
    expect(client.waiting()).toEqual([]);
    await client.call("send_group_msg", { group_id: GROUP, message: "mine" });
    const own = stage.emulator.world.messages(group).at(-1)?.id ?? "";
    await control("react", { person: MING, chat: group, message: own, emoji: "128077" });
    expect(await client.next()).toMatchObject({
      notice_type: "group_msg_emoji_like",
      likes: [{ emoji_id: "128077", count: 1 }],
    });
  });
});

describe("a request", () => {
  test("for friendship can be granted once", async () => {
    const { flag } = await control("request", { account: UIN, person: "20003", kind: "friend", comment: "我是路人" });
    expect(await client.next()).toEqual({
      ...common("request"),
      request_type: "friend",
      user_id: 20003,
      comment: "我是路人",
      flag,
    });
    expect(flag).toBe(String(common("").time));
    expect(stage.emulator.world.snapshot().accounts[0]?.requests).toMatchObject([{ flag, kind: "friend" }]);
    const api = stage.connect("/api");
    expect(await api.call("set_friend_add_request", { flag, approve: true, remark: "新友" })).toMatchObject({
      retcode: 0,
    });
    expect(await client.next()).toMatchObject({ notice_type: "friend_add", user_id: 20003 });
    expect(await api.call("set_friend_add_request", { flag, approve: true })).toMatchObject({
      message: "No such request",
    });
    const { data } = await api.call("get_friend_list");
    expect(data).toContainEqual(expect.objectContaining({ user_id: 20003, nickname: "路人", remark: "新友" }));
  });

  test("to join needs an admin, and brings the person in", async () => {
    await control("member", { group: GROUP, person: MING, joined: false });
    await client.next();
    const wish = { account: UIN, person: MING, kind: "join", group: GROUP, comment: "let me in" } as const;
    await expect(control("request", wish)).rejects.toThrow("no admin");
    await control("admin", { group: GROUP, who: UIN, admin: true });
    await client.next();
    const { flag } = await control("request", wish);
    expect(await client.next()).toEqual({
      ...common("request"),
      request_type: "group",
      group_id: g,
      user_id: 20002,
      comment: "let me in",
      flag,
      sub_type: "add",
    });
    const api = stage.connect("/api");
    expect(await api.call("get_group_system_msg")).toMatchObject({
      data: { join_requests: [{ request_id: Number(flag), checked: false }] },
    });
    expect(await api.call("set_group_add_request", { flag })).toMatchObject({ retcode: 0, data: null });
    expect(await client.next()).toMatchObject({ notice_type: "group_increase", user_id: 20002, operator_id: 10001 });
    expect(stage.emulator.world.state.groups.get(GROUP)?.members).toContain(MING);
  });

  test("to come into a group can be refused", async () => {
    await control("kick", { group: GROUP, bot: UIN, person: LIN });
    await client.next();
    const { flag } = await control("request", { account: UIN, person: LIN, kind: "invite", group: GROUP });
    expect(await client.next()).toMatchObject({ request_type: "group", sub_type: "invite" });
    await client.call("set_group_add_request", { flag, approve: "false", reason: "不" });
    expect(stage.emulator.world.state.groups.get(GROUP)?.accounts.has(UIN)).toBe(false);
    expect(await client.call("set_group_add_request", { flag })).toMatchObject({
      message: "No such request",
      retcode: 1200,
    });
  });
});
