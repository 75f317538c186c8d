import { afterEach, expect, test } from "vitest";
import { C2CMessageCreate, GroupMessageCreate } from "../extensions/qq/src/protocol/official/events.ts";
import { APP_ID, rawBot, type RawBot, type RawFrame, type RawGateway } from "../test/emulator/raw-bot.ts";
import { createManualClock } from "./clock.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "./emulator.ts";
import { openid } from "./ids.ts";
import { defaultSeed } from "./seed.ts";

const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
const group = { kind: "group", group: "test-group" } as const;

let emulator: Emulator;
let raw: RawBot;
let gateway: RawGateway;
const start = async (options: EmulatorOptions = {}): Promise<void> => {
  emulator = await createEmulator({ clock: createManualClock(), ...options });
  raw = await rawBot(emulator);
  gateway = await raw.online((1 << 25) | (1 << 30));
};
afterEach(() => emulator.close());

const call: Emulator["control"]["call"] = (name, body) => emulator.control.call(name, body);
const nothingMore = async (): Promise<RawFrame[]> => {
  gateway.send({ op: 1, d: null });
  const frames: RawFrame[] = [];
  for (let frame = await gateway.next(); frame.op !== 11; frame = await gateway.next()) frames.push(frame);
  return frames;
};

const ext = (frame: RawFrame): string[] => (frame.d["message_scene"] as { ext: string[] }).ext;

test("C2C_MESSAGE_CREATE has the documented shape", async () => {
  await start();
  const { id } = await call("say", { person: "lin", chat: dm, text: "帮我看看" });
  const frame = await gateway.next();
  const user = openid(APP_ID, "user", "lin");
  expect(frame.d).toEqual({
    id,
    content: "帮我看看",
    message_type: 0,
    timestamp: "2026-11-20T09:30:00+08:00",
    author: { id: user, user_openid: user, union_openid: "", username: "", bot: false },
    message_scene: { source: "default", ext: [expect.stringMatching(/^msg_idx=REFIDX_/)] },
  });
  expect(C2CMessageCreate.safeParse(frame.d).success).toBe(true);
});

test("a mention in a group leaves a blank, and other messages do not arrive", async () => {
  await start();
  await call("say", { person: "lin", chat: group, text: "不是对你说的" });
  const { id } = await call("say", { person: "ming", chat: group, text: "今天谁值班", mention: [APP_ID] });
  const [frame, ...more] = await nothingMore();
  const groupOpenid = openid(APP_ID, "group", "test-group");
  const member = openid(APP_ID, "member", "ming");
  expect(more).toEqual([]);
  expect(frame).toMatchObject({
    t: "GROUP_AT_MESSAGE_CREATE",
    d: {
      id,
      content: " 今天谁值班",
      group_id: groupOpenid,
      group_openid: groupOpenid,
      author: { id: member, member_openid: member, username: "阿明", member_role: "member", bot: false },
      mentions: [{ member_openid: openid(APP_ID, "member", APP_ID), is_you: true, scope: "single", bot: true }],
    },
  });
  expect(GroupMessageCreate.safeParse(frame?.d).success).toBe(true);
  expect(emulator.world.messages(group)[1]).toMatchObject({ text: "今天谁值班", mentions: ["小助手"] });
});

test("a group in mode all shows every message under one name, with marks", async () => {
  await start();
  await call("groupMode", { group: "test-group", mode: "all" });
  await call("say", { person: "lin", chat: group, text: "大家好" });
  await call("say", { person: "lin", chat: group, text: "在吗", mention: [APP_ID] });
  const frames = await nothingMore();
  const mark = `<@${openid(APP_ID, "member", APP_ID)}> `;
  expect(frames.map(({ t, d }) => [t, d["content"], "mentions" in d])).toEqual([
    ["GROUP_MESSAGE_CREATE", "大家好", false],
    ["GROUP_MESSAGE_CREATE", `${mark}在吗`, true],
  ]);
});

test("the bot's own mark can be left out, as the documentation has it", async () => {
  await start({ tune: { keepOwnMention: false } });
  await call("groupMode", { group: "test-group", mode: "all" });
  await call("say", { person: "lin", chat: group, text: "在吗", mention: [APP_ID] });
  expect((await gateway.next()).d["content"]).toBe(" 在吗");
});

test("each bot of a group knows it and its members by other openids, and which mention is its own", async () => {
  const second = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
  const bots = [...defaultSeed.bots, second];
  const appIds = bots.map((bot) => bot.appId);
  const groups = [{ id: "test-group", name: "测试群", members: ["lin"], bots: appIds, mode: "all" as const }];
  await start({ seed: { ...defaultSeed, bots, groups } });
  const other = await (await rawBot(emulator, second)).online();
  await call("say", { person: "lin", chat: group, text: "嗨", mention: [second.appId] });
  const [mine, theirs] = [(await gateway.next()).d, (await other.next()).d];
  expect(mine["id"]).toBe(theirs["id"]);
  expect(mine["group_openid"]).not.toBe(theirs["group_openid"]);
  expect(mine["content"]).not.toBe(theirs["content"]);
  expect([mine["mentions"], theirs["mentions"]]).toMatchObject([[{ is_you: false }], [{ is_you: true }]]);
});

test("a quote names the quoted message by its index", async () => {
  await start();
  const { id } = await call("say", { person: "lin", chat: group, text: "值班表见群公告", mention: [APP_ID] });
  const first = await gateway.next();
  const index = ext(first)[0]?.slice("msg_idx=".length);
  await call("say", { person: "ming", chat: group, text: "哪里", mention: [APP_ID], quote: id });
  const second = await gateway.next();
  expect(second.d).toMatchObject({
    message_type: 103,
    msg_elements: [{ msg_idx: index, message_type: 103, content: "值班表见群公告", author: { username: "小林" } }],
  });
  expect(ext(second)[0]).toBe(`ref_msg_idx=${index}`);
  expect(emulator.world.messages(group)[1]?.quote).toEqual({ id, name: "小林", text: "值班表见群公告" });
});

test("a person can quote what the bot has answered", async () => {
  await start();
  const answer = await raw.call("POST", raw.paths.dm("lin"), { content: "答案" });
  const ref = (answer.body["ext_info"] as { ref_idx: string }).ref_idx;
  await call("say", { person: "lin", chat: dm, text: "为什么", quote: String(answer.body.id) });
  expect((await gateway.next()).d).toMatchObject({ msg_elements: [{ msg_idx: ref, content: "答案" }] });
});

test("a mention in a channel is AT_MESSAGE_CREATE, with its mark, a no-break space and escaped text", async () => {
  await start();
  const chat = { kind: "channel", channel: "general" } as const;
  await call("say", { person: "lin", chat, text: "没有人" });
  await call("say", { person: "lin", chat, text: "1 < 2 & 3", mention: [APP_ID] });
  const [frame, ...more] = await nothingMore();
  const me = (await raw.call("GET", "/users/@me")).body.id;
  expect(more).toEqual([]);
  expect(frame).toMatchObject({
    t: "AT_MESSAGE_CREATE",
    d: { id: expect.stringMatching(/^08[0-9a-f]+$/), content: `<@!${me}>\u00A01 &lt; 2 &amp; 3`, seq_in_channel: "2" },
  });
});

test("a person who is not there cannot speak", async () => {
  await start();
  await expect(call("say", { person: "nobody", chat: dm, text: "x" })).rejects.toThrow("nobody");
  await expect(call("say", { person: "ming", chat: dm, text: "x" })).rejects.toThrow("DM");
  await expect(call("say", { person: "lin", chat: dm, text: "x", quote: "none" })).rejects.toThrow("quote");
  expect(emulator.world.messages(dm)).toEqual([]);
});
