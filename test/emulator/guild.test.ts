import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { guildId } from "../../emulator/ids.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import { png } from "./files.ts";
import {
  channelPath,
  DAY,
  general,
  guildSeed,
  MINUTE,
  openGuildWorld,
  outcome,
  SECOND,
  type GuildWorld,
} from "./guild-world.ts";
import { APP_ID, rawBot, type Answer } from "./raw-bot.ts";

let world: GuildWorld;
afterEach(() => world.emulator.close());
const open = async (...options: Parameters<typeof openGuildWorld>): Promise<void> => {
  world = await openGuildWorld(...options);
};

/** Sends one after another; the outcomes. */
const times = async (count: number, send: () => Promise<Answer>): Promise<(number | "ok")[]> => {
  const all: (number | "ok")[] = [];
  for (let n = 0; n < count; n += 1) all.push(outcome(await send()));
  return all;
};
const oks = (count: number): "ok"[] => Array.from({ length: count }, () => "ok");

describe("a send to a channel", () => {
  test("is shown as a reply and answers the whole message", async () => {
    await open();
    const id = await world.say();
    const answer = await world.send({ content: "1 &lt; 2", msg_id: id });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: expect.stringMatching(/^08[0-9a-f]{60}$/),
      guild_id: guildId("guild", "test-guild"),
      channel_id: guildId("channel", "general"),
      content: "1 &lt; 2",
      timestamp: "2026-11-20T09:30:00+08:00",
      author: { id: guildId("bot", APP_ID), username: "小助手", bot: true },
      seq: 2,
      seq_in_channel: "2",
    });
    expect(await world.emulator.waitForReply({ chat: general, after: id })).toMatchObject({
      id: answer.body.id,
      text: "1 < 2",
      repliesTo: id,
      from: { kind: "bot", id: APP_ID },
    });
  });

  test("resolves escapes once, and marks of people, bots, channels and everybody by name", async () => {
    await open();
    const [ming, bot, games] = [guildId("user", "ming"), guildId("bot", APP_ID), guildId("channel", "games")];
    const content = `<@!${ming}> <qqbot-at-user id="${bot}" /> <#${games}> <@!1> @everyone &amp;lt; &lt;@!${ming}&gt; <emoji:4>`;
    await world.send({ content });
    expect(world.fromBots()).toMatchObject([
      {
        text: `@阿明 @小助手 #游戏 <@!1> @全体成员 &lt; <@!${ming}> <emoji:4>`,
        mentions: ["阿明", "小助手", "全体成员"],
      },
    ]);
  });

  test("can quote, and an unknown id loses only the quote", async () => {
    await open();
    const id = await world.say(general, "第一句");
    const answer = await world.send({ content: "二", message_reference: { message_id: id } });
    await world.send({ content: "三", message_reference: { message_id: "none", ignore_get_message_error: true } });
    expect(answer.body).toMatchObject({ message_reference: { message_id: id } });
    expect(world.fromBots().map(({ quote }) => quote)).toEqual([{ id, name: "小林", text: "第一句" }, undefined]);
  });

  test("takes an embed and, where it is granted, native markdown", async () => {
    await open({ guildMarkdown: true });
    await world.send({ embed: { title: "天气", prompt: "x", fields: [{ name: "晴" }, { name: "25 度" }] } });
    await world.send({ markdown: { content: "**晴**" } });
    expect(world.fromBots()).toMatchObject([{ text: "天气\n晴\n25 度" }, { text: "**晴**", markdown: true }]);
    expect(world.fromBots()[0]?.markdown).toBeUndefined();
  });

  test("shows the buttons of a keyboard", async () => {
    await open();
    const button = {
      id: "ok",
      render_data: { label: "批准", visited_label: "已批准", style: 1 },
      action: { type: 1, permission: { type: 2 }, data: "approve" },
    };
    await world.send({ content: "批准吗", keyboard: { content: { rows: [{ buttons: [button] }] } } });
    expect(world.fromBots()).toMatchObject([{ buttons: [[{ id: "ok", label: "批准", type: "callback" }]] }]);
  });

  test("takes a form with the picture's bytes and objects as JSON", async () => {
    await open();
    const id = await world.say();
    const form = new FormData();
    form.set("content", "看图");
    form.set("msg_id", id);
    form.set("message_reference", JSON.stringify({ message_id: id }));
    form.set("file_image", new Blob([png], { type: "image/png" }), "图.png");
    expect((await world.send(form)).status).toBe(200);
    const [shown] = world.fromBots();
    const sha256 = createHash("sha256").update(png).digest("hex");
    expect(shown).toMatchObject({
      text: "看图",
      repliesTo: id,
      quote: { id },
      media: { kind: "image", name: "图.png", size: png.length, sha256 },
    });
    const served = await fetch(world.emulator.url + String(shown?.media?.url));
    expect(Buffer.from(await served.arrayBuffer())).toEqual(png);
  });

  test("fetches the picture of an address, which is no address in the text", async () => {
    await open();
    const server = createServer((_, response) => response.end(png)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cat.png`;
    expect(outcome(await world.send({ image: url }))).toBe("ok");
    server.close();
    expect(world.fromBots()).toMatchObject([{ text: "", media: { kind: "image", name: "cat.png" } }]);
    expect(outcome(await world.send({ image: "http://127.0.0.1:1/none.png" }))).toBe(40034001);
  });

  test("of a webhook bot needs no session", async () => {
    await open({ mode: "webhook", webhookUrl: "http://127.0.0.1:9/callback" });
    world.gateway.terminate();
    await world.emulator.waitForSessions(APP_ID, 0);
    expect(outcome(await world.send({ content: "好" }))).toBe("ok");
  });

  test("without a session is refused with 304018", async () => {
    await open();
    world.gateway.terminate();
    await world.emulator.waitForSessions(APP_ID, 0);
    expect(outcome(await world.send({ content: "好" }))).toBe(304018);
  });
});

describe("a send to a channel is refused", () => {
  const notAPicture = new FormData();
  notAPicture.set("file_image", new Blob(["text"]), "a.png");
  const brokenObject = new FormData();
  brokenObject.set("embed", "{");

  interface Row {
    readonly what: string;
    readonly body: unknown;
    readonly code: number;
    readonly status?: number;
    readonly bot?: Partial<BotSeed>;
  }
  test.each<Row>([
    { what: "without anything to show", body: { content: " " }, code: 50006 },
    { what: "with a body that is no object", body: [], code: 12002 },
    { what: "with a broken object in a form", body: brokenObject, code: 12002 },
    { what: "with text that is no string", body: { content: 5 }, code: 50035 },
    { what: "with an embed that is no object", body: { embed: "x" }, code: 50035 },
    { what: "with 5001 characters", body: { content: "字".repeat(5001) }, code: 40054007 },
    { what: "with an ark", body: { ark: { template_id: 23 } }, code: 304004 },
    { what: "with markdown that is not granted", body: { markdown: { content: "# 日报" } }, code: 304036 },
    {
      what: "with a template",
      body: { markdown: { custom_template_id: "1" } },
      code: 304036,
      bot: { guildMarkdown: true },
    },
    {
      what: "with markdown beside text",
      body: { content: "x", markdown: { content: "x" } },
      code: 50037,
      bot: { guildMarkdown: true },
    },
    { what: "with an address", body: { content: "看 https://example.com/x" }, code: 304003, status: 403 },
    { what: "with an address in an embed", body: { embed: { title: "example.com" } }, code: 304003, status: 403 },
    { what: "with bytes that are no picture", body: notAPicture, code: 304010 },
    { what: "with a word that security does not like", body: { content: "这里有 Forbidden 词" }, code: 304025 },
    { what: "with the id of nothing", body: { content: "x", msg_id: "08none" }, code: 304026 },
    { what: "with an event id", body: { content: "x", event_id: "AT_MESSAGE_CREATE:x" }, code: 304026 },
  ])("$what, and nothing is booked", async ({ body, code, status = 400, bot = {} }) => {
    // One message a second, so that a booked one would be felt.
    await open(bot, { tune: { channelMessages: { count: 1, perMs: SECOND } } });
    await world.emulator.control.call("words", { words: ["forbidden"] });
    const answer = await world.send(body);
    expect([answer.status, outcome(answer)]).toEqual([status, code]);
    expect(world.fromBots()).toEqual([]);
    expect(world.emulator.refusals()).toMatchObject([{ bot: APP_ID, refused: expect.stringContaining(String(code)) }]);
    expect(outcome(await world.send({ content: "好" }))).toBe("ok");
  });

  test("where the bot is not, or nobody is", async () => {
    await open();
    expect(outcome(await world.send({ content: "x" }, "abroad"))).toBe(11255);
    expect(outcome(await world.raw.call("POST", "/channels/1/messages", { content: "x" }))).toBe(11255);
  });

  test("but not for a registered domain", async () => {
    await open({ urlDomains: ["example.com"] });
    expect(outcome(await world.send({ content: "https://example.com/x" }))).toBe("ok");
  });

  test("when the message is of another channel, or did not mention the bot", async () => {
    await open();
    const elsewhere = await world.say({ kind: "channel", channel: "games" });
    const overheard = await world.say(general, "不是对你说的", []);
    expect(outcome(await world.send({ content: "x", msg_id: elsewhere }))).toBe(304026);
    expect(outcome(await world.send({ content: "x", msg_id: overheard }))).toBe(304028);
  });

  test("after five minutes; until then replies are not counted", async () => {
    await open();
    const id = await world.say();
    const reply = (): Promise<Answer> => world.send({ content: "x", msg_id: id });
    expect(await times(5, reply)).toEqual(oks(5));
    await world.advance(5 * MINUTE);
    expect(await times(5, reply)).toEqual(oks(5));
    await world.advance(SECOND);
    expect(outcome(await reply())).toBe(304027);
  });

  test("beyond five a second in one channel, replies or not", async () => {
    await open();
    const id = await world.say();
    const reply = (channel?: string) => () =>
      world.send(channel ? { content: "x" } : { content: "x", msg_id: id }, channel);
    expect(await times(6, reply())).toEqual([...oks(5), 20028]);
    expect(await times(1, reply("games"))).toEqual(oks(1));
    await world.advance(SECOND);
    expect(await times(1, reply())).toEqual(oks(1));
  });

  test("beyond twenty proactive ones a day, and in a third channel of the guild", async () => {
    await open();
    const push = (channel: string) => async (): Promise<Answer> => {
      await world.advance(SECOND);
      return world.send({ content: "提醒" }, channel);
    };
    const id = await world.say();
    expect(await times(21, push("general"))).toEqual([...oks(20), 304045]);
    expect(await times(1, push("games"))).toEqual(oks(1));
    expect(await times(1, push("music"))).toEqual([304035]);
    expect(outcome(await world.send({ content: "回复", msg_id: id }))).toBe("ok");
    await world.advance(DAY);
    expect(await times(1, push("music"))).toEqual(oks(1));
  });

  test("not when the rules are lenient", async () => {
    await open({}, { rules: "lenient" });
    const id = await world.say();
    await world.advance(DAY);
    const all = [
      { content: "https://example.com", msg_id: id },
      ...Array.from({ length: 30 }, () => ({ content: "x" })),
    ];
    for (const body of all) expect(outcome(await world.send(body))).toBe("ok");
  });
});

const take = (id: unknown, channel = "general"): Promise<Answer> =>
  world.raw.call("DELETE", `${channelPath(channel)}/${String(id)}?hidetip=true`);

describe("taking back", () => {
  test("is for private-domain bots only", async () => {
    await open();
    const { id } = (await world.send({ content: "说错了" })).body;
    const refused = await take(id);
    expect([refused.status, outcome(refused)]).toEqual([403, 11253]);
  });

  test("empties the bot's own message, and no other", async () => {
    await open({ private: true });
    const { id } = (await world.send({ content: "说错了" })).body;
    const theirs = await world.say();
    expect(outcome(await take(theirs))).toBe(306004);
    expect(outcome(await take("08none"))).toBe(306002);
    expect(outcome(await take(id, "abroad"))).toBe(11255);
    expect(await take(id)).toMatchObject({ status: 200, body: {} });
    expect(world.fromBots()).toMatchObject([{ id, text: "", recalled: true }]);
  });
});

describe("events of channels", () => {
  test("a public bot hears mentions and quotes of what it said", async () => {
    await open();
    const { id } = (await world.send({ content: "答案" })).body;
    await world.say(general, "没有人", []);
    await world.emulator.control.call("say", { person: "ming", chat: general, text: "为什么", quote: String(id) });
    expect(await world.frames()).toMatchObject([
      { t: "AT_MESSAGE_CREATE", d: { content: "为什么", message_reference: { message_id: id }, seq_in_channel: "3" } },
    ]);
  });

  test("a private-domain bot hears everything, once and under one name", async () => {
    await open({ private: true });
    const plain = await world.say(general, "1 < 2", []);
    const mention = await world.say(general, "在吗");
    expect((await world.frames()).map(({ t, d }) => [t, d["id"], d["content"]])).toEqual([
      ["MESSAGE_CREATE", plain, "1 &lt; 2"],
      ["MESSAGE_CREATE", mention, `<@!${guildId("bot", APP_ID)}>\u00A0在吗`],
    ]);
    expect(outcome(await world.send({ content: "在", msg_id: plain }))).toBe("ok");
  });

  test("the intent of private-domain bots is not for others", async () => {
    await open();
    const gateway = await world.raw.connect();
    gateway.send({ op: 2, d: { token: `QQBot ${world.raw.token}`, intents: 1 << 9 } });
    expect((await gateway.closed).code).toBe(4014);
  });

  test("a person takes back a message: a public bot is told of those it had", async () => {
    await open();
    const heard = await world.say();
    const overheard = await world.say(general, "悄悄话", []);
    await world.frames();
    for (const message of [heard, overheard]) await world.emulator.control.call("unsay", { chat: general, message });
    expect(await world.frames()).toMatchObject([
      {
        t: "PUBLIC_MESSAGE_DELETE",
        d: {
          message: {
            id: heard,
            guild_id: guildId("guild", "test-guild"),
            channel_id: guildId("channel", "general"),
            author: { id: guildId("user", "lin") },
          },
          op_user: { id: guildId("user", "lin") },
        },
      },
    ]);
    expect(world.emulator.world.messages(general)).toMatchObject([{ recalled: true, text: "" }, { recalled: true }]);
  });

  test("a private-domain bot is told of all", async () => {
    await open({ private: true });
    const message = await world.say(general, "悄悄话", []);
    await world.frames();
    await world.emulator.control.call("unsay", { chat: general, message });
    expect(await world.frames()).toMatchObject([{ t: "MESSAGE_DELETE", d: { message: { id: message } } }]);
  });

  test("only a person's message can be taken back so, and only once", async () => {
    await open();
    const { id } = (await world.send({ content: "答案" })).body;
    const own = await world.say();
    const unsay = (message: string): Promise<object> =>
      world.emulator.control.call("unsay", { chat: general, message });
    await unsay(own);
    await expect(unsay(own)).rejects.toThrow("already");
    await expect(unsay(String(id))).rejects.toThrow("of a person");
  });

  test("a bot that is nowhere lets the platform answer", async () => {
    const second = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
    const channels = guildSeed.channels.map((channel) => ({ ...channel, bots: [...channel.bots, second.appId] }));
    await open({}, { seed: { ...guildSeed, bots: [...guildSeed.bots, second], channels } });
    await world.say(general, "在吗", [APP_ID, second.appId]);
    expect(world.emulator.world.messages(general).slice(1)).toMatchObject([
      { from: { kind: "system", id: second.appId }, text: "该机器人未连接服务" },
    ]);
    const online = await (await rawBot(world.emulator, second)).online(1 << 30);
    expect(await world.frames(online)).toEqual([]);
  });
});
