// Personal accounts in the real gateway: who is answered, where, and what the agent and the people get to see.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quote } from "../../demo/model.ts";
import type { ChatMessage, ChatRef } from "../../emulator/control.ts";
import { numbersOf } from "../../emulator/onebot/chats.ts";
import { personUin } from "../../emulator/onebot/numbers.ts";
import type { AccountSeed } from "../../emulator/seed.ts";
import { account, lineTo, openWorld, personalDm, personalSeed, type World } from "./support.ts";

/** Says nothing of how it is to behave, but for who may talk. */
const plain = account(1);
/** Its NapCat writes CQ strings; it is for one group and two people. */
const strict = account(2, { napcat: { wsFormat: "string", httpFormat: "string" } });
/** Quotes nothing, and puts what is long into one record. */
const record = account(3);
/** Quotes with every part. */
const all = account(4);
const accounts = [plain, strict, record, all];

const TALK = "123456789";
const LISTED = "223456789";
const UNLISTED = "323456789";
const inGroup = (group: string): ChatRef => ({ kind: "group", group });
const mention = ({ uin }: AccountSeed) => ({ mention: [uin] });

/** 42,000 characters in 40 paragraphs, each of which says which it is. */
const paragraphs = Array.from({ length: 40 }, (_, index) =>
  `第${String(index + 1).padStart(2, "0")}段`.padEnd(1048, "长文"),
);
const long = paragraphs.join("\n\n");
const parts = ["一", "二", "三"].map((word) => word.repeat(4000)).join("\n\n");

/** What the model waits for before it answers "think". */
let thought = Promise.withResolvers<void>();
let world: World;

beforeAll(async () => {
  const people = ["lin", "ming", "alice", "passer"];
  world = await openWorld({
    seed: personalSeed(
      [{ ...plain, friends: ["lin", "ming", "alice"] }, strict, record, all],
      { [TALK]: [plain, record, all], [LISTED]: [strict], [UNLISTED]: [strict] },
      people,
    ),
    model: { reply: converse },
    config: {
      session: { dmScope: "per-account-channel-peer" },
      messages: { groupChat: { mentionPatterns: ["\\bjarvis\\b"] } },
      commands: { ownerAllowFrom: [`qq:${personUin("lin")}`] },
    },
    channel: (emulator) => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      sendGapMs: 0,
      removeAckAfterReply: true,
      accounts: {
        plain: lineTo(emulator, plain),
        strict: {
          ...lineTo(emulator, strict),
          dmPolicy: "allowlist",
          allowFrom: [personUin("lin")],
          groupPolicy: "allowlist",
          groups: { [LISTED]: { requireMention: false, allowFrom: [personUin("lin")] } },
        },
        record: { ...lineTo(emulator, record), replyToMode: "off", mergeForwardAfter: 4 },
        all: { ...lineTo(emulator, all), replyToMode: "all" },
      },
    }),
  });
  await world.gateway.ready;
  for (const { uin } of accounts) await world.emulator.waitForSessions(uin, 1, 30_000);
});

afterAll(async () => {
  thought.resolve();
  await world?.close();
});

async function converse(text: string): Promise<string> {
  const [, tag] = /^tag (\S+)$/.exec(text) ?? [];
  if (tag !== undefined) return `[[${tag === "current" ? "reply_to_current" : `reply_to:${tag}`}]] tagged`;
  if (text.includes("whole story")) return long;
  if (text.includes("three parts")) return parts;
  if (text.includes("call everybody")) return "[CQ:at,qq=all] &#91;CQ:at,qq=all&#93; dinner @全体成员";
  if (text.includes("markdown")) return "# Title\n\n**bold** and `code` and [a link](https://example.com/a)";
  if (text.includes("think")) await thought.promise;
  return quote(text);
}

/** What the model was told of a text and its conversation, as one string. */
function promptFor(text: string): string {
  expect(world.model.requests.filter((each) => each.text.includes(text))).toHaveLength(1);
  return lastPrompt(text);
}

/** The same where several were told it: of the latest. */
function lastPrompt(text: string): string {
  const asked = world.model.requests.findLast((each) => each.text.includes(text));
  const turns = asked?.messages.filter(({ role }) => role !== "system");
  return JSON.stringify(turns).replaceAll(/\\+"/g, '"');
}

/** Says something that must not be answered, and waits until the gateway has dropped it. */
async function ignored(id: string, reason: string, say: () => Promise<string>): Promise<void> {
  const drops = (): number => world.gateway.log().split(`[${id}] message dropped reason=${reason}`).length;
  const before = drops();
  await say();
  await world.until(`a drop of ${id} for ${reason}`, () => drops() > before);
}

/** Asks, and waits until the whole answer has come: it ends with `last`. */
async function answerOf(chat: ChatRef, question: string, last: string, more = {}): Promise<readonly ChatMessage[]> {
  const before = world.answers(chat).length;
  await world.say("lin", chat, question, more);
  const since = (): readonly ChatMessage[] => world.answers(chat).slice(before);
  await world.until("the end of the answer", () => since().at(-1)?.text.includes(last) === true, 90_000);
  return since();
}

/** What NapCat calls a message, and so the agent. */
function numberOf(chat: ChatRef, { id }: Pick<ChatMessage, "id">): string {
  const bubble = world.emulator.world.transcript.find(chat, id);
  if (!bubble) throw new Error(`there is no message "${id}"`);
  return String(numbersOf(world.emulator.world, bubble).shortId);
}

/** Params of the account's calls of an action, in order. */
const callsOf = ({ uin }: AccountSeed, action: string): readonly Readonly<Record<string, unknown>>[] =>
  world.emulator.wire().flatMap(({ bot, title, body }) => {
    if (bot !== uin || !title.includes(`/${action} `)) return [];
    // The log keeps request and answer of every call.
    return [(body as { readonly request: Readonly<Record<string, unknown>> }).request];
  });

const without = (text: string): string => text.replaceAll(/\s/g, "");

describe("who is answered", () => {
  test("D2 C6 E1: in a direct message everybody, where the policy is open, and each in their own", async () => {
    const [lin, ming] = await Promise.all(
      ["lin", "ming"].map((person) => world.ask(person, personalDm(person, plain), `${person} asks`)),
    );
    expect([lin?.text, ming?.text]).toEqual([quote("lin asks"), quote("ming asks")]);
    expect(lin?.from.id).toBe(plain.uin);
    expect(promptFor("ming asks")).not.toContain("lin asks");
  });

  test("D4 E3: in a group who mentions the account; what else was said it knows, with names and roles, and is not asked", async () => {
    await world.emulator.control.call("card", { group: TALK, who: "ming", card: "明哥(admin)" });
    await world.emulator.control.call("admin", { group: TALK, who: "alice", admin: true });
    await world.say("ming", inGroup(TALK), "the answer is 42");
    await world.say("alice", inGroup(TALK), "no, 43");
    const answer = await world.ask("lin", inGroup(TALK), "what did they say", mention(plain));
    expect([answer.from.id, answer.text]).toEqual([plain.uin, quote("what did they say")]);
    const prompt = promptFor("what did they say");
    expect(prompt).toContain(`明哥 admin (${personUin("ming")}): the answer is 42`);
    expect(prompt).toContain(`alice (${personUin("alice")}, group admin): no, 43`);
    expect(prompt).toContain(`"sender":{"id":"${personUin("lin")}","name":"lin (${personUin("lin")}, group owner)"}`);
    expect(prompt).toContain('"explicitly_mentioned_bot":true');
    expect(world.model.requests.some(({ text }) => text.includes("the answer is 42"))).toBe(false);
  });

  test("D4 B6: in a group who quotes the account, and who names it by a mention pattern", async () => {
    const chat = inGroup(TALK);
    const answer = await world.ask("lin", chat, "name a colour", mention(plain));
    const again = await world.ask("ming", chat, "why that colour", { quote: answer.id });
    expect(again.from.id).toBe(plain.uin);
    const prompt = promptFor("why that colour");
    expect(prompt).toContain('"implicit_mention_kinds":["reply_to_bot"]');
    expect(prompt).toContain(`"sender_label":"you (this bot)","body":"${quote("name a colour")}"`);
    const after = await world.say("ming", chat, "hey Jarvis, are you there");
    const named = await world.emulator.waitForReplies({ chat, after, count: 3, timeoutMs: 60_000 });
    expect(new Set(named.map(({ from }) => from.id))).toEqual(new Set([plain, record, all].map(({ uin }) => uin)));
  });

  test("D3 D4: as `groups` says: only those listed, only whom they list, and without a mention where none is required", async () => {
    const said = await world.ask("lin", inGroup(LISTED), "no mention needed");
    expect([said.from.id, said.text]).toEqual([strict.uin, quote("no mention needed")]);
    await ignored("strict", "group_not_allowlisted", () =>
      world.say("lin", inGroup(UNLISTED), "group not listed", mention(strict)),
    );
    await ignored("strict", "", () => world.say("ming", inGroup(LISTED), "sender not listed", mention(strict)));
    await ignored("strict", "", () => world.say("ming", personalDm("ming", strict), "nobody's friend"));
    for (const text of ["group not listed", "sender not listed", "nobody's friend"])
      expect(world.modelHeard(text)).toBe(false);
    const who = `chat=group:${UNLISTED} sender=${personUin("lin")}`;
    expect(world.gateway.log()).toContain(`[strict] message dropped reason=group_not_allowlisted ${who}`);
  });

  test("D6: who may talk in an open group may not give commands there", async () => {
    const chat = inGroup(TALK);
    await ignored("plain", "control_command_unauthorized", () => world.say("ming", chat, "/whoami", mention(plain)));
    const owner = await world.ask("lin", chat, "/whoami", mention(plain));
    expect(owner.text).toContain(personUin("lin"));
  });

  test("C6: in a temporary session whoever writes, there and never in the group that it runs through", async () => {
    const chat = personalDm("passer", plain);
    const inTheGroup = world.answers(inGroup(TALK)).length;
    expect((await world.ask("passer", chat, "psst", { via: TALK })).text).toBe(quote("psst"));
    await world.emulator.control.call("fault", {
      do: "napcat",
      account: plain.uin,
      what: "lost-user",
      person: "passer",
    });
    expect((await world.ask("passer", chat, "psst again", { via: TALK })).text).toBe(quote("psst again"));
    expect(world.answers(inGroup(TALK))).toHaveLength(inTheGroup);
    expect(callsOf(plain, "get_stranger_info").length).toBeGreaterThan(0);
    const sends = callsOf(plain, "send_private_msg");
    expect(sends.length).toBeGreaterThan(2);
    for (const params of sends) expect(params).not.toHaveProperty("group_id");
  });

  test("E1: each group is a session of its own, by its number", async () => {
    const { stdout } = await world.gateway.cli(["sessions", "--json"]);
    expect(stdout).toContain(`"agent:main:qq:group:${TALK}"`);
    expect(stdout).toContain(`"agent:main:qq:group:${LISTED}"`);
    expect(stdout).toContain(`"agent:main:qq:plain:direct:${personUin("lin")}"`);
  });
});

describe("quotes", () => {
  test.each([
    ["off", record, ["none", "none", "none"]],
    ["first", plain, ["it", "none", "none"]],
    ["all", all, ["it", "it", "it"]],
  ] as const)("F5 B5: what was asked, as replyToMode says: %s", async (_mode, account, quoted) => {
    for (const chat of [personalDm("alice", account), inGroup(TALK)]) {
      const more = chat.kind === "dm" ? {} : mention(account);
      const after = await world.say("alice", chat, "three parts, please", more);
      const answers = await world.emulator.waitForReplies({ chat, after, count: 3, timeoutMs: 60_000 });
      expect(answers.map((part) => (part.quote?.id === after ? "it" : (part.quote?.id ?? "none")))).toEqual(quoted);
    }
  });

  test("F5: what the agent names, in whatever mode", async () => {
    for (const account of [record, plain, all]) {
      const chat = personalDm("ming", account);
      const older = await world.ask("ming", chat, `older for ${account.name}`);
      const question = await world.say("ming", chat, "tag current");
      const current = await world.emulator.waitForReply({ chat, after: question, timeoutMs: 60_000 });
      expect([current.text, current.quote?.id]).toEqual(["tagged", question]);
      const named = await world.ask("ming", chat, `tag ${numberOf(chat, older)}`);
      expect([named.text, named.quote?.id]).toEqual(["tagged", older.id]);
    }
  });

  test("F5 E3: of somebody else's message the agent is told what they said and who they are", async () => {
    const said = await world.say("ming", inGroup(TALK), "the meeting is at nine");
    await world.ask("lin", inGroup(TALK), "can we trust that", { ...mention(plain), quote: said });
    const label = `"sender_label":"明哥 admin (${personUin("ming")})","body":"the meeting is at nine"`;
    expect(promptFor("can we trust that")).toContain(label);
  });
});

describe("what the agent reads", () => {
  test.each([
    ["segments", plain],
    ["CQ strings", strict],
  ] as const)("C5 F6: of chat records and cards, told in %s", async (_, account) => {
    const chat = personalDm("lin", account);
    const forward = [
      { name: "老王", text: "周五 [上线] & 部署, 好吗" },
      { name: "小李", text: "收到" },
    ];
    await world.ask("lin", chat, "", { forward });
    expect(lastPrompt("周五")).toMatch(/老王[^\n]*: 周五 \[上线\] & 部署, 好吗\\n.*小李[^\n]*: 收到/);
    const card = { title: "How to brew tea", desc: "Three steps", url: "https://tea.example/brew?a=1&b=2" };
    await world.ask("lin", chat, "", { card });
    const prompt = lastPrompt("How to brew tea");
    for (const part of [card.desc, card.url]) expect(prompt).toContain(part);
  });

  test("C5: of a CQ string what was typed, codes that somebody typed included", async () => {
    const typed = "see [CQ:at,qq=all] a&b, [ok] &amp; &#91;";
    await world.ask("lin", inGroup(LISTED), typed, { ...mention(strict), face: "14" });
    const prompt = promptFor("see [CQ");
    expect(prompt).toContain(`${typed}[微笑]`);
    expect(prompt).toContain('"explicitly_mentioned_bot":true');
  });
});

describe("what people get", () => {
  test("F7: text, never markup, and no code that a model writes is carried out", async () => {
    const chat = inGroup(TALK);
    const everybody = await world.ask("lin", chat, "call everybody", mention(plain));
    // The second is an entity of Markdown, which is a bracket to who reads it.
    expect(everybody.text).toBe("[CQ:at,qq=all] [CQ:at,qq=all] dinner @全体成员");
    expect(everybody.mentions).toBeUndefined();
    const marked = await world.ask("lin", chat, "some markdown", mention(plain));
    expect(marked.text).toBe("Title\nbold and code and a link (https://example.com/a)");
  });

  test.each([
    ["a direct message", personalDm("lin", plain), {}],
    ["a group", inGroup(TALK), mention(plain)],
  ] as const)("F1 F9: 42,000 characters arrive whole and in order in %s", async (_, chat, more) => {
    const answers = await answerOf(chat, "tell the whole story", "第40段", more);
    expect(answers.length).toBeGreaterThan(8);
    for (const { text } of answers) expect(text.length).toBeLessThanOrEqual(4500);
    expect(without(answers.map(({ text }) => text).join(""))).toBe(without(long));
  });

  test.each([
    ["a direct message", personalDm("lin", record), {}],
    ["a group", inGroup(TALK), mention(record)],
  ] as const)("F1: mergeForwardAfter puts them into one record in %s", async (_, chat, more) => {
    const answers = await answerOf(chat, "tell the whole story", "第40段", more);
    expect(answers).toHaveLength(1);
    const [heading, ...nodes] = (answers[0]?.text ?? "").split(new RegExp(`^${record.name}: `, "m"));
    expect(heading).toBe("[聊天记录]\n");
    expect(without(nodes.join(""))).toBe(without(long));
  });

  test("F8: that it types, in a direct message", async () => {
    thought = Promise.withResolvers();
    const chat = personalDm("lin", plain);
    const typing = world.emulator.waitFor(
      "typing notice",
      (event) => (event.event === "typing" && event.data.bot === plain.uin ? event.data.chat : undefined),
      60_000,
    );
    const answer = world.ask("lin", chat, "think of something");
    expect(await typing).toEqual(chat);
    thought.resolve();
    expect((await answer).text).toBe(quote("think of something"));
  });

  test("F8 F12: a reaction under the question while it thinks, in a group, and none when it has answered", async () => {
    thought = Promise.withResolvers();
    const chat = inGroup(TALK);
    const after = await world.say("lin", chat, "think of something else", mention(plain));
    const reactions = () => world.emulator.world.messages(chat).find(({ id }) => id === after)?.reactions ?? [];
    await world.until("the model to be asked", () => world.modelHeard("think of something else"));
    await world.until("the reaction", () => reactions().length > 0);
    expect(reactions()).toEqual([{ type: 2, id: "128064", from: plain.uin }]);
    thought.resolve();
    await world.emulator.waitForReply({ chat, after, timeoutMs: 60_000 });
    await world.until("the reaction to go", () => reactions().length === 0);
  });
});

test("C6: no call was refused but the one to somebody whom NapCat had forgotten", () => {
  const refused = world.emulator.refusals();
  const calls = refused.map(({ title }) => title.replace(/^http \/(\w+) .*/, "$1"));
  expect(calls).toEqual(["set_input_status", "send_private_msg"]);
});
