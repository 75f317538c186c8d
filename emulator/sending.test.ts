import { afterEach, describe, expect, test } from "vitest";
import { APP_ID, rawBot, type Answer, type RawBot } from "../test/emulator/raw-bot.ts";
import { createManualClock, type MovableClock } from "./clock.ts";
import type { ChatMessage, ChatRef } from "./control.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "./emulator.ts";
import { openid } from "./ids.ts";
import { defaultSeed, type BotSeed } from "./seed.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
const group = { kind: "group", group: "test-group" } as const;

let emulator: Emulator;
let clock: MovableClock;
let raw: RawBot;
afterEach(() => emulator.close());

const start = async (options: EmulatorOptions = {}): Promise<void> => {
  clock = createManualClock();
  emulator = await createEmulator({ clock, ...options });
  raw = await rawBot(emulator);
  // A session, so that the platform does not answer in the bot's place.
  await raw.online();
};
const startWith = (bot: Partial<BotSeed>): Promise<void> =>
  start({ seed: { ...defaultSeed, bots: defaultSeed.bots.map((seed) => ({ ...seed, ...bot })) } });
const say = async (chat: ChatRef, text = "嗨"): Promise<string> =>
  (await emulator.control.call("say", { person: "lin", chat, text, mention: chat.kind === "dm" ? [] : [APP_ID] })).id;
const toDm = (body: unknown): Promise<Answer> => raw.call("POST", raw.paths.dm("lin"), body);
const toGroup = (body: unknown): Promise<Answer> => raw.call("POST", raw.paths.group("test-group"), body);
const fromBots = (chat: ChatRef): ChatMessage[] =>
  emulator.world.messages(chat).filter((message) => message.from.kind === "bot");
/** `ok`, or the code of the refusal. */
const outcome = ({ status, body }: Answer): number | "ok" => (status === 200 ? "ok" : Number(body.err_code));

const typing = (msg_id: string, msg_seq: number): object => ({
  msg_type: 6,
  input_notify: { input_type: 1, input_second: 30 },
  msg_id,
  msg_seq,
});
const times = async (sendTo: typeof toDm, count: number): Promise<(number | "ok")[]> => {
  const all: (number | "ok")[] = [];
  for (let n = 0; n < count; n += 1) all.push(outcome(await sendTo({ content: "提醒" })));
  return all;
};
const oks = (count: number): "ok"[] => Array.from({ length: count }, () => "ok");

const recall = (id: unknown, path = raw.paths.dm("lin")): Promise<Answer> =>
  raw.call("DELETE", `${path}/${encodeURIComponent(String(id))}`);

describe("a send", () => {
  test("is shown in the chat and answers an id, a time and an index", async () => {
    await start();
    const id = await say(dm);
    const answer = await toDm({ msg_type: 0, content: "你好", msg_id: id });
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^ROBOT1\.0_.{40,}!$/),
      timestamp: "2026-11-20T09:30:00+08:00",
      ext_info: { ref_idx: expect.stringMatching(/^REFIDX_.+==$/) },
    });
    expect(fromBots(dm)).toEqual([
      {
        id: answer.body.id,
        at: clock.now(),
        from: { kind: "bot", id: APP_ID, name: "小助手" },
        text: "你好",
        repliesTo: id,
      },
    ]);
  });

  test("takes native markdown, and marks it", async () => {
    await start();
    await toGroup({ msg_type: 2, markdown: { content: "# 日报" }, msg_id: await say(group) });
    expect(fromBots(group)).toMatchObject([{ text: "# 日报", markdown: true }]);
  });

  test("refuses markdown where it is not granted", async () => {
    await startWith({ markdown: false });
    expect(outcome(await toDm({ msg_type: 2, markdown: { content: "# 日报" }, msg_id: await say(dm) }))).toBe(40034127);
  });

  test("shows marks of members by name", async () => {
    await start();
    const member = openid(APP_ID, "member", "ming");
    await toGroup({ content: `<@${member}> 请看 <qqbot-at-user id="${member}" />`, msg_id: await say(group) });
    expect(fromBots(group)).toMatchObject([{ text: "@阿明 请看 @阿明", mentions: ["阿明", "阿明"] }]);
  });

  test.each([
    ["no text", { msg_type: 0, content: " " }, 304061],
    ["a body that is no object", [], 12002],
    ["text that is no string", { content: 5 }, 50035],
    ["5001 characters", { content: "字".repeat(5001) }, 40054007],
    ["5001 characters of markdown", { msg_type: 2, markdown: { content: "字".repeat(5001) } }, 40054007],
    ["markdown as text", { msg_type: 0, markdown: { content: "x" } }, 22006],
    ["text as markdown", { msg_type: 2, content: "x" }, 22006],
    ["markdown beside text", { msg_type: 2, content: "x", markdown: { content: "x" } }, 50037],
    ["empty markdown", { msg_type: 2, markdown: { content: "" } }, 40034011],
    ["template and native", { msg_type: 2, markdown: { content: "x", custom_template_id: "1" } }, 50057],
    ["a template", { msg_type: 2, markdown: { custom_template_id: "1" } }, 40034127],
    ["an ark", { msg_type: 3, ark: {} }, 304004],
    ["an embed", { msg_type: 4 }, 340069],
    ["media", { msg_type: 7, media: { file_info: "x" } }, 304080],
    ["a keyboard", { content: "x", keyboard: { id: "1" } }, 305007],
    ["a wake-up", { content: "x", is_wakeup: true }, 40034123],
    ["a sequence below 0", { content: "x", msg_seq: -1 }, 50035],
    ["typing for an hour", { msg_type: 6, input_notify: { input_type: 1, input_second: 3600 } }, 50059],
    ["typing of an unknown kind", { msg_type: 6, input_notify: { input_type: 9, input_second: 5 } }, 50059],
  ])("with %s is refused and leaves no trace", async (_, body, code) => {
    await start();
    const id = await say(dm);
    const anchored = Array.isArray(body) ? body : { msg_id: id, ...body };
    expect(outcome(await toDm(anchored))).toBe(code);
    expect(fromBots(dm)).toEqual([]);
    expect(emulator.refusals()).toMatchObject([{ bot: APP_ID, refused: expect.stringContaining(String(code)) }]);
    expect(outcome(await toDm({ content: "好", msg_id: id }))).toBe("ok");
  });

  test("of 5000 characters is taken", async () => {
    await start();
    expect(outcome(await toDm({ content: "字".repeat(5000), msg_id: await say(dm) }))).toBe("ok");
  });

  test("takes empty members for absent ones", async () => {
    await start();
    const body = { msg_type: 2, content: "", markdown: { content: "x" }, keyboard: null, msg_id: await say(dm) };
    expect(outcome(await toDm(body))).toBe("ok");
  });
});

describe("openids", () => {
  test.each([
    ["lower-cased", openid(APP_ID, "user", "lin").toLowerCase()],
    ["of another bot", openid("102000002", "user", "lin")],
    ["of the person in groups", openid(APP_ID, "member", "lin")],
    ["of a group", openid(APP_ID, "group", "test-group")],
  ])("%s are nobody: 11255 with HTTP 500", async (_, id) => {
    await start();
    const answer = await raw.call("POST", `/v2/users/${id}/messages`, { content: "x" });
    expect([answer.status, answer.body.err_code]).toEqual([500, 11255]);
  });

  test("are 32 upper-case hex and the same in every run", () => {
    expect(openid(APP_ID, "user", "lin")).toMatch(/^[0-9A-F]{32}$/);
    expect(openid(APP_ID, "user", "lin")).toBe("7FABD5615BFA1E24D2DCFF130B2C59B5");
  });
});

describe("passive replies", () => {
  test.each([
    ["C2C", dm, 4],
    ["group", group, 5],
  ] as const)("in %s there are only so many", async (_, chat, count) => {
    await start();
    const id = await say(chat);
    const sendTo = chat === dm ? toDm : toGroup;
    for (let seq = 1; seq <= count; seq += 1) {
      expect(outcome(await sendTo({ content: "x", msg_id: id, msg_seq: seq }))).toBe("ok");
    }
    expect(outcome(await sendTo({ content: "x", msg_id: id, msg_seq: 9 }))).toBe(40034128);
    expect(outcome(await sendTo({ content: "x", msg_id: id, msg_seq: count }))).toBe(40054005);
    expect(fromBots(chat)).toHaveLength(count);
  });

  test.each([
    ["C2C 60 min", dm, 60 * MINUTE],
    ["group 5 min", group, 5 * MINUTE],
  ] as const)("%s after the message they are over", async (_, chat, windowMs) => {
    await start({ lifetimeMs: Number.POSITIVE_INFINITY });
    const id = await say(chat);
    const sendTo = chat === dm ? toDm : toGroup;
    await emulator.control.call("advance", { ms: windowMs });
    expect(outcome(await sendTo({ content: "x", msg_id: id }))).toBe("ok");
    await emulator.control.call("advance", { ms: 1 });
    expect(outcome(await sendTo({ content: "x", msg_id: id, msg_seq: 2 }))).toBe(40034128);
  });

  test("lenient rules neither count nor look at the time", async () => {
    await start({ rules: "lenient" });
    const id = await say(group);
    await emulator.control.call("advance", { ms: 6 * MINUTE });
    for (let seq = 1; seq <= 6; seq += 1) {
      expect(outcome(await toGroup({ content: "x", msg_id: id, msg_seq: seq }))).toBe("ok");
    }
  });

  test("one sequence number is taken once, 1 when there is none, whatever the text", async () => {
    await start();
    const id = await say(dm);
    expect(outcome(await toDm({ content: "一", msg_id: id }))).toBe("ok");
    expect(outcome(await toDm({ content: "二", msg_id: id }))).toBe(40054005);
    expect(outcome(await toDm({ content: "二", msg_id: id, msg_seq: 1 }))).toBe(40054005);
    expect(outcome(await toDm({ content: "二", msg_id: id, msg_seq: 2 }))).toBe("ok");
    expect(outcome(await toDm({ content: "二", msg_id: await say(dm) }))).toBe("ok");
  });

  test("go to the peer the message came from, of the bot that got it", async () => {
    await start();
    const inDm = await say(dm);
    const inGroup = await say(group);
    expect(outcome(await toGroup({ content: "x", msg_id: inDm }))).toBe(40034024);
    expect(outcome(await toDm({ content: "x", msg_id: inGroup }))).toBe(40034024);
    expect(outcome(await raw.call("POST", raw.paths.dm("ming"), { content: "x", msg_id: inDm }))).toBe(40034024);
    expect(outcome(await toDm({ content: "x", msg_id: "ROBOT1.0_unknown!" }))).toBe(40034024);
    const { id: unheard } = await emulator.control.call("say", { person: "lin", chat: group, text: "不是对你说的" });
    expect(outcome(await toGroup({ content: "x", msg_id: unheard }))).toBe(40034024);
  });

  test("another bot's message id is not one's own", async () => {
    const second = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
    const bots = [...defaultSeed.bots, second];
    const groups = [{ id: "test-group", name: "测试群", members: ["lin"], bots: bots.map((bot) => bot.appId) }];
    await start({ seed: { ...defaultSeed, bots, groups } });
    const other = await rawBot(emulator, second);
    const id = await say(group);
    const foreign = await other.call("POST", other.paths.group("test-group"), { content: "x", msg_id: id });
    expect(outcome(foreign)).toBe(40034024);
  });

  test("typing uses one up, in C2C only, and is shown for its seconds", async () => {
    await start();
    const id = await say(dm);
    const seen = emulator.waitFor("typing", (event) => (event.event === "typing" ? event.data : undefined));
    const answer = await toDm(typing(id, 1));
    expect(answer.body["ext_info"]).toBeUndefined();
    expect(await seen).toEqual({ chat: dm, bot: APP_ID, name: "小助手", seconds: 30 });
    expect(outcome(await toDm({ content: "x", msg_id: id, msg_seq: 1 }))).toBe(40054005);
    for (const seq of [2, 3, 4]) expect(outcome(await toDm({ content: "x", msg_id: id, msg_seq: seq }))).toBe("ok");
    expect(outcome(await toDm({ content: "x", msg_id: id, msg_seq: 5 }))).toBe(40034128);
    expect(fromBots(dm)).toHaveLength(3);
    expect(outcome(await toGroup(typing(await say(group), 1)))).toBe(50059);
  });

  test("an event id is taken verbatim, of some events only", async () => {
    await start();
    const gateway = await raw.online();
    await emulator.control.call("friend", { person: "lin", bot: APP_ID, friends: false });
    await emulator.control.call("friend", { person: "lin", bot: APP_ID, friends: true });
    await say(dm);
    const events = [await gateway.next(), await gateway.next(), await gateway.next()];
    expect(events.map(({ t }) => t)).toEqual(["FRIEND_DEL", "FRIEND_ADD", "C2C_MESSAGE_CREATE"]);
    const [removed, added, message] = events.map(({ id }) => String(id));
    expect(outcome(await toDm({ content: "x", event_id: added?.split(":")[1] }))).toBe(40034025);
    expect(outcome(await toDm({ content: "x", event_id: "FRIEND_ADD:unknown" }))).toBe(40034025);
    expect(outcome(await toDm({ content: "x", event_id: removed }))).toBe(40034027);
    expect(outcome(await toDm({ content: "x", event_id: message }))).toBe(40034027);
    expect(outcome(await toDm({ content: "x", event_id: added }))).toBe("ok");
    expect(outcome(await toDm({ content: "x", event_id: added }))).toBe(40054005);
    await emulator.control.call("advance", { ms: 60 * MINUTE + 1 });
    expect(outcome(await toDm({ content: "x", event_id: added, msg_seq: 2 }))).toBe(40034026);
  });
});

describe("proactive messages", () => {
  test("need no anchor and no sequence", async () => {
    await start();
    expect(await times(toDm, 2)).toEqual(oks(2));
    expect(fromBots(dm)[0]?.repliesTo).toBeUndefined();
  });

  test("are 10 a second in C2C for a verified bot", async () => {
    await start();
    expect(await times(toDm, 11)).toEqual([...oks(10), 40034100]);
    clock.advance(1 * SECOND);
    expect(await times(toDm, 1)).toEqual(oks(1));
  });

  test("are 5 a second in C2C for an unverified one", async () => {
    await startWith({ verified: false });
    expect(await times(toDm, 6)).toEqual([...oks(5), 40034100]);
  });

  test("are 30 a minute in C2C for an unverified one, to different people", async () => {
    await startWith({ verified: false });
    const all: (number | "ok")[] = [];
    for (let n = 0; n <= 30; n += 1) {
      const person = ["lin", "ming", "alice"][n % 3] ?? "";
      all.push(outcome(await raw.call("POST", raw.paths.dm(person), { content: "x" })));
      clock.advance(300);
    }
    expect(all).toEqual([...oks(30), 40034100]);
  });

  test("are 20 a minute for one group, and refused ones do not count", async () => {
    await start();
    expect(await times(toGroup, 21)).toEqual([...oks(20), 40034100]);
    clock.advance(1 * MINUTE);
    expect(await times(toGroup, 20)).toEqual(oks(20));
  });

  test("are 60 a minute for all groups of a verified bot, 30 of another", async () => {
    const groups = ["a", "b", "c", "d"].map((id) => ({ id, name: id, members: ["lin"], bots: [APP_ID] }));
    for (const [verified, limit] of [
      [true, 60],
      [false, 30],
    ] as const) {
      const bots = defaultSeed.bots.map((bot) => ({ ...bot, verified }));
      await start({ seed: { ...defaultSeed, bots, groups } });
      const all: (number | "ok")[] = [];
      for (let n = 0; n <= limit; n += 1) {
        all.push(outcome(await raw.call("POST", raw.paths.group("abcd"[n % 4] ?? ""), { content: "x" })));
      }
      expect(all).toEqual([...oks(limit), 40034100]);
      if (verified) await emulator.close();
    }
  });

  test("are 1000 a day for one person; the day turns at midnight in Beijing", async () => {
    await start({ tune: { tokenMs: 3 * DAY, sessionMs: 3 * DAY } });
    for (let n = 0; n < 1000; n += 1) {
      await toDm({ content: "x" });
      clock.advance(3 * SECOND);
    }
    expect(outcome(await toDm({ content: "x" }))).toBe(40034100);
    clock.advance(Date.UTC(2026, 10, 20, 16) - clock.now());
    expect(outcome(await toDm({ content: "x" }))).toBe("ok");
  });

  test("are not metered where the rates are off", async () => {
    await start({ rules: "lenient" });
    expect(await times(toDm, 25)).toEqual(oks(25));
  });

  test("a person can refuse them, replies still pass, and the bot is told", async () => {
    await start();
    const gateway = await raw.online();
    await emulator.control.call("proactive", { chat: dm, allowed: false });
    expect((await gateway.next()).t).toBe("C2C_MSG_REJECT");
    expect(outcome(await toDm({ content: "x" }))).toBe(40054013);
    expect(outcome(await toDm({ content: "x", msg_id: await say(dm) }))).toBe("ok");
    await emulator.control.call("proactive", { chat: dm, allowed: true });
    expect(outcome(await toDm({ content: "x" }))).toBe("ok");
  });

  test("a group's admin can refuse them", async () => {
    await start();
    const gateway = await raw.online();
    await emulator.control.call("proactive", { chat: group, allowed: false });
    const event = await gateway.next();
    expect(event).toMatchObject({ t: "GROUP_MSG_REJECT", d: { timestamp: 1_795_138_200 } });
    expect(outcome(await toGroup({ content: "x" }))).toBe(40034105);
    expect(outcome(await toGroup({ content: "x", msg_id: await say(group) }))).toBe("ok");
    await emulator.control.call("proactive", { chat: group, allowed: true });
    expect(outcome(await toGroup({ content: "x" }))).toBe("ok");
  });
});

describe("places", () => {
  test("who is not a friend gets nothing", async () => {
    await start();
    await emulator.control.call("friend", { person: "lin", bot: APP_ID, friends: false });
    expect(outcome(await toDm({ content: "x" }))).toBe(40054004);
    await expect(say(dm)).rejects.toThrow("not friends");
  });

  test("a bot that was removed cannot write, until somebody puts it back", async () => {
    await start();
    const gateway = await raw.online();
    const id = await say(group);
    await gateway.next();
    await emulator.control.call("kick", { group: "test-group", bot: APP_ID, person: "lin" });
    expect(await gateway.next()).toMatchObject({
      t: "GROUP_DEL_ROBOT",
      d: { op_member_openid: openid(APP_ID, "member", "lin") },
    });
    expect(outcome(await toGroup({ content: "x", msg_id: id }))).toBe(40034101);
    await emulator.control.call("invite", { group: "test-group", bot: APP_ID, person: "lin" });
    const added = await gateway.next();
    expect(added.t).toBe("GROUP_ADD_ROBOT");
    expect(outcome(await toGroup({ content: "大家好", event_id: added.id }))).toBe("ok");
  });

  test("a muted group takes nothing, and a reply is not used up by it", async () => {
    await start();
    const id = await say(group);
    await emulator.control.call("mute", { group: "test-group", muted: true });
    expect(outcome(await toGroup({ content: "x", msg_id: id }))).toBe(40054002);
    await emulator.control.call("mute", { group: "test-group", muted: false });
    expect(outcome(await toGroup({ content: "x", msg_id: id }))).toBe("ok");
  });
});

describe("addresses", () => {
  test("are refused in groups, and the reply is not used up", async () => {
    await start();
    const id = await say(group);
    expect(outcome(await toGroup({ content: "见 https://example.com", msg_id: id }))).toBe(40054010);
    const markdown = { content: "见 [这里](https://example.com)" };
    expect(outcome(await toGroup({ msg_type: 2, markdown, msg_id: id }))).toBe(40054010);
    expect(fromBots(group)).toEqual([]);
    expect(outcome(await toGroup({ content: "见 example．com", msg_id: id }))).toBe("ok");
  });

  test("pass in C2C for a bot of the OpenClaw kind, and not for others", async () => {
    await start();
    expect(outcome(await toDm({ content: "https://example.com" }))).toBe("ok");
    await emulator.close();
    await startWith({ c2cUrls: false });
    expect(outcome(await toDm({ content: "https://example.com" }))).toBe(40054010);
  });

  test("of registered domains pass", async () => {
    await startWith({ urlDomains: ["example.com"] });
    expect(outcome(await toGroup({ content: "https://docs.example.com/a" }))).toBe("ok");
    expect(outcome(await toGroup({ content: "https://example.org/a" }))).toBe(40054010);
  });

  test("pass where the rule is off", async () => {
    await start({ rules: "lenient" });
    expect(outcome(await toGroup({ content: "https://example.com" }))).toBe("ok");
  });
});

describe("quotes", () => {
  test("a bot quotes by index, an inbound message or its own; an unknown index loses the quote only", async () => {
    await start();
    const gateway = await raw.online();
    const id = await say(dm, "第一句");
    const scene = (await gateway.next()).d["message_scene"] as { ext: string[] };
    const index = scene.ext.find((entry) => entry.startsWith("msg_idx="))?.slice(8);
    const first = await toDm({ content: "回", msg_id: id, message_reference: { message_id: index } });
    const own = (first.body["ext_info"] as { ref_idx: string }).ref_idx;
    await toDm({ content: "又回", msg_id: id, msg_seq: 2, message_reference: { message_id: own } });
    await toDm({ content: "再回", msg_id: id, msg_seq: 3, message_reference: { message_id: "REFIDX_x==" } });
    expect(fromBots(dm).map(({ quote }) => quote)).toEqual([
      { id, name: "小林", text: "第一句" },
      { id: first.body.id, name: "小助手", text: "回" },
      undefined,
    ]);
  });
});

describe("recall", () => {
  test("takes a message back for two minutes", async () => {
    await start();
    const [first, second] = [(await toDm({ content: "一" })).body.id, (await toDm({ content: "二" })).body.id];
    clock.advance(2 * MINUTE);
    const answer = await recall(first);
    expect([answer.status, answer.body]).toEqual([200, {}]);
    clock.advance(1);
    expect(outcome(await recall(second))).toBe(40064004);
    expect(fromBots(dm)).toMatchObject([{ id: first, text: "", recalled: true }, { text: "二" }]);
  });

  test("is for one's own messages, where they are", async () => {
    await start();
    const theirs = await say(group);
    const own = (await toGroup({ content: "一" })).body.id;
    expect(outcome(await recall(theirs, raw.paths.group("test-group")))).toBe(40062003);
    expect(outcome(await recall(own))).toBe(40061002);
    expect(outcome(await recall("ROBOT1.0_unknown!"))).toBe(40061002);
  });
});
