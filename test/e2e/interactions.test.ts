// Buttons on both roads: what the host asks approval for, what the agent offers, and what is taken back.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelTurn } from "../../demo/model.ts";
import type { ChatTurn } from "../../demo/prompt.ts";
import type { ChatButton, ChatMessage, ChatRef } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import { bot, dm, group, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const socket = bot(1);
const hook = bot(2);
/** QQ grants it no markdown, and so no buttons. */
const plain = bot(3, { markdown: false });
const roads = [
  ["websocket", socket, group("one")],
  ["webhook", hook, group("two")],
] as const;

/** As many people as conversations that are taken at once. */
const crowd = Array.from({ length: 8 }, (_, index) => `p${index}`);

const user = ({ appId }: typeof socket, person: string): string => openid(appId, "user", person);
const member = ({ appId }: typeof socket, person: string): string => openid(appId, "member", person);

let world: World;
/** Whatever the model still thinks about is answered when this is called. */
let think = Promise.withResolvers<void>();

beforeAll(async () => {
  const open = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open" };
  const credentials = ({ appId, secret }: typeof socket) => ({ appId, appSecret: secret });
  const owners = [socket, hook, plain].flatMap((each) => [user(each, "lin"), member(each, "lin")]);
  world = await openWorld({
    seed: seed([socket, hook, plain], ["lin", "ming", "alice", ...crowd]),
    model: { reply: converse },
    config: {
      commands: { ownerAllowFrom: owners.map((id) => `qq:${id}`) },
      tools: { exec: { host: "gateway", security: "allowlist", ask: "always" } },
    },
    channel: () => ({
      ...open,
      ...credentials(socket),
      accounts: { hook: { ...credentials(hook), webhookPath: WEBHOOK_PATH }, plain: credentials(plain) },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of [socket, plain]) await world.emulator.waitForSessions(appId, 1, 30_000);
  await openCallbacks(world, hook);
});

afterAll(async () => {
  await world?.close();
});

/** The host keeps its message tool behind a catalog. */
function callTool(args: object): ModelTurn {
  return { calls: [{ name: "tool_call", arguments: { id: "message", args } }] };
}

const choices = {
  type: "buttons",
  buttons: [
    { label: "Yes", action: { type: "callback", value: "yes, do it" }, style: "primary" },
    { label: "No", action: { type: "callback", value: "no" } },
  ],
};

/** A model that does as it is told: runs a command, offers buttons, takes back what it said. */
async function converse(text: string, messages: readonly ChatTurn[]): Promise<string | ModelTurn> {
  const came = resultOf(messages);
  const sent = text === "say and take back" ? /messageId[\\": ]+([^\\",]+)/.exec(came ?? "")?.[1] : undefined;
  if (sent !== undefined) return callTool({ action: "unsend", target: `c2c:${user(socket, "lin")}`, messageId: sent });
  if (came !== undefined) return `result: ${came}`;
  const [, command] = /^run (.+)$/s.exec(text) ?? [];
  if (command !== undefined) return { calls: [{ name: "exec", arguments: { command } }] };
  if (text === "offer") return callTool({ action: "send", message: "Which?", presentation: { blocks: [choices] } });
  if (text === "say and take back") return callTool({ action: "send", message: "a mistake" });
  if (text === "think") await think.promise;
  return `heard: ${text}`;
}

/** The host's own notes come as turns of the user. */
const isNote = (turn: ChatTurn): boolean => JSON.stringify(turn.content).includes("BEGIN_OPENCLAW_INTERNAL_CONTEXT");

/** What came of the tool that was called last, unless somebody has written since. */
function resultOf(messages: readonly ChatTurn[]): string | undefined {
  const last = messages.findLast((turn) => turn.role === "tool" || (turn.role === "user" && !isNote(turn)));
  return last?.role === "tool" ? JSON.stringify(last.content) : undefined;
}

const labels = (message: ChatMessage): string[] => (message.buttons ?? []).flat().map(({ label }) => label);

function button(message: ChatMessage, label: string): ChatButton {
  const found = message.buttons?.flat().find((each) => each.label === label);
  if (!found) throw new Error(`no button ${label} among ${labels(message).join(", ")}`);
  return found;
}

async function press(person: string, chat: ChatRef, message: ChatMessage, label: string, forced = false) {
  const body = { person, chat, message: message.id, button: button(message, label).id, forced };
  return world.emulator.control.call("press", body);
}

/** Says something and waits for the message with buttons that it brings. */
async function card(
  person: string,
  chat: ChatRef,
  text: string,
  mention: readonly string[] = [],
): Promise<ChatMessage> {
  const before = new Set(world.answers(chat).map(({ id }) => id));
  await world.say(person, chat, text, { mention });
  const shown = (): ChatMessage | undefined =>
    world.answers(chat).find(({ id, buttons }) => !before.has(id) && buttons);
  await world.until("a message with buttons", () => shown() !== undefined, 60_000);
  const message = shown();
  if (!message) throw new Error("no message with buttons");
  return message;
}

async function says(chat: ChatRef, text: string): Promise<void> {
  await world.until(`"${text}"`, () => world.answers(chat).some((answer) => answer.text.includes(text)), 60_000);
}

/** Id of the request, as people write it. */
function requestOf({ text }: ChatMessage): string {
  const id = /Request ([0-9a-f]{8}),/.exec(text)?.[1];
  if (id === undefined) throw new Error(`no request in ${text}`);
  return id;
}

describe.each(roads)("approvals by %s", (_, account, room) => {
  test("F10: in a direct message the approver presses, and the command runs", async () => {
    const chat = dm("lin", account);
    const asked = await card("lin", chat, "run expr 40 + 2");
    expect(labels(asked)).toEqual(["Allow once", "Deny"]);
    expect(asked.text).toContain("expr 40 + 2");
    expect(await press("lin", chat, asked, "Allow once")).toEqual({ result: "0" });
    await says(chat, 'result: "42"');
    expect(
      world
        .answers(chat)
        .find(({ id }) => id === asked.id)
        ?.buttons?.flat()[0],
    ).toMatchObject({ pressed: true });
  });

  test("F10 D6: in a group nobody but the approver decides, whoever asked and however the press comes", async () => {
    const chat = room;
    const asked = await card("ming", chat, "run expr 50 + 3", [account.appId]);
    expect(await press("ming", chat, asked, "Allow once")).toEqual({ result: "not permitted" });
    expect(await press("ming", chat, asked, "Allow once", true)).toEqual({ result: "4" });
    expect(world.gateway.log()).toContain(`sender=${member(account, "ming")} why="the button is for somebody else"`);
    expect(world.answers(chat).some(({ text }) => text.includes('result: "53"'))).toBe(false);
    expect(await press("lin", chat, asked, "Allow once")).toEqual({ result: "0" });
    await says(chat, 'result: "53"');
  });
});

test("F10: who decides in words is heard while the command waits, and nobody else is", async () => {
  const chat = dm("lin", socket);
  const asked = await card("lin", chat, "run expr 60 + 4");
  const decision = `/approve ${requestOf(asked)} deny`;
  await world.say("ming", dm("ming", socket), decision.replace("deny", "allow-once"));
  await world.ask("ming", dm("ming", socket), "hello");
  await world.say("lin", chat, decision);
  await says(chat, "denied");
  expect(world.answers(chat).some(({ text }) => text.includes('result: "64"'))).toBe(false);
  expect(await press("lin", chat, asked, "Allow once")).toEqual({ result: "3" });
  await says(chat, "was decided elsewhere");
});

test("F10: where QQ shows no buttons, the request says what to write, and that decides", async () => {
  const chat = dm("lin", plain);
  await world.say("lin", chat, "run expr 80 + 6");
  await says(chat, "To choose, write one of these:");
  const [decision] = /\/approve [0-9a-f]{8} allow-once/.exec(world.answers(chat).at(-1)?.text ?? "") ?? [];
  await world.say("lin", chat, decision ?? "");
  await says(chat, 'result: "86"');
  expect(world.answers(chat).some(({ buttons }) => buttons)).toBe(false);
});

test("F10: what somebody asks for who may not decide is decided in the approver's direct message", async () => {
  const asked = card("lin", dm("lin", socket), "hello");
  await world.say("ming", dm("ming", socket), "run expr 70 + 5");
  expect(await press("lin", dm("lin", socket), await asked, "Allow once")).toEqual({ result: "0" });
  await says(dm("ming", socket), 'result: "75"');
  expect(world.answers(dm("ming", socket)).some(({ buttons }) => buttons)).toBe(false);
});

test("F10: a press is acknowledged while as many turns run as are taken at once", async () => {
  const chat = dm("lin", socket);
  think = Promise.withResolvers();
  const offered = await card("lin", chat, "offer");
  for (const person of crowd) await world.say(person, dm(person, socket), "think");
  await world.until(
    "eight turns",
    () => world.model.requests.filter(({ text }) => text === "think").length === crowd.length,
    60_000,
  );
  expect(await press("lin", chat, offered, "Yes")).toEqual({ result: "0" });
  expect(await press("lin", chat, offered, "No", true)).toEqual({ result: "3" });
  think.resolve();
  await says(chat, "heard: yes, do it");
});

test("F12: the agent takes back what it said", async () => {
  const chat = dm("lin", socket);
  const before = world.answers(chat).length;
  await world.say("lin", chat, "say and take back");
  await world.until(
    "the recall",
    () =>
      world
        .answers(chat)
        .slice(before)
        .some(({ recalled }) => recalled === true),
    60_000,
  );
});
