import { afterEach, describe, expect, test } from "vitest";
import type { ControlCalls } from "../control.ts";
import type { NapcatSettings } from "./settings.ts";
import { dm, GROUP, group, LIN, openStage, UIN, type Frame, type RawClient, type Stage } from "./testing/raw-client.ts";

let stage: Stage;
let client: RawClient;
const open = async (napcat: Partial<NapcatSettings> = {}): Promise<void> => {
  stage = await openStage({ napcat });
  client = stage.connect("/api");
};
afterEach(() => stage.emulator.close());

const control = <Name extends keyof ControlCalls>(name: Name, body: ControlCalls[Name]["body"]) =>
  stage.emulator.control.call(name, body);
const shown = (chat: Parameters<Stage["emulator"]["world"]["messages"]>[0] = group) =>
  stage.emulator.world.messages(chat).filter(({ from }) => from.kind === "bot");
const sendGroup = (message: unknown, more: object = {}) =>
  client.call("send_group_msg", { group_id: GROUP, message, ...more });

describe("where a message goes", () => {
  const stranger = { kind: "dm", person: "20003", bot: UIN } as const;
  test.each<[string, string, Frame, "group" | "friend" | "temporary" | "private"]>([
    ["a group", "send_msg", { group_id: Number(GROUP) }, "group"],
    ["a group before a user", "send_msg", { group_id: GROUP, user_id: LIN }, "group"],
    ["a group, whoever is named", "send_group_msg", { group_id: GROUP, user_id: LIN }, "group"],
    ["a user as the type says", "send_msg", { message_type: "private", group_id: GROUP, user_id: LIN }, "friend"],
    ["a friend, whatever group is named", "send_private_msg", { user_id: Number(LIN), group_id: GROUP }, "friend"],
    ["a stranger through a group", "send_private_msg", { user_id: "20003", group_id: GROUP }, "temporary"],
    ["nobody who is known, and so the group", "send_private_msg", { user_id: "99999", group_id: GROUP }, "group"],
  ])("is %s", async (_, action, params, place) => {
    await open();
    expect(await client.call(action, { ...params, message: "hi" })).toMatchObject({ retcode: 0 });
    const places = { group: shown(), friend: shown(dm), temporary: shown(stranger), private: [] };
    expect(places[place].map(({ text }) => text)).toEqual(["hi"]);
    expect(stage.emulator.world.transcript.bubbles(stranger)[0]?.via).toBe(place === "temporary" ? GROUP : undefined);
  });

  test.each<[Frame, string]>([
    [{}, "请指定正确的 group_id 或 user_id"],
    [{ message_type: "private", group_id: GROUP }, "当前私聊发送,请指定 user_id 而不是 group_id"],
    [{ message_type: "group", user_id: LIN }, "当前群聊发送,请指定 group_id 而不是 user_id"],
    [{ user_id: "99999" }, "无法获取用户信息"],
  ])("is nowhere with %j", async (params, message) => {
    await open();
    expect(await client.call("send_msg", { ...params, message: "hi" })).toMatchObject({
      retcode: 1200,
      message,
      data: null,
    });
  });

  test("is the group of an earlier temporary session", async () => {
    await open();
    await stage.say("hi", { person: "20003", chat: stranger, via: GROUP });
    await client.call("send_private_msg", { user_id: "20003", message: "yes" });
    expect(stage.emulator.world.transcript.bubbles(stranger)[1]?.via).toBe(GROUP);
  });

  test("is refused to a stranger without a group", async () => {
    await open();
    const answer = await client.call("send_private_msg", { user_id: "20003", message: "hi" });
    expect(answer["message"]).toMatch(
      /^EventChecker Failed: .*"result": 1,\n {4}"errMsg": "发送失败,请添加对方为好友"/s,
    );
  });

  test("is found again for a user whom the NapCat has lost, once QQ was asked anew", async () => {
    await open();
    await stage.trouble({ what: "lost-user", person: LIN });
    const greeting = { user_id: LIN, message: "hi" };
    expect(await client.call("send_private_msg", greeting)).toMatchObject({ message: "无法获取用户信息" });
    await client.call("get_stranger_info", { user_id: LIN, no_cache: true });
    expect(await client.call("send_private_msg", greeting)).toMatchObject({ retcode: 0 });
  });
});

describe("segments", () => {
  test.each<[string, unknown, string]>([
    ["text alone", { type: "text", data: { text: "一" } }, "一"],
    ["a number for a text", [{ type: "text", data: { text: 1 } }], "1"],
    ["a CQ string", `[CQ:at,qq=${LIN}] a&amp;#44;&#91;b&#93; [CQ: bad]`, "@小林 a&#44;[b] [CQ: bad]"],
    [
      "a face",
      [
        { type: "face", data: { id: 76 } },
        { type: "face", data: { id: "99999" } },
      ],
      "[赞]",
    ],
    ["a card", [{ type: "json", data: { data: { prompt: "[分享] 题" } } }], "[分享] 题"],
    [
      "what is dropped, beside text",
      [
        { type: "poke", data: {} },
        { type: "xml", data: {} },
        { type: "text", data: { text: "一" } },
      ],
      "一",
    ],
    [
      "a quote of nothing",
      [
        { type: "reply", data: { id: "1" } },
        { type: "text", data: { text: "一" } },
      ],
      "一",
    ],
    [
      "everybody",
      [
        { type: "at", data: { qq: "all" } },
        { type: "text", data: { text: " 早" } },
      ],
      "@全体成员 早",
    ],
  ])("show %s", async (_, message, text) => {
    await open();
    expect(await sendGroup(message)).toMatchObject({ retcode: 0, data: { message_id: expect.any(Number) } });
    expect(shown().map((each) => each.text)).toEqual([text]);
  });

  test.each<[string, unknown, string]>([
    ["another type", [{ type: "shake", data: {} }], "未知的消息类型：shake"],
    ["no data", [{ type: "text" }], "Cannot read properties of undefined (reading 'text')"],
    ["nothing", [], "消息体无法解析, 请检查是否发送了不支持的消息类型"],
    ["an empty text", "", "消息体无法解析, 请检查是否发送了不支持的消息类型"],
    ["only what is dropped", [{ type: "poke", data: {} }], "消息体无法解析, 请检查是否发送了不支持的消息类型"],
    ["a mention of nobody", [{ type: "at", data: { qq: "99999" } }], "Get Uid Error"],
  ])("fail with %s", async (_, message, text) => {
    await open();
    expect(await sendGroup(message)).toMatchObject({ retcode: 1200, message: text });
    expect(shown()).toEqual([]);
  });

  test("of a mention are dropped in private", async () => {
    await open();
    await client.call("send_private_msg", { user_id: LIN, message: `[CQ:at,qq=${LIN}]嗨` });
    expect(shown(dm).map(({ text }) => text)).toEqual(["嗨"]);
  });

  test("are no codes where they are escaped", async () => {
    await open();
    await sendGroup("[CQ:at,qq=all]", { auto_escape: true });
    await sendGroup("[CQ:face,id=76]", { auto_escape: "true" });
    expect(shown().map(({ text }) => text)).toEqual(["[CQ:at,qq=all]", "[CQ:face,id=76]"]);
  });

  test("of a quote show what is quoted, by message id or by QQ's own number", async () => {
    await open();
    const events = await stage.online();
    const id = await stage.say("问");
    const { message_id, real_seq } = await events.next();
    await sendGroup([
      { type: "reply", data: { id: message_id } },
      { type: "text", data: { text: "答" } },
    ]);
    await sendGroup([
      { type: "reply", data: { seq: Number(real_seq) } },
      { type: "text", data: { text: "答" } },
    ]);
    const quote = { id, name: "小林", text: "问" };
    expect(shown()).toMatchObject([{ quote }, { quote }]);
  });
});

const wish = (params: object = {}): object => ({
  action: "send_group_msg",
  params: { group_id: GROUP, message: "hi", ...params },
  echo: "s",
});

describe("a send that goes wrong", () => {
  test.each([
    ["timeout", 0],
    ["delivered", 1],
  ] as const)("by %s waits the whole time, and arrives so often", async (kind, arrived) => {
    await open();
    await stage.trouble({ what: "send", outcome: { kind } });
    client.send(wish());
    await client.call("get_status", {}, "t");
    expect(shown()).toHaveLength(arrived);
    stage.clock.advance(9_999);
    await client.call("get_status", {}, "t");
    stage.clock.advance(1);
    const { message, retcode } = await client.next();
    expect(retcode).toBe(1200);
    expect(message).toMatch(
      /^Timeout: NTEvent serviceAndMethod:NodeIKernelMsgService\/sendMsg ListenerName:NodeIKernelMsgListener\/onMsgInfoListUpdate EventRet:\n\{\n {4}"result": 0,/,
    );
    expect(shown()).toHaveLength(arrived);
    expect(await sendGroup("next")).toMatchObject({ retcode: 0 });
  });

  test("by timeout waits as long as the call says", async () => {
    await open();
    await stage.trouble({ what: "send", outcome: { kind: "hang" } });
    client.send(wish({ timeout: 500 }));
    await client.call("get_status", {}, "t");
    stage.clock.advance(500);
    expect((await client.next())["message"]).toMatch(/EventRet:\n\{\}\n$/);
  });

  test.each([
    ["muted", 120],
    ["removed", 110],
    ["not-friend", 1],
    ["offline", 1_006_514],
  ] as const)("because of %s is refused at once with %i, as often as is asked", async (kind, result) => {
    await open();
    await stage.trouble({ what: "send", outcome: { kind }, times: 2 });
    for (const _ of [1, 2])
      expect((await sendGroup("hi"))["message"]).toMatch(`EventRet:\n{\n    "result": ${result},`);
    expect(await sendGroup("hi")).toMatchObject({ retcode: 0 });
  });

  test("as the group is: muted, banned, or left", async () => {
    await open();
    await control("mute", { group: GROUP, muted: true });
    expect((await sendGroup("hi"))["message"]).toMatch(`"result": 120`);
    await control("admin", { group: GROUP, who: UIN, admin: true });
    expect(await sendGroup("hi")).toMatchObject({ retcode: 0 });
    await control("ban", { group: GROUP, who: UIN, seconds: 60 });
    expect((await sendGroup("hi"))["message"]).toMatch(`"result": 120`);
    stage.clock.advance(60_000);
    expect(await sendGroup("hi")).toMatchObject({ retcode: 0 });
    await control("kick", { group: GROUP, bot: UIN, person: LIN });
    expect((await sendGroup("hi"))["message"]).toMatch(`"result": 110`);
  });

  test("may be given a result of one's own", async () => {
    await open();
    await stage.trouble({
      what: "send",
      outcome: { kind: "reject", result: -1, message: "rich media transfer failed" },
    });
    expect((await sendGroup("hi"))["message"]).toMatch(`"result": -1,\n    "errMsg": "rich media transfer failed"`);
  });
});

test("QQ takes from 30 to 300 ms to confirm a send", async () => {
  await open({ sendDelayMs: [30, 300] });
  client.send({ action: "send_group_msg", params: { group_id: GROUP, message: "hi" }, echo: "s" });
  await client.call("get_status", {}, "t");
  stage.clock.advance(29);
  await client.call("get_status", {}, "t");
  expect(shown()).toEqual([]);
  stage.clock.advance(271);
  expect(await client.next()).toMatchObject({ echo: "s", retcode: 0 });
  expect(shown()).toHaveLength(1);
});

describe("a recall", () => {
  test("takes an own message of two minutes, and says whose it was", async () => {
    await open();
    const events = await stage.online();
    const { data } = await sendGroup("撤");
    stage.clock.advance(120_000);
    await events.next();
    expect(await client.call("delete_msg", data)).toMatchObject({ retcode: 0, data: null });
    expect(await events.next()).toMatchObject({ meta_event_type: "heartbeat" });
    expect(shown()).toMatchObject([{ recalled: true, text: "" }]);
  });

  test("is refused of what is older, of another's, and of what is not there", async () => {
    await open();
    const events = await stage.online();
    const { data } = await sendGroup("旧");
    await stage.say("别人");
    const { message_id } = await events.next();
    expect((await client.call("delete_msg", { message_id }))["message"]).toMatch(
      /^EventChecker Failed: .*recallMsg.*"result": 8/s,
    );
    stage.clock.advance(120_001);
    expect((await client.call("delete_msg", data))["message"]).toMatch(`"result": 8`);
    expect(await client.call("delete_msg", { message_id: 1 })).toMatchObject({
      message: "Recall failed",
      retcode: 1200,
    });
  });

  test("of a member's message is an admin's right", async () => {
    await open();
    await control("admin", { group: GROUP, who: UIN, admin: true });
    const events = await stage.online();
    await stage.say("违规", { person: "20003" });
    const { message_id } = await events.next();
    await client.call("delete_msg", { message_id });
    expect(await events.next()).toMatchObject({
      notice_type: "group_recall",
      user_id: 20003,
      operator_id: Number(UIN),
      message_id,
    });
    expect(stage.emulator.world.messages(group)[0]).toMatchObject({ recalled: true, recalledBy: UIN });
  });
});

test("a personal account is a person to the official bots of a group", async () => {
  stage = await openStage(
    {},
    {
      seed: {
        bots: [{ appId: "102000001", secret: "s", name: "官方" }],
        accounts: [{ uin: UIN, name: "小号", napcat: { sendDelayMs: [0, 0] } }],
        people: [{ id: LIN, name: "小林" }],
        groups: [{ id: GROUP, name: "群", members: [LIN], bots: ["102000001", UIN], mode: "all" }],
        channels: [],
      },
    },
  );
  client = stage.connect("/api");
  await sendGroup("[CQ:at,qq=102000001]在吗");
  // It is not connected, and the platform answers in its place.
  expect(stage.emulator.world.messages(group)).toMatchObject([
    { from: { kind: "bot", id: UIN }, text: "@官方在吗" },
    { from: { kind: "system", id: "102000001" }, text: "该机器人未连接服务" },
  ]);
});
