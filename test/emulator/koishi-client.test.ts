import { createRequire } from "node:module";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import { accountSeed, dm, GROUP, group, LIN, UIN } from "../../emulator/onebot/testing/raw-client.ts";

/** What is used of koishi 4.18.11 with koishi-plugin-adapter-onebot 6.9.4; their own types need settings of their own. */
interface ForeignApp {
  plugin(plugin: unknown, config?: object): void;
  middleware(run: (session: ForeignSession) => Promise<string>): void;
  start(): Promise<void>;
  readonly bots: readonly ForeignBot[];
}
interface ForeignSession {
  readonly content: string;
  readonly isDirect: boolean;
  readonly userId: string;
  readonly stripped: { readonly content: string };
}
interface ForeignBot {
  stop(): Promise<void>;
  getGuildList(): Promise<{ readonly data: readonly object[] }>;
  getMessageList(
    channel: string,
  ): Promise<{ readonly data: readonly { readonly id: string; readonly content: string }[] }>;
  sendMessage(channel: string, content: string): Promise<readonly string[]>;
  deleteMessage(channel: string, message: string): Promise<void>;
}

const require = createRequire(import.meta.url);
// The package's modules for `import` do not load in Node 24.
const { Context, Logger } = require("koishi") as {
  Context: new () => ForeignApp;
  Logger: { levels: { base: number } };
};
const { default: adapter } = require("koishi-plugin-adapter-onebot") as { default: unknown };
const { default: http } = createRequire(require.resolve("koishi"))("@koishijs/plugin-http") as { default: unknown };

let emulator: Emulator;
let app: ForeignApp;
Logger.levels.base = 0;
const heard: ForeignSession[] = [];
beforeEach(async () => {
  heard.length = 0;
  emulator = await createEmulator({ seed: accountSeed({ token: "secret" }) });
  app = new Context();
  app.plugin(http);
  app.plugin(adapter, { selfId: UIN, token: "secret", protocol: "ws", endpoint: emulator.napcat(UIN).wsUrl });
  app.middleware(async (session) => {
    heard.push(session);
    return `听到${session.stripped.content}`;
  });
  await app.start();
  await emulator.waitForSessions(UIN, 1);
  await expect.poll(() => app.bots[0]).toHaveProperty("status", 1);
});
afterEach(async () => {
  for (const bot of app.bots) await bot.stop();
  await emulator.close();
});

test("an independent framework hears a group and a friend, and answers each", async () => {
  const asked = await emulator.control.call("say", { person: LIN, chat: group, text: "你好", mention: [UIN] });
  expect(await emulator.waitForReply({ chat: group, after: asked.id })).toMatchObject({ text: "听到你好" });
  const alone = await emulator.control.call("say", { person: LIN, chat: dm, text: "a&b[c],d" });
  expect(await emulator.waitForReply({ chat: dm, after: alone.id })).toMatchObject({ text: "听到a&b[c],d" });
  expect(heard).toMatchObject([
    { isDirect: false, userId: LIN, content: `<at id="${UIN}"/> 你好` },
    { isDirect: true, userId: LIN, content: "a&amp;b[c],d" },
  ]);
});

test("an independent framework lists groups, reads a history, sends and takes back", async () => {
  const [bot] = app.bots;
  if (!bot) throw new Error("koishi has no bot");
  expect(await bot.getGuildList()).toMatchObject({ data: [{ id: GROUP, name: "测试群" }] });
  const [id = ""] = await bot.sendMessage(GROUP, `<at id="${LIN}"/>早`);
  expect(emulator.world.messages(group)).toMatchObject([{ text: "@小林早" }]);
  const { data } = await bot.getMessageList(GROUP);
  expect(data).toMatchObject([{ id }]);
  await bot.deleteMessage(GROUP, id);
  expect(emulator.world.messages(group)).toMatchObject([{ recalled: true }]);
});
