// Quotes both ways: what the bot's answers quote, and what the agent is told of the messages that people quote.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quote } from "../../demo/model.ts";
import type { ChatRef } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import { bot, dm, group, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const off = bot(1);
/** Leaves `replyToMode` out. */
const first = bot(2, { private: true });
/** On webhook. */
const all = bot(3);
const bots = [off, first, all];
const general: ChatRef = { kind: "channel", channel: "general" };
const credentials = ({ appId, secret }: BotSeed) => ({ appId, appSecret: secret });
const mention = ({ appId }: BotSeed) => ({ mention: [appId] });

/** Three messages at the `textChunkLimit` below. */
const long = ["一", "二", "三"].map((word) => word.repeat(400)).join("\n\n");

let world: World;

beforeAll(async () => {
  const plain = seed(bots);
  const inGuild = {
    guild: "guild",
    guildName: "guild",
    members: ["lin", "ming"],
    bots: bots.map(({ appId }) => appId),
  };
  const open = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open", textChunkLimit: 500, typing: false } as const;
  world = await openWorld({
    seed: { ...plain, channels: [{ id: "general", name: "general", ...inGuild }] },
    emulator: { tune: { ownEcho: true } },
    model: {
      reply: (text) => {
        const [, tag] = /^tag (\S+)$/.exec(text) ?? [];
        if (tag !== undefined) return `[[${tag === "current" ? "reply_to_current" : `reply_to:${tag}`}]] tagged`;
        return text.includes("long") ? long : quote(text);
      },
    },
    config: { session: { dmScope: "per-account-channel-peer" } },
    channel: () => ({
      ...credentials(first),
      ...open,
      guildMessages: true,
      accounts: {
        off: { ...credentials(off), replyToMode: "off", guildMessages: false },
        all: { ...credentials(all), replyToMode: "all", webhookPath: WEBHOOK_PATH },
      },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of [off, first]) await world.emulator.waitForSessions(appId, 1, 30_000);
  await openCallbacks(world, all);
});

afterAll(async () => world?.close());

/** Asks, and tells of each message of the answer which one it quotes: "it", another by its id, or none. */
async function quotesIn(account: BotSeed, chat: ChatRef, question: string, count: number): Promise<readonly string[]> {
  const more = chat.kind === "dm" ? {} : mention(account);
  const after = await world.say("lin", chat, question, more);
  const parts = await world.emulator.waitForReplies({ chat, after, count, timeoutMs: 60_000 });
  return parts.map((part) => (part.quote?.id === after ? "it" : (part.quote?.id ?? "none")));
}

/** Lets lin ask, and gives the gateway the time to hear what became of its answer: nobody quotes within a millisecond. */
async function askFirst(chat: ChatRef, question: string): Promise<string> {
  const { id } = await world.ask("lin", chat, question, chat.kind === "dm" ? {} : mention(first));
  await world.ask("alice", dm("alice", off), "meanwhile");
  return id;
}

/** What the model was told of a text and its conversation, as one string. */
function promptFor(text: string): string {
  const asked = world.model.requests.filter((each) => each.text.includes(text));
  expect(asked).toHaveLength(1);
  const turns = asked[0]?.messages.filter(({ role }) => role !== "system");
  return JSON.stringify(turns).replaceAll(/\\+"/g, '"');
}

describe("the bot quotes", () => {
  test.each([
    ["off", off, ["none", "none", "none"]],
    ["first", first, ["it", "none", "none"]],
    ["all", all, ["it", "it", "it"]],
  ] as const)("F5 B5: what was asked, as replyToMode says: %s", async (_mode, account, quoted) => {
    expect(await quotesIn(account, dm("lin", account), "a long one", 3)).toEqual(quoted);
    expect(await quotesIn(account, group("one"), "a long one for all", 3)).toEqual(quoted);
    expect(await quotesIn(account, general, "a long one in the guild", 3)).toEqual(quoted);
  });

  test("F5: what the agent names, in whatever mode", async () => {
    for (const account of [off, first, all]) {
      const chat = dm("ming", account);
      const older = await world.ask("ming", chat, `older for ${account.name}`);
      const question = await world.say("ming", chat, "tag current");
      const current = await world.emulator.waitForReply({ chat, after: question, timeoutMs: 60_000 });
      expect([current.text, current.quote?.id]).toEqual(["tagged", question]);
      const named = await world.ask("ming", chat, `tag ${older.id}`);
      expect([named.text, named.quote?.id]).toEqual(["tagged", older.id]);
    }
  });

  test("F5: nothing where the agent names a message that nobody knows: the answer comes all the same", async () => {
    const answer = await world.ask("alice", dm("alice", off), "tag ROBOT1.0_nobody");
    expect([answer.text, answer.quote]).toEqual(["tagged", undefined]);
  });

  test("F5: not what the user has quoted", async () => {
    for (const chat of [dm("lin", off), general]) {
      const more = chat.kind === "dm" ? {} : mention(off);
      const older = await world.ask("lin", chat, "say something", more);
      const answer = await world.ask("lin", chat, "and again", { ...more, quote: older.id });
      expect(answer.quote).toBeUndefined();
    }
  });
});

describe("the agent is told of a quoted message", () => {
  test("F5: of its own, what it said and that it was the bot", async () => {
    const chat = dm("lin", first);
    const answer = await askFirst(chat, "name a fruit");
    await world.ask("lin", chat, "why that fruit", { quote: answer });
    const prompt = promptFor("why that fruit");
    expect(prompt).toContain(`"sender_label":"you (this bot)","body":"${quote("name a fruit")}"`);
    // By the id that the agent may quote it by.
    expect(prompt).toContain(`"reply_to_id":"${answer}"`);
  });

  test("F5 E3: of somebody else's, what they said and who they are", async () => {
    const said = await world.say("ming", group("one"), "the meeting is at nine", mention(first));
    await world.emulator.waitForReply({ chat: group("one"), after: said, timeoutMs: 60_000 });
    await world.ask("lin", group("one"), "can we trust that", { ...mention(first), quote: said });
    const ming = openid(first.appId, "member", "ming").slice(0, 8);
    expect(promptFor("can we trust that")).toContain(`"sender_label":"ming (${ming})","body":"the meeting is at nine"`);
  });

  test("F5: also where the platform repeats neither text nor author", async () => {
    const said = await world.say("ming", general, "the password is swordfish");
    await world.ask("lin", general, "what is meant by that", { ...mention(first), quote: said });
    expect(promptFor("what is meant by that")).toMatch(
      /"sender_label":"ming \(\d{8}\)","body":"the password is swordfish"/,
    );
  });
});

test("F5 D4: a quote of the bot counts as a mention of it, and of no other bot in the group", async () => {
  await world.emulator.control.call("groupMode", { group: "two", mode: "all" });
  const answer = await askFirst(group("two"), "name a colour");
  const again = await world.ask("ming", group("two"), "why that colour", { quote: answer });
  expect(again.from.id).toBe(first.appId);
  expect(promptFor("why that colour")).toContain('"implicit_mention_kinds":["reply_to_bot"]');
  // The other has heard it all, and keeps it as history.
  const other = await world.ask("lin", group("two"), "what was that about", mention(all));
  expect(other.from.id).toBe(all.appId);
  expect(promptFor("what was that about")).toContain("why that colour");
});

test("F5: no call was refused", () => {
  expect(world.emulator.refusals()).toEqual([]);
});
