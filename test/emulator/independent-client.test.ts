import { createRequire } from "node:module";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import { guildId } from "../../emulator/ids.ts";
import { defaultSeed } from "../../emulator/seed.ts";
import { digest, png } from "./files.ts";
import { general, linDm } from "./guild-world.ts";
import { APP_ID } from "./raw-bot.ts";

/** What is used of qq-official-bot 1.0.13; its own types are left aside, as they need settings of their own. */
interface ForeignBot {
  readonly request: {
    readonly interceptors: {
      readonly request: { use(change: (config: ForeignRequest) => ForeignRequest): void };
    };
  };
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  on(event: string, listener: (message: ForeignMessage) => void): void;
}
interface ForeignRequest {
  url?: string;
  baseURL?: string;
  proxy?: false;
}
interface ForeignMessage {
  readonly raw_message: string;
  readonly message_id: string;
  reply(content: unknown): Promise<{ id: string }>;
}
type ForeignModule = { Bot: new (config: Record<string, unknown>) => ForeignBot };

const { Bot } = createRequire(import.meta.url)("qq-official-bot") as ForeignModule;

let emulator: Emulator;
let bot: ForeignBot;

beforeEach(async () => {
  emulator = await createEmulator();
  bot = new Bot({
    appid: APP_ID,
    secret: defaultSeed.bots[0]?.secret,
    mode: "websocket",
    intents: ["GROUP_AND_C2C_EVENT", "PUBLIC_GUILD_MESSAGES", "DIRECT_MESSAGE"],
    logLevel: "off",
  });
  // The client has no setting for its hosts. Its axios instance is public, so the two origins are exchanged there
  // and everything else (bodies, headers, gateway) is the client's own.
  bot.request.interceptors.request.use((config) =>
    Object.assign(config, {
      url: config.url?.replace("https://bots.qq.com", emulator.url),
      baseURL: emulator.url,
      proxy: false,
    }),
  );
});
afterEach(async () => {
  await bot.stop();
  await emulator.close();
});

// Its reconnecting is not asked for: after a close it opens two connections at once, and may identify on either.
test("somebody else's client connects, hears a person and a group, and answers both", async () => {
  const heard: string[] = [];
  bot.on("message.private.friend", (message) => {
    heard.push(message.raw_message);
    void message.reply("你好，小林");
  });
  bot.on("message.group", (message) => {
    heard.push(message.raw_message);
    void message.reply([{ type: "markdown", data: { content: "**晴**" } }]);
  });
  await bot.start();
  expect(emulator.world.snapshot().bots[0]?.sessions).toBe(1);

  const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
  const fromLin = await emulator.control.call("say", { person: "lin", chat: dm, text: "你好" });
  expect(await emulator.waitForReply({ chat: dm, after: fromLin.id })).toMatchObject({
    from: { kind: "bot", name: "小助手" },
    text: "你好，小林",
    repliesTo: fromLin.id,
  });

  const group = { kind: "group", group: "test-group" } as const;
  const ask = { person: "ming", chat: group, text: "天气", mention: [APP_ID] };
  const fromMing = await emulator.control.call("say", ask);
  expect(await emulator.waitForReply({ chat: group, after: fromMing.id })).toMatchObject({
    text: "**晴**",
    markdown: true,
    repliesTo: fromMing.id,
  });
  expect(heard).toEqual(["你好", "天气"]);
  expect(emulator.refusals()).toEqual([]);
});

test("somebody else's client answers a person with a picture", async () => {
  bot.on("message.private.friend", (message) => {
    void message.reply([{ type: "image", data: { file: png } }]);
  });
  await bot.start();
  const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
  const { id } = await emulator.control.call("say", { person: "lin", chat: dm, text: "来张图" });
  expect(await emulator.waitForReply({ chat: dm, after: id })).toMatchObject({
    text: "",
    media: { kind: "image", size: png.length, sha256: digest("sha256", png) },
    repliesTo: id,
  });
  expect(emulator.refusals()).toEqual([]);
});

test("somebody else's client answers in a channel, with a picture too, and in a guild DM", async () => {
  bot.on("message.guild", (message) => {
    void message
      .reply([
        { type: "at", data: { user_id: guildId("user", "ming") } },
        { type: "text", data: { text: " 晴" } },
      ])
      .then(() => message.reply([{ type: "image", data: { file: `base64://${png.toString("base64")}` } }]));
  });
  bot.on("message.private.direct", (message) => void message.reply("私下说：晴"));
  await bot.start();

  const ask = { person: "ming", chat: general, text: "天气", mention: [APP_ID] };
  const { id } = await emulator.control.call("say", ask);
  expect(await emulator.waitForReplies({ chat: general, after: id, count: 2 })).toMatchObject([
    { text: "@阿明 晴", mentions: ["阿明"], repliesTo: id },
    { text: "", media: { kind: "image", size: png.length }, repliesTo: id },
  ]);
  const asked = await emulator.control.call("say", { person: "lin", chat: linDm, text: "天气" });
  expect(await emulator.waitForReply({ chat: linDm, after: asked.id })).toMatchObject({
    text: "私下说：晴",
    repliesTo: asked.id,
  });
  expect(emulator.refusals()).toEqual([]);
});
