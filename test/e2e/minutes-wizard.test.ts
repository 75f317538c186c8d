// The questions of `openclaw channels add`, answered in a terminal, to the bot's first words on each road.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { freePort } from "../../demo/host.ts";
import { openNewcomer, type Newcomer } from "./minutes.ts";
import { account, bot, dm, personalDm, seed } from "./support.ts";
import { countActions, type Counted, type Terminal } from "./terminal.ts";

const socket = bot(1, { name: "小助手" });
const hook = bot(2, { name: "小钩" });
const personal = account(1, { token: "", servers: false });

let newcomer: Newcomer;
beforeAll(async () => {
  newcomer = await openNewcomer({ ...seed([socket, hook]), accounts: [personal] });
});
afterEach(async () => newcomer?.forget());
afterAll(async () => newcomer?.close());

const wizard = (counted: Counted, language?: string): Terminal =>
  newcomer.command(counted, ["channels", "add", "--channel", "qq"], language);

/** Takes the option so many below the first: one action. */
async function choose(counted: Counted, terminal: Terminal, question: RegExp, below: number): Promise<void> {
  await terminal.shows(question);
  counted.did(`answers ${String(question)}`);
  for (let step = 0; step < below; step += 1) terminal.press("down");
  terminal.press("enter");
}

/** Pastes an answer, or leaves it empty: one action. */
async function fill(counted: Counted, terminal: Terminal, question: RegExp, text = ""): Promise<void> {
  await terminal.shows(question);
  counted.did(`answers ${String(question)}`);
  terminal.type(text);
  terminal.press("enter");
}

test("A2: the wizard by scan: the road, the code, and the bot answers who scanned", async () => {
  const counted = countActions();
  const terminal = wizard(counted);
  await choose(counted, terminal, /How does OpenClaw reach QQ/, 0);
  await terminal.shows(/connect\.html/);
  counted.did("scans the code, makes a bot and confirms");
  const wish = { do: "confirm", person: "lin", name: "小新" } as const;
  const { bot: appId = "" } = await newcomer.emulator.control.call("bind", wish);
  await terminal.shows(/Reached: 小新/);
  expect(await terminal.ended).toBe(0);

  await newcomer.lineReady("websocket");
  const chat = { kind: "dm", person: "lin", bot: appId } as const;
  const answer = await newcomer.reply(chat, await newcomer.write(counted, "lin", chat, "by wizard"));
  expect(answer.text).toContain("by wizard");
  expect(counted.actions).toHaveLength(4);
});

test("A2: the wizard in Chinese: AppID and AppSecret in one field, and the bot is there", async () => {
  const counted = countActions();
  const terminal = wizard(counted, "zh_CN.UTF-8");
  await choose(counted, terminal, /OpenClaw 通过哪种方式接入 QQ/, 1);
  await fill(counted, terminal, /AppID:AppSecret/, `${socket.appId}:${socket.secret}`);
  await choose(counted, terminal, /消息如何到达/, 0);
  await terminal.shows(/连接成功：小助手/);
  // The host's own question, about an owner of commands.
  await choose(counted, terminal, /暂时跳过/, 0);
  await terminal.shows(/openclaw pairing approve qq 配对码/);
  expect(await terminal.ended).toBe(0);
  expect(terminal.transcript()).not.toContain(socket.secret);

  await newcomer.lineReady("websocket");
  const chat = dm("ming", socket);
  const code = await newcomer.reply(chat, await newcomer.write(counted, "ming", chat, "你好"));
  expect(code.text).toContain("openclaw pairing approve qq");
  expect(counted.actions).toHaveLength(6);
});

test("A2: the wizard for a webhook: a wrong secret is told before it is saved, then QQ takes the address", async () => {
  const counted = countActions();
  const terminal = wizard(counted);
  await choose(counted, terminal, /How does OpenClaw reach QQ/, 1);
  await fill(counted, terminal, /AppID:AppSecret/, `${hook.appId}:wrong`);
  await choose(counted, terminal, /How do messages come from QQ/, 1);
  await fill(counted, terminal, /Public address of this gateway/, newcomer.gateway.url);
  await terminal.shows(/Not reached yet/);
  await choose(counted, terminal, /And now\?/, 1);
  await fill(counted, terminal, /AppID:AppSecret/, `${hook.appId}:${hook.secret}`);
  await choose(counted, terminal, /How do messages come from QQ/, 1);
  await fill(counted, terminal, /Public address of this gateway/, newcomer.gateway.url);
  await terminal.shows(/Reached: 小钩/);
  await choose(counted, terminal, /Skip/, 0);
  const [, webhookUrl = ""] = await terminal.shows(/save this address.*?(http:\/\/\S+)\n/s);
  expect(await terminal.ended).toBe(0);

  await newcomer.lineReady("webhook");
  const wish = { bot: hook.appId, mode: "webhook", webhookUrl } as const;
  expect(await newcomer.emulator.control.call("transport", wish)).toEqual({ ok: true });
  const chat = dm("ming", hook);
  const code = await newcomer.reply(chat, await newcomer.write(counted, "ming", chat, "by callback"));
  expect(code.text).toContain("openclaw pairing approve qq");
});

test("A2: the wizard for NapCat: what to paste is shown while it is not there, and tried again when it is", async () => {
  const counted = countActions();
  const wsUrl = `ws://127.0.0.1:${await freePort()}`;
  const terminal = wizard(counted);
  await choose(counted, terminal, /How does OpenClaw reach QQ/, 2);
  await fill(counted, terminal, /NapCat's address/, wsUrl);
  await fill(counted, terminal, /NapCat's token/);
  const [config] = await terminal.shows(/^\{"network".*\}(?=\n)/m);
  counted.did("pastes the network entry into NapCat");
  await newcomer.emulator.control.call("napcatNetwork", { account: personal.uin, config });
  await choose(counted, terminal, /And now\?/, 0);
  await terminal.shows(/Reached: account1/);
  await choose(counted, terminal, /Skip/, 0);
  expect(await terminal.ended).toBe(0);

  await newcomer.lineReady("onebot");
  const chat = personalDm("ming", personal);
  const code = await newcomer.reply(chat, await newcomer.write(counted, "ming", chat, "hello"));
  expect(code.text).toContain("openclaw pairing approve qq");
  expect(counted.actions).toHaveLength(8);
});
