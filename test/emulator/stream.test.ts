import { afterEach, describe, expect, test } from "vitest";
import { createManualClock, type MovableClock } from "../../emulator/clock.ts";
import type { ChatMessage } from "../../emulator/control.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { openid } from "../../emulator/ids.ts";
import { defaultSeed, type BotSeed } from "../../emulator/seed.ts";
import { APP_ID, rawBot, type Answer, type RawBot } from "./raw-bot.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
const otherBot = { appId: "102000002", secret: "another-secret", name: "另一个" };
const PATH = `/v2/users/${openid(APP_ID, "user", "lin")}/stream_messages`;

let emulator: Emulator;
let clock: MovableClock;
let raw: RawBot;
afterEach(() => emulator.close());

const start = async (options: EmulatorOptions = {}): Promise<void> => {
  clock = createManualClock();
  emulator = await createEmulator({
    clock,
    seed: { ...defaultSeed, bots: [...defaultSeed.bots, otherBot] },
    ...options,
  });
  raw = await rawBot(emulator);
  await raw.online();
};
const startWith = (bot: Partial<BotSeed>): Promise<void> =>
  start({ seed: { ...defaultSeed, bots: defaultSeed.bots.map((seed) => ({ ...seed, ...bot })) } });
const outcome = ({ status, body }: Answer): number | "ok" => (status === 200 ? "ok" : Number(body.err_code));
const say = async (): Promise<string> =>
  (await emulator.control.call("say", { person: "lin", chat: dm, text: "天气" })).id;
const shown = (): ChatMessage[] => emulator.world.messages(dm).filter((message) => message.from.kind === "bot");
const send = async (body: object): Promise<number | "ok"> =>
  outcome(await raw.call("POST", raw.paths.dm("lin"), { content: "好", ...body }));

/** A stream as a client keeps it: pieces are 200 ms apart and count up. */
interface Streamer {
  /** Sends a piece; what is given goes over what the client would send. */
  readonly piece: (text: string, over?: object) => Promise<Answer>;
  readonly id: () => string;
}
const stream = (anchor: object, base: object = {}): Streamer => {
  let index = 0;
  let id: string | undefined;
  return {
    async piece(text, over = {}) {
      clock.advance(200);
      const answer = await raw.call("POST", PATH, {
        input_mode: "replace",
        input_state: 1,
        index,
        content_type: "markdown",
        content_raw: text,
        ...anchor,
        ...(id !== undefined && { stream_msg_id: id }),
        ...base,
        ...over,
      });
      if (answer.status === 200) {
        id = answer.body.id;
        index += 1;
      }
      return answer;
    },
    id: () => id ?? "",
  };
};

describe("a stream", () => {
  test("grows in one bubble until it is finished", async () => {
    await start();
    const msg_id = await say();
    const { piece } = stream({ msg_id, msg_seq: 5 });
    const events: ChatMessage[] = [];
    void emulator.waitFor("never", ({ event, data }) => {
      if (event === "message") events.push(data.message);
      return event === "message" && data.message.stream === "finished" ? true : undefined;
    });
    const first = await piece("正在查");
    expect(first.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestamp: "2026-11-20T09:30:00+08:00",
      ext_info: { ref_idx: expect.stringMatching(/^REFIDX_.+==$/) },
      remain_msg_len: 4997,
    });
    expect(shown()).toMatchObject([{ text: "正在查", stream: "generating", markdown: true, repliesTo: msg_id }]);
    expect((await piece("正在查询天气")).body).toMatchObject({ id: first.body.id, remain_msg_len: 4994 });
    const last = await piece("正在查询天气：晴", { input_state: 10 });
    expect(last.body).toMatchObject({ id: first.body.id, ext_info: first.body["ext_info"] });
    expect(events.map(({ id, text, stream }) => ({ id, text, stream }))).toEqual([
      { id: first.body.id, text: "正在查", stream: "generating" },
      { id: first.body.id, text: "正在查询天气", stream: "generating" },
      { id: first.body.id, text: "正在查询天气：晴", stream: "finished" },
    ]);
    expect(shown()).toEqual([events[2]]);
  });

  test("appends where the client says so, or nothing", async () => {
    await start();
    const { piece } = stream({ msg_id: await say() }, { input_mode: undefined, content_type: "text" });
    await piece("正在");
    await piece("查询", { input_mode: "append" });
    await piece("", { input_state: 10 });
    expect(shown()).toMatchObject([{ text: "正在查询", stream: "finished" }]);
    expect(shown()[0]).not.toHaveProperty("markdown");
  });

  test("of one piece is finished at once", async () => {
    await start();
    await stream({ msg_id: await say() }).piece("晴", { input_state: 10 });
    expect(shown()).toMatchObject([{ text: "晴", stream: "finished" }]);
  });

  test("can be tied to an event, and msg_id wins over it", async () => {
    await start();
    const msg_id = await say();
    expect(outcome(await stream({ msg_id, event_id: msg_id }).piece("晴", { input_state: 10 }))).toBe("ok");
    const gateway = await raw.online();
    await emulator.control.call("proactive", { chat: dm, allowed: true });
    const { id: event_id } = await gateway.next();
    expect(outcome(await stream({ event_id }).piece("晴", { input_state: 10 }))).toBe("ok");
    expect(shown().at(-1)?.repliesTo).toBe(event_id);
  });

  test("can be quoted and taken back, and is over then", async () => {
    await start();
    const { piece, id } = stream({ msg_id: await say() });
    await piece("正在查");
    const path = `${raw.paths.dm("lin")}/${id()}`;
    const quote = { person: "lin", chat: dm, text: "什么", quote: id() };
    await emulator.control.call("say", quote);
    expect(emulator.world.messages(dm).at(-1)?.quote?.text).toBe("正在查");
    expect(outcome(await raw.call("DELETE", path))).toBe("ok");
    expect(outcome(await piece("正在查询"))).toBe(40034024);
    expect(shown()).toMatchObject([{ recalled: true, text: "" }]);
  });
});

describe("the first piece", () => {
  test.each<[string, object, number]>([
    ["is no object", [], 12002],
    ["has an unknown mode", { input_mode: "insert" }, 50035],
    ["has an unknown state", { input_state: 2 }, 50035],
    ["has no state", { input_state: undefined }, 50035],
    ["has no index", { index: undefined }, 50035],
    ["begins at 1", { index: 1 }, 50035],
    ["has an unknown content type", { content_type: "html" }, 50035],
    ["has text that is none", { content_raw: 5 }, 50035],
    ["has a sequence below 0", { msg_seq: -1 }, 50035],
    ["is empty", { content_raw: " " }, 304061],
    ["is longer than 5000", { content_raw: "字".repeat(5001) }, 40054007],
    ["has no anchor", { msg_id: undefined }, 40034024],
    ["has an unknown anchor", { msg_id: "ROBOT1.0_unknown!" }, 40034024],
    ["has an event that is none", { msg_id: undefined, event_id: "x" }, 40034025],
    ["names a stream there is not", { stream_msg_id: "unknown" }, 40034024],
  ])("that %s is refused, and uses nothing up", async (_, over, code) => {
    await start();
    const msg_id = await say();
    const body = Array.isArray(over) ? over : undefined;
    const answer = body ? await raw.call("POST", PATH, body) : await stream({ msg_id }).piece("正在查", over);
    expect(outcome(answer)).toBe(code);
    expect(shown()).toEqual([]);
    expect(emulator.refusals()).toMatchObject([{ bot: APP_ID, refused: expect.stringContaining(String(code)) }]);
    for (const msg_seq of [1, 2, 3, 4]) expect(await send({ msg_id, msg_seq })).toBe("ok");
  });

  test("is refused where the person is nobody, or no friend, or in a group", async () => {
    await start();
    const msg_id = await say();
    const body = { input_state: 1, index: 0, content_type: "text", content_raw: "嗨", msg_id };
    expect(outcome(await raw.call("POST", PATH.toLowerCase(), body))).toBe(11255);
    const group = PATH.replace("users", "groups");
    expect(outcome(await raw.call("POST", group, body))).toBe(404);
    await emulator.control.call("friend", { person: "lin", bot: APP_ID, friends: false });
    expect(outcome(await raw.call("POST", PATH, body))).toBe(40054004);
  });

  test("goes by the rights and rules of its bot", async () => {
    await startWith({ markdown: false, c2cUrls: false });
    const msg_id = await say();
    expect(outcome(await stream({ msg_id }).piece("**晴**"))).toBe(40034127);
    const { piece } = stream({ msg_id }, { content_type: "text" });
    expect(outcome(await piece("看 https://example.com"))).toBe(40054010);
    expect(outcome(await piece("看 "))).toBe("ok");
    expect(outcome(await piece("看 https://example.com"))).toBe(40054010);
    expect(outcome(await piece("看 别处"))).toBe("ok");
  });

  test("with a word that nobody may send is refused", async () => {
    await start();
    await emulator.control.call("words", { words: ["禁词"] });
    const { piece } = stream({ msg_id: await say() });
    expect(outcome(await piece("有禁词"))).toBe(40034006);
    expect(outcome(await piece("有禁"))).toBe("ok");
    expect(outcome(await piece("有禁词"))).toBe(40034006);
  });
});

describe("a later piece", () => {
  test("must hold what was delivered", async () => {
    await start();
    const { piece } = stream({ msg_id: await say() });
    await piece("正在查询天气");
    expect(outcome(await piece("正在查阅天气"))).toBe(40007);
    expect(outcome(await piece("正在查"))).toBe(40007);
    expect(outcome(await piece("正在查询天气。"))).toBe("ok");
    expect(shown()).toMatchObject([{ text: "正在查询天气。" }]);
  });

  test.each<[string, object, number]>([
    ["has the same index", { index: 0 }, 50035],
    ["leaves an index out", { index: 2 }, 50035],
    ["has another sequence", { msg_seq: 6 }, 50035],
    ["has no sequence", { msg_seq: undefined }, 50035],
    ["has another anchor", { msg_id: "ROBOT1.0_unknown!" }, 40034024],
    ["has an event for an anchor", { msg_id: undefined, event_id: "FRIEND_ADD:x" }, 40034025],
    ["names another stream", { stream_msg_id: "unknown" }, 40034024],
  ])("that %s is refused, and the stream goes on", async (_, over, code) => {
    await start();
    const { piece } = stream({ msg_id: await say(), msg_seq: 5 });
    await piece("正在查");
    expect(outcome(await piece("正在查询", over))).toBe(code);
    expect(shown()).toMatchObject([{ text: "正在查" }]);
    expect(outcome(await piece("正在查询", { msg_id: undefined }))).toBe("ok");
  });

  test("may not come within 200 ms", async () => {
    await start();
    const anchor = { msg_id: await say() };
    const { piece, id } = stream(anchor);
    await piece("正在查");
    const next = {
      ...anchor,
      index: 1,
      input_state: 10,
      content_type: "markdown",
      stream_msg_id: id(),
      content_raw: "询",
    };
    clock.advance(199);
    expect(outcome(await raw.call("POST", PATH, next))).toBe(50002);
    clock.advance(1);
    expect(outcome(await raw.call("POST", PATH, next))).toBe("ok");
  });

  test("never comes after the last one", async () => {
    await start();
    const { piece } = stream({ msg_id: await say() });
    await piece("晴", { input_state: 10 });
    expect(outcome(await piece("晴，12℃"))).toBe(40034024);
    expect(outcome(await piece("晴", { input_state: 10 }))).toBe(40034024);
    expect(shown()).toMatchObject([{ text: "晴" }]);
  });

  test("may not make the text longer than 5000", async () => {
    await start();
    const { piece } = stream({ msg_id: await say() }, { input_mode: "append" });
    expect((await piece("字".repeat(4999))).body["remain_msg_len"]).toBe(1);
    expect(outcome(await piece("字字"))).toBe(40054007);
    expect((await piece("字")).body["remain_msg_len"]).toBe(0);
  });

  test("is refused to another person's stream, and to another bot's", async () => {
    await start();
    const { piece, id } = stream({ msg_id: await say() });
    await piece("正在查");
    const body = { input_state: 1, index: 1, content_type: "text", content_raw: "询", stream_msg_id: id() };
    clock.advance(SECOND);
    const toMing = `/v2/users/${openid(APP_ID, "user", "ming")}/stream_messages`;
    expect(outcome(await raw.call("POST", toMing, body))).toBe(40034024);
    const foreign = await rawBot(emulator, otherBot);
    const theirPath = `/v2/users/${openid(otherBot.appId, "user", "lin")}/stream_messages`;
    expect(outcome(await foreign.call("POST", theirPath, body))).toBe(40034024);
  });

  test("is too late when the window of its message is over", async () => {
    await start();
    const { piece } = stream({ msg_id: await say() });
    await piece("正在查");
    clock.advance(60 * MINUTE - 400);
    expect(outcome(await piece("正在查询"))).toBe("ok");
    expect(outcome(await piece("正在查询天气"))).toBe(40034128);
  });
});

describe("the reply budget", () => {
  test("a stream is one reply, and its sequence is taken", async () => {
    await start();
    const msg_id = await say();
    const { piece } = stream({ msg_id, msg_seq: 5 });
    for (const text of ["一", "一二", "一二三", "一二三四", "一二三四五"])
      expect(outcome(await piece(text))).toBe("ok");
    expect(await send({ msg_id, msg_seq: 5 })).toBe(40054005);
    for (const msg_seq of [6, 7, 8]) expect(await send({ msg_id, msg_seq })).toBe("ok");
    expect(await send({ msg_id, msg_seq: 9 })).toBe(40034128);
    expect(outcome(await piece("一二三四五六", { input_state: 10 }))).toBe("ok");
    expect(outcome(await stream({ msg_id, msg_seq: 9 }).piece("再来"))).toBe(40034128);
  });

  test("a sequence that a send has used is no stream's", async () => {
    await start();
    const msg_id = await say();
    expect(await send({ msg_id, msg_seq: 5 })).toBe("ok");
    expect(outcome(await stream({ msg_id, msg_seq: 5 }).piece("正在查"))).toBe(40054005);
    expect(outcome(await stream({ msg_id, msg_seq: 6 }).piece("正在查"))).toBe("ok");
    expect(outcome(await stream({ msg_id, msg_seq: 6 }).piece("正在查"))).toBe(40054005);
  });

  test("a wake-up stream may be tied to an old message, once in a period", async () => {
    await start();
    const msg_id = await say();
    clock.advance(61 * MINUTE);
    expect(outcome(await stream({ msg_id }).piece("晚了"))).toBe(40034128);
    const { piece } = stream({ msg_id }, { is_wakeup: true });
    expect(outcome(await piece("好久"))).toBe("ok");
    expect(outcome(await piece("好久不见", { input_state: 10 }))).toBe("ok");
    expect(outcome(await stream({ msg_id, msg_seq: 2 }, { is_wakeup: true }).piece("再来"))).toBe(40034122);
  });
});

describe("waitForReply", () => {
  test("takes a stream once, when it is finished", async () => {
    await start();
    const msg_id = await say();
    const { piece } = stream({ msg_id });
    const waiting = emulator.waitForReplies({ chat: dm, after: msg_id, count: 2 });
    await piece("一");
    await piece("一二");
    await send({ msg_id, msg_seq: 2, content: "别的" });
    const late = emulator.waitForReply({ chat: dm });
    expect(await Promise.race([waiting, late, Promise.resolve("waiting")])).toBe("waiting");
    await piece("一二三", { input_state: 10 });
    expect((await waiting).map(({ text }) => text)).toEqual(["一二三", "别的"]);
    expect(await late).toMatchObject({ text: "一二三", stream: "finished" });
    await expect(emulator.waitForReply({ chat: dm, timeoutMs: 1 })).rejects.toThrow("no reply");
  });
});

describe("a stream in a blackhole", () => {
  test("is answered as if it were seen, and books nothing", async () => {
    await start();
    const msg_id = await say();
    await emulator.control.call("fault", { do: "blackhole", ms: 10 * SECOND });
    const { piece } = stream({ msg_id });
    expect(outcome(await piece("一"))).toBe("ok");
    expect(outcome(await piece("一二", { input_state: 10 }))).toBe("ok");
    expect(shown()).toEqual([]);
    clock.advance(10 * SECOND);
    expect(outcome(await stream({ msg_id }).piece("一"))).toBe("ok");
  });

  test("that had begun before stands still until it is over", async () => {
    await start();
    const { piece } = stream({ msg_id: await say() });
    await piece("一");
    await emulator.control.call("fault", { do: "blackhole", ms: SECOND });
    expect(outcome(await piece("一二"))).toBe("ok");
    expect(shown()).toMatchObject([{ text: "一" }]);
    clock.advance(SECOND);
    expect(outcome(await piece("一二三", { input_state: 10 }))).toBe("ok");
    expect(shown()).toMatchObject([{ text: "一二三", stream: "finished" }]);
  });
});
