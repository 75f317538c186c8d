// Sends outside of a turn: by the command line, the agent's message tool, cron and heartbeat; and what they hang on.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quote, type ModelTurn } from "../../demo/model.ts";
import type { ChatRef } from "../../emulator/control.ts";
import { guildId, openid } from "../../emulator/ids.ts";
import { png } from "../emulator/files.ts";
import { bot, dm, group, openWorld, seed, type World } from "./support.ts";

const account = bot(1);
const { appId } = account;
const people = ["lin", "ming", "alice", "owner", "reader"];
const user = (person: string): string => openid(appId, "user", person);
const groupId = openid(appId, "group", "one");
const general: ChatRef = { kind: "channel", channel: "general" };
const guildDm: ChatRef = { kind: "guild-dm", person: "lin", guild: "guild", bot: appId };
/** A guild DM has a guild of its own. */
const dmTarget = `dm:${guildId("guild", `dm/${appId}/lin/guild`)}`;

/** Tools that the model calls next, a turn each. */
const toCall: NonNullable<ModelTurn["calls"]>[] = [];
let world: World;

beforeAll(async () => {
  const plain = seed([account], people);
  const channel = {
    id: "general",
    name: "general",
    guild: "guild",
    guildName: "guild",
    members: people,
    bots: [appId],
  };
  world = await openWorld({
    seed: { ...plain, channels: [channel] },
    model: {
      reply: (text) => {
        const calls = toCall.shift();
        return calls ? { calls } : quote(text);
      },
    },
    config: {
      commands: { ownerAllowFrom: [`qq:${user("owner")}`] },
      agents: { defaults: { heartbeat: { every: "24h" } } },
    },
    env: { OPENCLAW_SKIP_CRON: "" },
    channel: () => ({
      appId,
      appSecret: account.secret,
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      replyToMode: "off",
      typing: false,
    }),
  });
  await world.gateway.ready;
  await world.emulator.waitForSessions(appId, 1, 30_000);
});

afterAll(async () => world?.close());

/** `openclaw message send`; says with which code it ended and what it printed, `--json` read. */
async function send(target: string, text: string, ...more: readonly string[]) {
  const args = ["--channel", "qq", "--target", target, "--message", text, "--json", ...more];
  const { code, stdout } = await world.gateway.cli(["message", "send", ...args]);
  const told = JSON.parse(stdout) as { messageId?: string; error?: { message: string } };
  return { code, messageId: told.messageId, error: told.error?.message };
}

/** What the bot has said in a chat, with its id. */
const said = (chat: ChatRef) => world.answers(chat).map(({ id, text }) => ({ id, text }));

/** What ties the messages to a person to what they answer, in order. */
function ties(person: string): readonly string[] {
  const calls = world.emulator
    .wire()
    .filter(({ title }) => title.startsWith(`POST /v2/users/${user(person)}/messages`));
  return calls.flatMap(({ body }) => {
    const request = (body as { request?: Readonly<Record<string, unknown>> } | undefined)?.request ?? {};
    return ["msg_id", "event_id", "is_wakeup"].find((tie) => tie in request) ?? "nothing";
  });
}

let turns = 0;

/** Lets the agent call its message tool, and waits for the end of its turn; resolves with what the tool said last. */
async function useMessageTool(person: string, ...sends: readonly object[]): Promise<string> {
  const chat = dm(person, account);
  const question = `use your tool, ${(turns += 1)}`;
  const id = "message";
  toCall.push(sends.map((args) => ({ name: "tool_call", arguments: { id, args: { action: "send", ...args } } })));
  await world.say(person, chat, question);
  await world.until("the turn's end", () => said(chat).some(({ text }) => text === quote(question)), 60_000);
  const tools = world.model.requests.at(-1)?.messages.filter(({ role }) => role === "tool") ?? [];
  return JSON.stringify(tools.at(-1)?.content ?? "").replaceAll(/\\+"/g, '"');
}

describe("by the command line", () => {
  test("F11: to every kind of chat, with a prefix and without; what it prints is what was sent", async () => {
    await world.ask("lin", guildDm, "opens the direct message");
    const chats: readonly (readonly [string, ChatRef])[] = [
      [`qq:c2c:${user("alice")}`, dm("alice", account)],
      [`qqbot:group:${groupId}`, group("one")],
      [`channel:${guildId("channel", "general")}`, general],
      [dmTarget, guildDm],
    ];
    const sends = await Promise.all(chats.map(async ([target]) => send(target, `hi ${target}`)));
    for (const [index, [target, chat]] of chats.entries()) {
      const { messageId, ...rest } = sends[index] ?? {};
      expect([rest, said(chat).at(-1)]).toEqual([{ code: 0 }, { id: messageId, text: `hi ${target}` }]);
    }
  });

  test("F11: an unknown shape is refused with the list of shapes", async () => {
    const { code, error } = await send("nobody in particular", "hi");
    expect(code).toBe(1);
    for (const shape of ["c2c:OPENID", "group:OPENID", "channel:ID", "dm:GUILD"]) expect(error).toContain(shape);
  });

  test("F11 F5 F6: with a file, as a reply to a message", async () => {
    const file = join(world.gateway.directory, "workspace", "dot.png");
    await writeFile(file, png);
    const question = await world.say("lin", group("one"), "show us", { mention: [appId] });
    await world.emulator.waitForReply({ chat: group("one"), after: question, timeoutMs: 60_000 });
    const { code, messageId } = await send(`group:${groupId}`, "a dot", "--media", file, "--reply-to", question);
    expect(code).toBe(0);
    const shown = world.answers(group("one")).at(-1);
    expect(shown).toMatchObject({ id: messageId, text: "a dot", media: { kind: "image" }, quote: { id: question } });
    expect(shown?.repliesTo).toBe(question);
  });

  test("F11 F9: not to whom has switched such messages off: it says why, and is delivered when they write again", async () => {
    const chat = dm("reader", account);
    await world.emulator.control.call("proactive", { chat, allowed: false });
    const off = `chat proactive-off chat=c2c:${user("reader")}`;
    await world.until("the switch", () => world.gateway.log().includes(off));
    const { code, error, messageId } = await send(`c2c:${user("reader")}`, "the news of the day");
    expect([code, messageId]).toEqual([1, undefined]);
    expect(error).toMatch(/proactive messages are switched off .* kept until somebody writes there again/);
    expect(ties("reader")).toEqual([]);
    const after = await world.say("reader", chat, "anything new?");
    await world.emulator.waitForReplies({ chat, after, count: 2, timeoutMs: 60_000 });
    expect(said(chat).map(({ text }) => text)).toEqual(["the news of the day", quote("anything new?")]);
  });

  test("F11: the directory lists the chats there are, as targets", async () => {
    const { stdout } = await world.gateway.cli(["directory", "peers", "list", "--channel", "qq", "--json"]);
    const peers = JSON.parse(stdout) as readonly { readonly id: string }[];
    expect(peers.map(({ id }) => id)).toEqual(expect.arrayContaining([`c2c:${user("reader")}`, dmTarget]));
  });
});

describe("by the agent's message tool", () => {
  test("F11: to another chat", async () => {
    const told = await useMessageTool("lin", { target: `group:${groupId}`, message: "lin says hello" });
    expect(said(group("one")).at(-1)?.text).toBe("lin says hello");
    expect(told).toContain(said(group("one")).at(-1)?.id);
  });

  test("F11: an unknown shape comes back with the list of shapes", async () => {
    expect(await useMessageTool("lin", { target: "the others", message: "hello" })).toContain("group:OPENID");
  });

  test("F11: of what it sends a person, replies go first, then what answers nothing, then a wake-up", async () => {
    const target = `c2c:${user("ming")}`;
    await useMessageTool("ming", ...[1, 2, 3, 4].map((number) => ({ target, message: `part ${number}` })));
    const call = `POST /v2/users/${user("ming")}/messages`;
    const answer = { kind: "error", status: 400, code: 40034102 } as const;
    await world.emulator.control.call("fault", { do: "http", call, answer });
    expect((await send(target, "please look")).code).toBe(0);
    const replies = ["msg_id", "msg_id", "msg_id", "msg_id"];
    expect(ties("ming")).toEqual([...replies, "nothing", "nothing", "is_wakeup"]);
  });
});

test("F11: a reply hangs on an event where there is no message", async () => {
  for (const friends of [false, true]) {
    await world.emulator.control.call("friend", { person: "alice", bot: appId, friends });
  }
  await world.until("the friend", () => world.gateway.log().includes(`chat opened chat=c2c:${user("alice")}`));
  const before = ties("alice").length;
  expect((await send(user("alice"), "welcome")).code).toBe(0);
  expect(ties("alice").slice(before)).toEqual(["event_id"]);
});

test("F11: cron and heartbeat deliver to the chats that they are for", async () => {
  const chat = dm("owner", account);
  const to = `c2c:${user("lin")}`;
  const what = ["--session", "isolated", "--message", "drink water", "--announce", "--channel", "qq", "--to", to];
  const added = await world.gateway.cli(["cron", "add", "--name", "water", "--at", "3s", ...what]);
  expect(added.code).toBe(0);
  const reminded = (): boolean => said(dm("lin", account)).some(({ text }) => text.includes("drink water"));
  await world.until("the reminder", reminded, 60_000);
  const woken = await world.gateway.cli(["system", "event", "--text", "look after the owner", "--mode", "now"]);
  expect(woken.code).toBe(0);
  await world.until("the heartbeat", () => said(chat).length > 0, 60_000);
});

test("F11: no call was refused but the one that had to be", () => {
  expect(world.emulator.refusals().map(({ title }) => title)).toEqual([expect.stringContaining(user("ming"))]);
});
