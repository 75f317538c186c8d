// From "host installed" to the bot's first true answer, by commands: what a person has to do, counted (see terminal.ts).
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { freePort } from "../../demo/host.ts";
import type { ChatMessage, ChatRef } from "../../emulator/control.ts";
import type { Seed } from "../../emulator/seed.ts";
import { openNewcomer, type Newcomer } from "./minutes.ts";
import { account, bot, dm, personalDm, seed } from "./support.ts";
import { countActions, type Counted } from "./terminal.ts";

const socket = bot(1, { name: "小助手" });
const hook = bot(2);
const personal = account(1, { token: "", servers: false });
const ADD = ["channels", "add", "--channel", "qq"];
const world: Seed = { ...seed([socket, hook]), accounts: [personal] };

let newcomer: Newcomer;
beforeAll(async () => {
  newcomer = await openNewcomer(world);
});
afterEach(async () => newcomer?.forget());
afterAll(async () => newcomer?.close());

/** Writes as somebody unknown, approves the code, and waits for the answer to what was written: two actions. */
async function writeAndApprove(counted: Counted, chat: ChatRef, text: string): Promise<ChatMessage> {
  const written = await newcomer.write(counted, "lin", chat, text);
  const code = await newcomer.reply(chat, written);
  await newcomer.approve(counted, code);
  const [, answer] = await newcomer.emulator.waitForReplies({ chat, after: code.id, count: 2, timeoutMs: 60_000 });
  // `waitForReplies` resolves with as many as were asked for.
  return answer as ChatMessage;
}

test("A2: scan to bind: a command, the scan, a message, and the bot answers", async () => {
  const counted = countActions();
  const terminal = newcomer.command(counted, ["qq", "bind"]);
  await terminal.shows(/Waiting for the scan/);
  expect(terminal.transcript()).toMatch(/[▀▄█]{8}/);
  counted.did("scans the code, makes a bot and confirms");
  const { bot: appId = "" } = await newcomer.emulator.control.call("bind", {
    do: "confirm",
    person: "lin",
    name: "小新",
  });
  await terminal.shows(/小新/);
  expect(await terminal.ended).toBe(0);
  const secret = newcomer.emulator.world.state.bots.get(appId)?.secret ?? "none";
  expect(terminal.transcript()).not.toContain(secret);

  await newcomer.lineReady("websocket");
  const chat = { kind: "dm", person: "lin", bot: appId } as const;
  const answer = await newcomer.reply(chat, await newcomer.write(counted, "lin", chat, "are you there"));
  expect(answer.text).toContain("are you there");
  expect(counted.actions).toHaveLength(3);
});

test("A2 D1: AppID and AppSecret: a command, a message, its approval, and the bot answers", async () => {
  const counted = countActions();
  const terminal = newcomer.command(counted, [...ADD, "--token", `${socket.appId}:${socket.secret}`]);
  await terminal.shows(/小助手/);
  await terminal.shows(/openclaw pairing approve qq/);
  expect(await terminal.ended).toBe(0);
  expect(terminal.transcript()).not.toContain(socket.secret);

  await newcomer.lineReady("websocket");
  const answer = await writeAndApprove(counted, dm("lin", socket), "anybody home");
  expect(answer.text).toContain("anybody home");
  expect(counted.actions).toHaveLength(3);
});

test("A2: as qqbot: the token is taken, and other flags are refused by the host", async () => {
  const typed = ["channels", "add", "--channel", "qqbot"];
  const refused = newcomer.command(countActions(), [...typed, "--transport", "napcat"]);
  const terminal = newcomer.command(countActions(), [...typed, "--token", `${socket.appId}:${socket.secret}`]);
  await terminal.shows(/小助手/);
  expect(await terminal.ended).toBe(0);
  // The host knows the flags of a channel by its id alone; qq.md says so.
  await refused.shows(/does not recognize option "--transport"/);
  expect(await refused.ended).toBe(1);
  await newcomer.lineReady("websocket");
});

test("A2 D1: webhook: a command, the address, the events, a message, its approval, and the bot answers", async () => {
  const counted = countActions();
  // What stands before the gateway in the world: here its own address, for the emulated platform calls it plainly.
  const publicUrl = newcomer.gateway.url;
  const credentials = ["--token", `${hook.appId}:${hook.secret}`];
  const road = ["--transport", "webhook", "--public-url", publicUrl];
  const terminal = newcomer.command(counted, [...ADD, ...credentials, ...road]);
  const [, webhookUrl = ""] = await terminal.shows(/save this address.*?(https?:\/\/\S+)\n/s);
  const [, events = ""] = await terminal.shows(/Tick these events there:\s*([A-Z0-9_,\s]+?)\.?\n\d\./);
  expect(await terminal.ended).toBe(0);

  await newcomer.lineReady("webhook");
  const { control } = newcomer.emulator;
  counted.did("pastes the callback address at q.qq.com and saves: QQ validates it");
  expect(await control.call("transport", { bot: hook.appId, mode: "webhook", webhookUrl })).toEqual({ ok: true });
  counted.did("ticks the events there");
  await control.call("transport", { bot: hook.appId, mode: "webhook", events: events.split(/[,\s]+/) });
  const answer = await writeAndApprove(counted, dm("lin", hook), "by callback");
  expect(answer.text).toContain("by callback");
  expect(counted.actions).toHaveLength(5);
});

test("A2 D1: NapCat: a command, its network entry, a message, its approval, and the bot answers", async () => {
  const counted = countActions();
  // As NapCat's own 3001, which may be taken on a machine that tests run on.
  const wsUrl = `ws://127.0.0.1:${await freePort()}`;
  const terminal = newcomer.command(counted, [...ADD, "--transport", "napcat", "--ws-url", wsUrl]);
  const [config] = await terminal.shows(/^\{"network".*\}(?=\n)/m);
  expect(await terminal.ended).toBe(0);

  counted.did("pastes the network entry into NapCat");
  await newcomer.emulator.control.call("napcatNetwork", { account: personal.uin, config });
  expect(newcomer.emulator.napcat(personal.uin).wsUrl).toBe(wsUrl);
  await newcomer.lineReady("onebot");
  const answer = await writeAndApprove(counted, personalDm("lin", personal), "on my own account");
  expect(answer.text).toContain("on my own account");
  expect(counted.actions).toHaveLength(4);
});
