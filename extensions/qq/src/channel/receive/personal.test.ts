import type { ChannelIngressMonitorLifecycle } from "openclaw/plugin-sdk/channel-outbound";
import { beforeEach, describe, expect, test } from "vitest";
import type { InboundMessage } from "../../message/inbound.ts";
import { FAKE_NOW } from "../../transport/testing/fake-clock.ts";
import { deliverAnswer } from "../answer/answer.ts";
import { setQQRuntime } from "../runtime.ts";
import { refusal } from "../testing/fake-account.ts";
import { openFakePersonal, wordsOf, type FakePersonal } from "../testing/fake-personal.ts";
import { deliverInbound } from "./inbound.ts";

const SELF = 10001;
const ALICE = 20001;
const MINUTE = 60_000;

/** What reaches the host of a turn, as far as these tests look. */
interface Turn {
  readonly ctxPayload: {
    readonly sender: { readonly id: string; readonly name: string };
    readonly route: { readonly routeSessionKey: string };
    readonly message: {
      readonly bodyForAgent: string;
      readonly rawBody: string;
      readonly inboundHistory?: readonly { readonly sender: string; readonly body: string }[];
    };
    readonly supplemental: { readonly quote?: object; readonly groupSystemPrompt?: string };
    readonly access: { readonly mentions: object; readonly commands: object; readonly toolPolicy?: object };
  };
  readonly history: {
    readonly isGroup: boolean;
    readonly historyKey: string;
    readonly historyMap: Map<string, unknown[]>;
  };
  readonly replyPipeline: { readonly typing: { readonly start: () => Promise<void> } };
}

let fake: FakePersonal;
let turns: Turn[];
let messages: ReadonlyMap<string, InboundMessage>;
let records: ReadonlyMap<string, readonly InboundMessage[]>;
let reads: string[];

beforeEach(() => {
  turns = [];
  messages = new Map();
  records = new Map();
  reads = [];
  fake = openFakePersonal(4000, {
    readMessage: async (id) => {
      reads.push(id);
      return messages.get(id);
    },
    readForward: async (id) => records.get(id) ?? [],
  });
  fake.config = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open" };
  const channel = {
    text: { resolveTextChunkLimit: () => 4000, resolveChunkMode: () => "length" },
    media: {},
    commands: { shouldHandleTextCommands: () => true, isControlCommandMessage: (text: string) => text === "/new" },
    mentions: {
      buildMentionRegexes: () => [/小助手/],
      matchesMentionPatterns: (text: string, patterns: readonly RegExp[]) => patterns.some((each) => each.test(text)),
      implicitMentionKindWhen: (kind: string, isSo: boolean) => (isSo ? [kind] : []),
    },
    pairing: {
      readAllowFromStore: async () => [],
      upsertPairingRequest: async () => ({ code: "PAIRCODE", created: true }),
      buildPairingReply: ({ idLine, code }: { idLine: string; code: string }) => `${idLine}\n${code}`,
    },
    inbound: {
      buildContext: (context: object) => context,
      // The host clears what a turn has been told.
      dispatch: async (turn: Turn) => {
        turns.push(turn);
        const { isGroup, historyKey, historyMap } = turn.history;
        if (isGroup) historyMap.set(historyKey, []);
      },
    },
  };
  // What a test does not give the code under test must not be asked for: reading it throws.
  setQQRuntime({ channel } as unknown as Parameters<typeof setQQRuntime>[0]);
});

let lastId = 500;
const text = (said: string) => ({ type: "text", data: { text: said } });
const atBot = { type: "at", data: { qq: String(SELF) } };
const quote = (id: string) => ({ type: "reply", data: { id } });

interface Written {
  readonly from?: number;
  readonly group?: number;
  readonly id?: number;
  /** How long ago it was written, ms. */
  readonly ago?: number;
  /** How long after that it came here, ms. */
  readonly late?: number;
}

/** Somebody writes, as NapCat tells of it. */
async function hear(segments: readonly object[], { from = ALICE, group, id, ago = 0, late = 0 }: Written = {}) {
  const { clock } = fake;
  const message_id = id ?? (lastId += 1);
  const at = clock.now() - ago;
  const event = {
    self_id: SELF,
    user_id: from,
    time: Math.floor(at / 1000),
    message_id,
    post_type: "message",
    message_type: group === undefined ? "private" : "group",
    sub_type: group === undefined ? "friend" : "normal",
    ...(group !== undefined && { group_id: group }),
    sender: { user_id: from, nickname: `N${from}`, card: group === undefined ? "" : "名片", role: "admin" },
    message: segments,
    message_format: "array",
  };
  await take(event, group === undefined ? `c2c:${from}` : `group:${group}`, at + late);
}

async function take(event: object, lane: string, receivedAt = fake.clock.now()): Promise<void> {
  const lifecycle = {} as unknown as ChannelIngressMonitorLifecycle;
  const raw = { key: `message:${lane}:${lastId}`, lane, text: JSON.stringify(event) };
  const { running } = fake;
  await deliverInbound(raw, receivedAt, lifecycle, Object.assign(running, journalless));
}
/** The turns' own table is not what these tests are about. */
const journalless = { turns: { begin() {}, end() {}, interrupted: () => [] } };

const bodies = () => turns.map(({ ctxPayload }) => ctxPayload.message.bodyForAgent);
const historyOf = (turn: Turn | undefined) => turn?.ctxPayload.message.inboundHistory?.map(({ body }) => body);

describe("who may talk to a personal account, and where", () => {
  test("E1 E2 E3: groups have sessions of their own; a sender has card, number and role", async () => {
    await hear([atBot, text(" hi")], { group: 30001 });
    await hear([atBot, text(" ho")], { group: 30002 });
    const sessions = turns.map(({ ctxPayload }) => ctxPayload.route.routeSessionKey);
    expect(sessions).toEqual(["agent:main:qq:group:30001", "agent:main:qq:group:30002"]);
    expect(turns[0]?.ctxPayload.sender).toEqual({ id: "20001", name: "名片 (20001, admin)" });
    expect(bodies()).toEqual(["hi", "ho"]);
  });

  test("D1: a stranger is told the number to be allowed by, and nothing reaches the agent", async () => {
    fake.config = {};
    Object.assign(fake.running, { waits: { add() {}, remove() {}, list: () => [] } });
    await hear([text("hi")]);
    expect(turns).toEqual([]);
    expect(fake.shown.map(({ chat, message }) => [chat, wordsOf(message)])).toEqual([
      ["c2c:20001", expect.stringContaining("Your QQ number: 20001")],
    ]);
  });

  test("D2: a list lets in whom it names", async () => {
    fake.config = { dmPolicy: "allowlist", allowFrom: ["20002"] };
    await hear([text("no")]);
    await hear([text("yes")], { from: 20002 });
    expect(bodies()).toEqual(["yes"]);
  });

  test("D3: without `groups` every group counts, with it those that are named; senders by list", async () => {
    await hear([atBot, text("a")], { group: 30001 });
    fake.config = { ...fake.config, groups: { "30002": {} } };
    await hear([atBot, text("b")], { group: 30001 });
    await hear([atBot, text("c")], { group: 30002 });
    fake.config = { groupPolicy: "allowlist", groupAllowFrom: ["20002"] };
    await hear([atBot, text("d")], { group: 30001 });
    await hear([atBot, text("e")], { group: 30001, from: 20002 });
    fake.config = {};
    await hear([atBot, text("f")], { group: 30001 });
    expect(bodies()).toEqual(["a", "c", "e"]);
  });

  test("D4 B6: the bot is meant by an at, by a pattern, by a quote of it; everything else is history", async () => {
    const group = 30001;
    fake.running.refs.note({ ref: "7", messageId: "7", own: true, text: "mine" }, FAKE_NOW);
    await hear([text("nothing")], { group });
    await hear([{ type: "at", data: { qq: "all" } }, text("all")], { group });
    expect(turns).toEqual([]);
    await hear([atBot, text(" at")], { group });
    await hear([text("小助手 pattern")], { group });
    await hear([quote("7"), text("quote")], { group });
    expect(bodies()).toEqual(["at", "小助手 pattern", "quote"]);
    expect(historyOf(turns[0])).toEqual(["nothing", "@全体成员all"]);
    expect(historyOf(turns[1])).toEqual([]);
    expect(reads).toEqual(["7"]);
  });

  test("D4 B4: a group may do without mentions; D5: it may have tools and a prompt of its own", async () => {
    const tools = { allow: ["read"] };
    fake.config = {
      ...fake.config,
      groups: { "*": {}, "30001": { requireMention: false, tools, systemPrompt: "brief" } },
    };
    await hear([text("hi")], { group: 30001 });
    await hear([text("hi")], { group: 30002 });
    expect(turns).toHaveLength(1);
    expect(turns[0]?.ctxPayload.supplemental.groupSystemPrompt).toBe("brief");
    expect(turns[0]?.ctxPayload.access.toolPolicy).toEqual(tools);
  });

  test("B5: `historyLimit` 0 keeps nothing", async () => {
    fake.config = { ...fake.config, historyLimit: 0 };
    await hear([text("nothing")], { group: 30001 });
    await hear([atBot, text("hi")], { group: 30001 });
    expect(historyOf(turns[0]) ?? []).toEqual([]);
  });

  test("D6: a stranger in a group can chat and gives no commands", async () => {
    await hear([atBot, text(" hi")], { group: 30001 });
    await hear([atBot, text(" /new")], { group: 30001 });
    expect(bodies()).toEqual(["hi"]);
    expect(turns[0]?.ctxPayload.access.commands).toEqual({ authorized: false });
  });

  test("C6: a temporary session is answered where it was begun, never in the group it came from", async () => {
    const event = {
      self_id: SELF,
      user_id: 20003,
      time: Math.floor(FAKE_NOW / 1000),
      message_id: 9,
      post_type: "message",
      message_type: "private",
      sub_type: "group",
      group_id: 30001,
      sender: { user_id: 20003, nickname: "t" },
      message: [text("psst")],
    };
    await take(event, "c2c:20003");
    expect(turns[0]).toMatchObject({ ctxPayload: { reply: { to: "qq:c2c:20003" } } });
  });
});

describe("what came late", () => {
  test("G2: in a group is context of the next turn, and no turn of its own", async () => {
    await hear([atBot, text(" old")], { group: 30001, ago: 20 * MINUTE, late: 16 * MINUTE });
    expect(turns).toEqual([]);
    await hear([atBot, text(" new")], { group: 30001 });
    expect(historyOf(turns[0])).toEqual(["old"]);
  });

  test("G2 E2: in a direct message is told the next turn of that person, and of no other", async () => {
    await hear([text("old")], { ago: 20 * MINUTE, late: 16 * MINUTE });
    expect(turns).toEqual([]);
    expect(fake.lines.join("\n")).toContain('message not answered chat=c2c:20001 why="written 20 min ago"');
    await hear([text("other")], { from: 20002 });
    await hear([text("new")]);
    await hear([text("newer")]);
    expect(turns.map(historyOf)).toEqual([undefined, ["old"], []]);
  });

  test("G2: of whoever may not talk there is not even context", async () => {
    fake.config = { groupPolicy: "allowlist", groupAllowFrom: ["20002"] };
    await hear([atBot, text(" old")], { group: 30001, ago: 20 * MINUTE, late: 16 * MINUTE });
    await hear([atBot, text(" new")], { group: 30001, from: 20002 });
    expect(historyOf(turns[0])).toEqual([]);
  });

  test("G1: but was stored in time is answered, however long it waited here", async () => {
    await hear([text("hi")], { ago: 60 * MINUTE, late: 1_000 });
    expect(bodies()).toEqual(["hi"]);
    fake.config = { ...fake.config, staleAfterMinutes: 0.5 };
    await hear([text("ho")], { ago: 2 * MINUTE, late: MINUTE });
    expect(bodies()).toEqual(["hi"]);
  });
});

describe("what was taken back", () => {
  const recall = { time: 1, self_id: SELF, post_type: "notice", notice_type: "group_recall", group_id: 30001 };

  test("E2: is no context any more, and begins no turn that had to wait", async () => {
    await hear([text("secret")], { group: 30001, id: 77 });
    await hear([text("fine")], { group: 30001, id: 78 });
    await take({ ...recall, user_id: ALICE, operator_id: ALICE, message_id: 77 }, "events:group:30001");
    await take({ ...recall, user_id: ALICE, operator_id: ALICE, message_id: 79 }, "events:group:30001");
    await hear([atBot, text(" waited")], { group: 30001, id: 79 });
    await hear([atBot, text(" hi")], { group: 30001, id: 80 });
    expect(bodies()).toEqual(["hi"]);
    expect(historyOf(turns[0])).toEqual(["fine"]);
  });
});

/** A message of a group, as the line reads it back. */
const message = (id: string, sender: number, said: string, more: Partial<InboundMessage> = {}): InboundMessage => ({
  id,
  chat: { kind: "group", groupId: "30001" },
  sender: { id: String(sender), name: `N${sender}` },
  text: said,
  at: FAKE_NOW,
  mentionsBot: false,
  attachments: [],
  ...more,
});

describe("what a message quotes or forwards", () => {
  test("F5 D4: is read where our books do not know it; a quote of the bot's own means the bot", async () => {
    messages = new Map([
      ["901", message("901", SELF, "mine")],
      ["902", message("902", ALICE, "theirs")],
    ]);
    await hear([quote("902"), text("a")], { group: 30001 });
    expect(turns).toEqual([]);
    await hear([quote("901"), text("b")], { group: 30001 });
    await hear([quote("902"), atBot, text("c")], { group: 30001 });
    expect(turns.map(({ ctxPayload }) => ctxPayload.supplemental.quote)).toMatchObject([
      { id: "901", body: "mine", sender: "you (this bot)" },
      { id: "902", body: "theirs", sender: "N20001 (20001)" },
    ]);
  });

  test("E2: of another chat is not told, whatever id it names", async () => {
    messages = new Map([["903", message("903", ALICE, "canary", { chat: { kind: "group", groupId: "30002" } })]]);
    await hear([quote("903"), atBot, text("c")], { group: 30001 });
    expect(JSON.stringify(turns)).not.toContain("canary");
  });

  test("F5: that does not come within three seconds costs nothing but itself", async () => {
    fake.running.line.readMessage = () => new Promise(() => {});
    const heard = hear([quote("904"), atBot, text("c")], { group: 30001 });
    await fake.clock.advance(3_000);
    await heard;
    expect(bodies()).toEqual(["c"]);
  });

  test("F6: a chat record is read into the text, records in it set in", async () => {
    records = new Map([
      ["r1", [message("1", 20002, "one"), message("2", 20003, "[聊天记录]", { records: ["r2"] })]],
      ["r2", [message("3", 20004, "two")]],
    ]);
    await hear([{ type: "forward", data: { id: "r1" } }]);
    expect(bodies()).toEqual(["[聊天记录]\nN20002: one\nN20003: [聊天记录]\n  N20004: two"]);
  });

  test("F6: a record that cannot be read stays its heading", async () => {
    fake.running.line.readForward = () => Promise.reject(refusal("unsupported"));
    await hear([{ type: "forward", data: { id: "r1" } }]);
    expect(bodies()).toEqual(["[聊天记录]"]);
  });
});

describe("while a turn runs", () => {
  test("F8: a direct message shows typing, renewed every eight seconds at most, without an anchor", async () => {
    await hear([text("hi")]);
    const { start } = turns[0]?.replyPipeline.typing ?? { start: async () => undefined };
    for (let second = 0; second < 24; second += 3) {
      await start();
      await fake.clock.advance(3_000);
    }
    expect(fake.calls).toEqual(Array.from({ length: 3 }, () => "typing 20001"));
  });

  test("F8: a group's message gets a reaction, left or taken away as configured, and another where QQ has not that one", async () => {
    await hear([atBot, text("a")], { group: 30001, id: 1 });
    fake.cfg = { messages: { ackReaction: "🦞", removeAckAfterReply: true } };
    fake.refuses = (call) => (call.includes("🦞") ? refusal("content") : undefined);
    await hear([atBot, text("b")], { group: 30001, id: 2 });
    await fake.clock.advance(0);
    fake.cfg = { messages: { ackReactionScope: "off" } };
    await hear([atBot, text("c")], { group: 30001, id: 3 });
    expect(fake.calls).toEqual([
      "react 👀 on 1 group:30001",
      "react 🦞 on 2 group:30001",
      "react 👀 on 2 group:30001",
      "react 👀 off 2 group:30001",
    ]);
  });
});

test("F9: what was kept while the account was muted goes out with the next message of the group, for the bot or not", async () => {
  fake.platform = () => refusal("muted", 120);
  const answer = { id: "q:0", target: { kind: "group", groupId: "30001" }, text: "kept" } as const;
  await expect(deliverAnswer(answer, fake.running)).rejects.toThrow(/muted/);
  fake.platform = () => undefined;
  await fake.clock.advance(11 * MINUTE);
  await hear([text("nothing")], { group: 30001 });
  expect(fake.shown.map(({ message }) => wordsOf(message))).toEqual(["kept"]);
});
