// Groups as they are configured: how much of what was said the agent gets to know, what wakes it, what it may do there.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quote } from "../../demo/model.ts";
import type { ChatRef } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import { bot, dm, group, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

/** Remembers two messages of a group and one turn of a DM; the others inherit from it. */
const two = bot(1);
/** Remembers nothing of groups, and of DMs what the host keeps. */
const none = bot(2);
/** Has an agent of its own, with names of its own; on webhook. */
const friday = bot(3);
const credentials = ({ appId, secret }: BotSeed) => ({ appId, appSecret: secret });
const mention = ({ appId }: BotSeed) => ({ mention: [appId] });
const idOf = ({ appId }: BotSeed, id: "one" | "two"): string => openid(appId, "group", id);

/** What the model waits for before it answers "hold on". */
const held = Promise.withResolvers<void>();
let world: World;

beforeAll(async () => {
  const open = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open" } as const;
  world = await openWorld({
    seed: seed([two, none, friday]),
    model: {
      reply: async (text) => {
        if (text === "hold on") await held.promise;
        return quote(text);
      },
    },
    config: {
      agents: {
        list: [
          { id: "main", default: true },
          { id: "friday", groupChat: { mentionPatterns: ["小五", "\\bfriday\\b"] } },
        ],
      },
      bindings: [{ agentId: "friday", match: { channel: "qq", accountId: "friday" } }],
      messages: { groupChat: { mentionPatterns: ["\\bjarvis\\b"] }, queue: { mode: "collect", debounceMs: 0 } },
      tools: { deny: ["process"] },
      session: { dmScope: "per-account-channel-peer" },
    },
    channel: () => ({
      ...credentials(two),
      ...open,
      historyLimit: 2,
      dmHistoryLimit: 1,
      groups: {
        "*": { systemPrompt: "Speak plainly.", tools: { deny: ["ls"] } },
        [idOf(two, "one")]: { systemPrompt: "Speak like a pirate.", tools: { deny: ["exec", "message"] } },
      },
      accounts: {
        none: { ...credentials(none), historyLimit: 0, dmHistoryLimit: 20, nativeMarkdown: false },
        friday: { ...credentials(friday), webhookPath: WEBHOOK_PATH, groups: { "*": { requireMention: true } } },
      },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of [two, none]) await world.emulator.waitForSessions(appId, 1, 30_000);
  await openCallbacks(world, friday);
  for (const id of ["one", "two"]) await world.emulator.control.call("groupMode", { group: id, mode: "all" });
});

afterAll(async () => {
  held.resolve();
  await world?.close();
});

const asked = (text: string) => world.model.requests.filter((request) => request.text.includes(text));

/** What the model was sent for a text: the host's instructions, the conversation and the tools. */
function requestFor(text: string) {
  const requests = asked(text);
  expect(requests).toHaveLength(1);
  const messages = requests[0]?.messages ?? [];
  const instructions = JSON.stringify(messages.filter(({ role }) => role === "system"));
  const turns = JSON.stringify(messages.filter(({ role }) => role !== "system"));
  return { instructions, turns, tools: requests[0]?.tools ?? [] };
}

describe("history", () => {
  test.each([
    ["2, of the base", two, [2, 3]],
    ["0, of the account", none, []],
    ["2, inherited", friday, [2, 3]],
  ] as const)("B5 D4 E3: of a group, with names, as long as historyLimit says: %s", async (_limit, account, kept) => {
    for (const number of [1, 2, 3]) await world.say("ming", group("two"), `${account.name} aside ${number}`);
    await world.ask("lin", group("two"), `${account.name}, what was said?`, mention(account));
    expect(asked("aside")).toEqual([]);
    const { turns } = requestFor(`${account.name}, what was said?`);
    const ming = openid(account.appId, "member", "ming").slice(0, 8);
    const told = [1, 2, 3].filter((number) => turns.includes(`ming (${ming}): ${account.name} aside ${number}`));
    expect(told).toEqual(kept);
  });

  test("D4: of a group is told once: the session has it then", async () => {
    await world.ask("lin", group("two"), "two, and since then?", mention(two));
    const { turns } = requestFor("two, and since then?");
    expect(turns).not.toContain("bot1 aside");
    expect(turns).toContain("two, and since then?");
  });

  test.each([
    ["1, of the base", two, false],
    ["20, of the account", none, true],
  ] as const)("B5: of a DM as many turns as dmHistoryLimit says: %s", async (_limit, account, whole) => {
    for (const number of [1, 2, 3, 4]) await world.ask("alice", dm("alice", account), `${account.name} turn ${number}`);
    // The host lets it grow by half before it cuts.
    expect(requestFor(`${account.name} turn 4`).turns.includes(`${account.name} turn 1`)).toBe(whole);
  });
});

describe("mention patterns", () => {
  test.each([
    ["of messages.groupChat", "hey Jarvis, are you there", [two, none]],
    ["of the account's own agent", "小五 在吗", [friday]],
  ] as const)("B6 D4: %s wake whom they name, and nobody else", async (whose, text, named) => {
    const chat = group("one");
    const after = await world.say("ming", chat, text);
    const answers = await world.emulator.waitForReplies({ chat, after, count: named.length, timeoutMs: 60_000 });
    const ids = answers.map(({ from }) => from.id);
    expect(new Set(ids)).toEqual(new Set(named.map(({ appId }) => appId)));
    // Whom it did not name has it as history by the time of their next turn, and had none for it.
    for (const other of [two, friday])
      await world.ask("lin", chat, `present, ${other.name}? (${whose})`, mention(other));
    expect(asked(text)).toHaveLength(named.length);
  });
});

/** A text that had to wait, as the host hands it on. */
function queued(text: string): unknown {
  return expect.stringMatching(new RegExp(`Queued messages while agent was busy[^]*${text}`));
}

describe("the host's own settings", () => {
  test("B6: messages.queue: what is said while the bot is busy waits until it is free", async () => {
    const chat = dm("ming", friday);
    await world.say("ming", chat, "hold on");
    await world.until("the model to be asked", () => asked("hold on").length === 1);
    for (const text of ["first of all", "second of all"]) await world.say("ming", chat, text);
    // By the time that somebody else has an answer, both have come.
    await world.ask("alice", dm("alice", two), "meanwhile");
    held.resolve();
    await world.until("both to be answered", () => asked("second of all").length > 0);
    // The host would collect them into one turn, but keeps apart what a channel has stored message by message.
    expect(asked("of all").map(({ text }) => text)).toEqual([queued("first of all"), queued("second of all")]);
  });

  test("B6: tools.deny: in every chat", () => {
    for (const { tools } of world.model.requests) expect(tools).not.toContain("process");
  });
});

describe("a group of its own", () => {
  const chats: readonly (readonly [string, ChatRef, BotSeed, string | undefined])[] = [
    ["the group itself", group("one"), two, "pirate"],
    ["another group", group("two"), two, "plainly"],
    ["the same group, to another account", group("one"), friday, undefined],
    ["a DM", dm("lin", two), two, undefined],
  ];

  test.each(chats)("D5: tools and system prompt reach the agent there only: %s", async (where, chat, account, said) => {
    const more = chat.kind === "dm" ? {} : mention(account);
    const answer = await world.ask("lin", chat, `what may you do, in ${where}`, more);
    expect(answer.text).toBe(quote(`what may you do, in ${where}`));
    const { instructions, tools } = requestFor(`what may you do, in ${where}`);
    expect(tools.includes("exec")).toBe(said !== "pirate");
    expect(tools.includes("ls")).toBe(said !== "plainly");
    // The host defers this one: it is told of, and called by another.
    expect(instructions.includes("- message (core)")).toBe(said !== "pirate");
    expect(instructions.includes("Speak like a pirate.")).toBe(said === "pirate");
    expect(instructions.includes("Speak plainly.")).toBe(said === "plainly");
  });
});

test.each([
  ["Markdown is shown in direct messages and groups", two],
  ["Nothing of Markdown is shown", none],
] as const)("F4 F7: the agent is told what QQ shows, and whom it can write to: %s", async (markup, account) => {
  const question = `how may you write, ${account.name}`;
  await world.ask("ming", dm("ming", account), question);
  const { instructions } = requestFor(question);
  expect(instructions).toContain(markup);
  for (const said of ["QQ refuses links in groups", "QQ targets: c2c:OPENID"]) expect(instructions).toContain(said);
});

test("A7: an unknown key is refused by the host's command, with its path and name", async () => {
  const { code, stderr } = await world.gateway.cli(["config", "set", "channels.qq.accounts.none.replyToMod", "all"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/channels\.qq\.accounts\.none.*replyToMod/);
});

test("B5: no call was refused", () => {
  expect(world.emulator.refusals()).toEqual([]);
});
