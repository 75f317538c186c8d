import type { ChannelIngressMonitorLifecycle } from "openclaw/plugin-sdk/channel-outbound";
import { beforeEach, describe, expect, test } from "vitest";
import { tempJournal } from "../../journal/testing/temp-journal.ts";
import { openWaits } from "../../journal/waits.ts";
import type { InboundMessage } from "../../message/inbound.ts";
import { FAKE_NOW } from "../../transport/testing/fake-clock.ts";
import { deliverAnswer } from "../answer/answer.ts";
import { setQQRuntime } from "../runtime.ts";
import { refusal } from "../testing/fake-account.ts";
import { openFakePersonal, wordsOf, type FakePersonal } from "../testing/fake-personal.ts";
import type { RawEvent } from "../../transport/transport.ts";
import { deliverInbound } from "./inbound.ts";
import { resumeWaits } from "./pairing.ts";

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
/** Codes that the host has given already. */
let codes: string[];
/** Whom the host's operator has approved. */
let approved: string[];

beforeEach(() => {
  approved = [];
  turns = [];
  messages = new Map();
  records = new Map();
  reads = [];
  codes = [];
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
      readAllowFromStore: async () => approved,
      upsertPairingRequest: async () => ({ code: codes.at(-1) ?? "PAIRCODE", created: codes.length === 0 }),
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
/** Alice takes back what she wrote in her direct chat. */
async function recallOf(message_id: number): Promise<void> {
  const notice = { time: 1, self_id: SELF, post_type: "notice", notice_type: "friend_recall" };
  await take({ ...notice, user_id: ALICE, message_id }, `events:c2c:${ALICE}`);
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
    expect(turns[0]?.ctxPayload.sender).toEqual({ id: "20001", name: "名片 (20001, group admin)" });
    expect(bodies()).toEqual(["hi", "ho"]);
  });

  test("D1 F7: a stranger is told the number to be allowed by and the code, as text, and nothing reaches the agent", async () => {
    fake.config = {};
    await hear([text("hi")]);
    expect(turns).toEqual([]);
    expect(fake.shown.map(({ chat, message }) => [chat, wordsOf(message)])).toEqual([
      ["c2c:20001", expect.stringMatching(/Your QQ number: 20001\nPairing code:\n\nPAIRCODE\n[^`]*$/)],
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
    fake.running.refs.note({ ref: "7", messageId: "7", own: true, text: "mine", chat: "group:30001" }, FAKE_NOW);
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

  test("D4: another account of this gateway is never answered, or the two would not end: what it says is context", async () => {
    Object.assign(fake.running, { isSibling: (id: string) => id === "20009" });
    const group = 30001;
    await hear([atBot, text("your turn")], { group, from: 20009 });
    await hear([text("hello")], { from: 20009 });
    fake.config = { ...fake.config, dmPolicy: "pairing" };
    await hear([text("hello again")], { from: 20009 });
    expect([turns, fake.shown]).toEqual([[], []]);
    await hear([atBot, text("what was that")], { group });
    expect(bodies()).toEqual(["what was that"]);
    expect(historyOf(turns[0])).toEqual(["your turn"]);
  });

  test("D1: a pairing code that did not arrive is sent again at the next message, and one that did is not", async () => {
    fake.config = { ...fake.config, dmPolicy: "pairing", allowFrom: [] };
    Object.assign(fake.running, { waits: openWaits(tempJournal().open(), "default") });
    fake.platform = () => refusal("temporary");
    await hear([text("hello")]);
    expect([fake.sent, fake.running.waits.list(0)]).toEqual([[], []]);
    fake.platform = () => undefined;
    codes.push("PAIRCODE");
    await hear([text("anybody there?")]);
    await hear([text("thanks")]);
    expect(fake.sent.map(wordsOf)).toEqual([expect.stringContaining("PAIRCODE")]);
    expect(fake.running.waits.list(0)).toMatchObject([{ senderId: String(ALICE) }]);
    // Where too many wait already, the host has none.
    codes.push("");
    await hear([text("hello")], { from: 20002 });
    expect(fake.sent).toHaveLength(1);
  });

  describe("what a stranger wrote", () => {
    let again: string[];
    let stop: AbortController;
    beforeEach(async () => {
      again = [];
      const admit = async (event: RawEvent): Promise<void> => {
        again.push(event.key);
        await deliverInbound(event, fake.clock.now(), {} as unknown as ChannelIngressMonitorLifecycle, fake.running);
      };
      fake.config = { dmPolicy: "pairing" };
      stop = new AbortController();
      const waits = openWaits(tempJournal().open(), "default");
      Object.assign(fake.running, { waits, admit, signal: stop.signal });
      await hear([text("hello")], { id: 4711 });
    });
    const notice = "You are approved. Your message is being answered.";

    test("D1: has its turn when they are approved, once, and they are told so", async () => {
      await fake.clock.advance(10_000);
      expect([bodies(), fake.sent]).toEqual([[], [expect.anything()]]);
      approved = [String(ALICE)];
      await fake.clock.advance(20_000);
      expect(bodies()).toEqual(["hello"]);
      expect(fake.sent.slice(1).map(wordsOf)).toEqual([notice]);
      expect(again).toEqual([`message:c2c:${ALICE}:${lastId}#again`]);
      expect(fake.running.waits.list(0)).toEqual([]);
    });

    test("D1: has its turn also when the account was started anew meanwhile", async () => {
      stop.abort();
      await fake.clock.advance(10_000);
      approved = [String(ALICE)];
      resumeWaits({ ...fake.running, signal: new AbortController().signal });
      await fake.clock.advance(0);
      expect([bodies(), fake.sent.slice(1).map(wordsOf)]).toEqual([["hello"], [notice]]);
    });

    test("D1: only the newest has its turn when the first request was dismissed and they wrote again", async () => {
      await fake.clock.advance(60_000);
      // The host has forgotten the request, and gives a new code.
      await hear([text("hello again")]);
      expect(fake.sent).toHaveLength(2);
      approved = [String(ALICE)];
      await fake.clock.advance(20_000);
      expect([bodies(), fake.sent.slice(2).map(wordsOf), again.length]).toEqual([["hello again"], [notice], 1]);
    });

    test("D1: and the end of the dismissed one leaves the newer wait alone", async () => {
      const { waits } = fake.running;
      await fake.clock.advance(3_000_000);
      await hear([text("hello again")]);
      await fake.clock.advance(1_000_000);
      expect(waits.list(fake.clock.now())).toHaveLength(1);
      approved = [String(ALICE)];
      await fake.clock.advance(20_000);
      expect(bodies()).toEqual(["hello again"]);
    });

    test("D1 E2: has none when it was taken back, also after a restart", async () => {
      await recallOf(4000);
      expect(fake.running.waits.list(0)).toHaveLength(1);
      await recallOf(4711);
      expect(fake.running.waits.list(0)).toEqual([]);
      stop.abort();
      approved = [String(ALICE)];
      resumeWaits({ ...fake.running, recalled: new Set(), signal: new AbortController().signal });
      await fake.clock.advance(20_000);
      expect([bodies(), again, fake.sent.length]).toEqual([[], [], 1]);
    });

    test("D1 E2: has none when it was taken back while its code was on its way", async () => {
      for (const wait of fake.running.waits.list(0)) fake.running.waits.remove(wait);
      let recalling: Promise<void> | undefined;
      fake.platform = () => {
        recalling = recallOf(4713);
        return undefined;
      };
      await hear([text("oh")], { id: 4713 });
      await recalling;
      expect([fake.sent.length, fake.running.waits.list(0)]).toEqual([2, []]);
    });

    test("D1: has none when the code has died", async () => {
      await fake.clock.advance(3_600_000);
      approved = [String(ALICE)];
      await fake.clock.advance(20_000);
      expect([bodies(), again]).toEqual([[], []]);
    });
  });

  test("D4: who answers within seconds again and again is a bot, and gets no answer any more; a lively person is none", async () => {
    const { clock } = fake;
    const lively = { group: 30007, from: 20007 };
    for (let round = 0; round < 200; round++) {
      await clock.advance(10_002);
      await hear([atBot, text(" well")], lively);
      // A thought in two pieces, the second while the first is being answered.
      await hear([atBot, text(" and")], { ...lively, ago: 1 });
    }
    expect(turns).toHaveLength(400);
    turns = [];
    const bot = { group: 30008, from: 20008 };
    // It says something whenever it is answered.
    for (let round = 0; round < 100 && turns.length === round; round++) {
      await hear([atBot, text(` ${round}`)], bot);
      await clock.advance(9_000);
    }
    expect(bodies().at(-1)).toBe("60");
    expect(fake.lines.join("\n")).toContain('message not answered chat=group:30008 why="answers within seconds');
    await hear([atBot, text(" me")], { ...bot, from: 20001 });
    await clock.advance(60_000);
    await hear([atBot, text(" later")], bot);
    await clock.advance(9_000);
    await hear([atBot, text(" again")], bot);
    await clock.advance(300_000);
    await hear([atBot, text(" hello")], bot);
    await clock.advance(9_000);
    await hear([atBot, text(" hello again")], bot);
    expect(bodies().slice(-4)).toEqual(["me", "later", "hello", "hello again"]);
  });

  test("D4: the host's switch for that holds here too", async () => {
    fake.cfg = { channels: { defaults: { botLoopProtection: { enabled: false } } } };
    for (let round = 0; round < 70; round++) {
      await hear([text("hi")], { from: 20006 });
      await fake.clock.advance(1_000);
    }
    expect(turns).toHaveLength(70);
  });

  test("D3: of a group that is left out nothing is kept, QQ is asked nothing, and one line tells of it", async () => {
    messages = new Map([["901", message("901", SELF, "mine")]]);
    const group = 30001;
    const dropped = () => fake.lines.filter((line) => line.includes("message dropped")).map((line) => line.slice(5));
    const heard = () => [fake.running.refs.find(String(lastId)), fake.running.chats.hasWritten(`group:${group}`)];
    fake.config = { ...fake.config, groups: { "30002": {}, "30001": { enabled: false } } };
    await hear([quote("901"), text("a")], { group });
    await hear([atBot, text("b")], { group });
    expect([reads, heard()]).toEqual([[], [undefined, false]]);
    expect(dropped()).toEqual(["message dropped reason=group_not_allowlisted chat=group:30001 sender=20001"]);
    for (const config of [{ groupPolicy: "disabled" } as const, {}]) {
      fake.config = config;
      await hear([quote("901"), text("c")], { group });
      expect([reads, heard()]).toEqual([[], [undefined, false]]);
    }
    expect(dropped()).toHaveLength(3);
    fake.config = { groupAllowFrom: ["20002"] };
    await hear([quote("901"), text("d")], { group });
    expect(reads).toEqual([]);
    // Of an allowed group, though: somebody who may talk may quote it.
    expect(heard()).toEqual([expect.objectContaining({ text: "d" }), true]);
    await hear([quote("901"), text("e")], { group, from: 20002 });
    expect([reads, bodies()]).toEqual([["901"], ["e"]]);
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

  test("D6: an owner of all channels gives commands in a group by the number with `qq:`, never by a bare one", async () => {
    fake.cfg = { commands: { ownerAllowFrom: ["20001"] } };
    await hear([atBot, text(" /new")], { group: 30001 });
    expect(turns).toEqual([]);
    fake.cfg = { commands: { ownerAllowFrom: ["qq:20001"] } };
    await hear([atBot, text(" /new")], { group: 30001 });
    expect(turns[0]?.ctxPayload.access.commands).toEqual({ authorized: true });
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

  test("E2 D4: of the bot's own in another chat is not told, and means nobody; nor do its files come along", async () => {
    const chat = { kind: "group", groupId: "30002" } as const;
    const attachments = [{ kind: "image", url: "https://canary.invalid/a.png" }] as const;
    messages = new Map([
      ["905", message("905", SELF, "canary", { chat })],
      ["906", message("906", SELF, "canary", { chat, attachments })],
    ]);
    const { refs } = fake.running;
    await hear([quote("905"), text("a")], { group: 30001 });
    refs.note({ ref: "906", messageId: "906", own: true, text: "canary", chat: "group:30002" }, FAKE_NOW);
    await hear([quote("906"), text("b")], { group: 30001 });
    expect(turns).toEqual([]);
    await hear([quote("906"), atBot, text("c")], { group: 30001 });
    expect(JSON.stringify(turns)).not.toContain("canary");
    // A number that our books know in this chat, and NapCat by now in another.
    refs.note({ ref: "907", messageId: "907", own: true, text: "mine", chat: "group:30001" }, FAKE_NOW);
    messages = new Map([["907", message("907", SELF, "", { chat, attachments })]]);
    await hear([quote("907"), text("d")], { group: 30001 });
    expect(turns).toHaveLength(2);
    expect(JSON.stringify(turns)).not.toContain("canary");
    expect(fake.lines.join("\n")).not.toContain("canary");
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
