import { afterEach, describe, expect, test } from "vitest";
import {
  APP_ID,
  GROUP_AND_C2C,
  identify,
  rawBot,
  resume,
  type RawBot,
  type RawGateway,
} from "../test/emulator/raw-bot.ts";
import { createManualClock, type MovableClock } from "./clock.ts";
import type { Fault } from "./control.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "./emulator.ts";
import { defaultSeed } from "./seed.ts";
import { NOT_CONNECTED } from "./telling.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;

let emulator: Emulator;
let clock: MovableClock;
let raw: RawBot;
const start = async (options: EmulatorOptions = {}): Promise<void> => {
  clock = createManualClock();
  emulator = await createEmulator({ clock, ...options });
  raw = await rawBot(emulator);
};
afterEach(() => emulator.close());

const say = async (text: string): Promise<string> =>
  (await emulator.control.call("say", { person: "lin", chat: dm, text })).id;
const strike = (fault: Fault): Promise<object> => emulator.control.call("fault", fault);
const contents = async (gateway: RawGateway, count: number): Promise<unknown[]> => {
  const all: unknown[] = [];
  for (let n = 0; n < count; n += 1) all.push((await gateway.next()).d["content"]);
  return all;
};
/** A frame that the server has answered proves that it has read everything before. */
const beat = async (gateway: RawGateway): Promise<void> => {
  gateway.send({ op: 1, d: null });
  while ((await gateway.next()).op !== 11) {
    // Frames before the acknowledgement are not asked for.
  }
};
/** The server has noticed that the client's end is gone. */
const gone = (): Promise<void> => emulator.waitForSessions(APP_ID, 0);

describe("identify", () => {
  test("hello comes first, READY is number 1 and says who the bot is", async () => {
    await start();
    const gateway = await raw.connect();
    expect(await gateway.next()).toEqual({ op: 10, d: { heartbeat_interval: 41_250 } });
    gateway.send(identify(raw.token));
    expect(await gateway.next()).toEqual({
      op: 0,
      s: 1,
      t: "READY",
      d: {
        version: 1,
        session_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/),
        user: { id: expect.stringMatching(/^\d+$/), username: "小助手", bot: true, status: 1 },
        shard: [0, 1],
      },
    });
  });

  test("without a shard READY says [0,0]", async () => {
    await start();
    const gateway = await raw.connect();
    await gateway.next();
    gateway.send({ op: 2, d: { token: `QQBot ${raw.token}`, intents: GROUP_AND_C2C } });
    expect((await gateway.next()).d["shard"]).toEqual([0, 0]);
  });

  test.each(["no scheme", "wrong token"])("%s gets op 9 and, 100 ms later, 4903", async (mistake) => {
    await start();
    const gateway = await raw.connect();
    await gateway.next();
    const token = mistake === "no scheme" ? raw.token : "QQBot nonsense";
    gateway.send({ op: 2, d: { token, intents: GROUP_AND_C2C } });
    expect(await gateway.next()).toEqual({ op: 9, d: false });
    clock.advance(100);
    expect(await gateway.closed).toEqual({ code: 4903, reason: "create session error" });
  });

  test.each([
    ["an unknown intent", (token: string) => identify(token, GROUP_AND_C2C | (1 << 5)), 4013],
    ["a negative mask", (token: string) => identify(token, -1), 4013],
    ["an intent that is not granted", (token: string) => identify(token, 1 << 9), 4014],
    ["a shard outside its total", (token: string) => identify(token, GROUP_AND_C2C, [1, 1]), 4010],
    ["a shard that is none", (token: string) => identify(token, GROUP_AND_C2C, "0"), 4010],
    ["an unknown opcode", () => ({ op: 99 }), 4001],
    ["a heartbeat", () => ({ op: 1, d: null }), 4003],
  ])("%s closes the connection", async (_, frame, code) => {
    await start();
    const gateway = await raw.connect();
    gateway.send(frame(raw.token));
    expect((await gateway.closed).code).toBe(code);
    expect(emulator.refusals().at(-1)?.refused).toContain(String(code));
  });

  test("text that is no frame closes with 4002", async () => {
    await start();
    const gateway = await raw.connect();
    gateway.sendText("{");
    expect((await gateway.closed).code).toBe(4002);
  });

  test("a second identify closes with 4005", async () => {
    await start();
    const gateway = await raw.online();
    gateway.send(identify(raw.token));
    expect((await gateway.closed).code).toBe(4005);
  });

  test("denied intents are refused until reset", async () => {
    await start();
    await strike({ do: "deny-intents", intents: 1 << 26 });
    for (const [intents, code] of [
      [GROUP_AND_C2C | (1 << 26), 4014],
      [GROUP_AND_C2C | (1 << 26), 4014],
    ] as const) {
      const gateway = await raw.connect();
      gateway.send(identify(raw.token, intents));
      expect((await gateway.closed).code).toBe(code);
    }
    expect((await raw.online(GROUP_AND_C2C)).ready.t).toBe("READY");
    emulator.reset();
    expect((await raw.online(GROUP_AND_C2C | (1 << 26))).ready.t).toBe("READY");
  });

  test("who does not identify within 30 s is closed with 4003", async () => {
    await start();
    const gateway = await raw.connect();
    await gateway.next();
    clock.advance(30 * SECOND);
    expect((await gateway.closed).code).toBe(4003);
  });

  test("the identify budget runs out, and comes back after a day", async () => {
    await start({ tune: { sessionStarts: 1 } });
    await raw.online();
    const gateway = await raw.connect();
    await gateway.next();
    gateway.send(identify(raw.token));
    expect(await gateway.next()).toEqual({ op: 9, d: false });
    expect((await raw.call("GET", "/gateway/bot")).body["session_start_limit"]).toMatchObject({ remaining: 0 });
    clock.advance(24 * 60 * MINUTE);
    raw = await rawBot(emulator);
    expect((await raw.online()).ready.t).toBe("READY");
  });

  test("more than 60 frames a minute close with 4008, heartbeats not counted", async () => {
    await start({ tune: { framesPerMinute: 1 } });
    const gateway = await raw.online();
    await beat(gateway);
    await beat(gateway);
    gateway.send({ op: 99 });
    expect((await gateway.closed).code).toBe(4008);
  });
});

describe("heartbeat and lifetime", () => {
  test("a heartbeat is acknowledged and keeps the connection", async () => {
    await start();
    const gateway = await raw.online();
    clock.advance(92 * SECOND);
    await beat(gateway);
    clock.advance(92 * SECOND);
    await beat(gateway);
    expect(emulator.world.snapshot().bots[0]?.sessions).toBe(1);
  });

  test("without one the connection ends after two intervals and 10 s", async () => {
    await start();
    const gateway = await raw.online();
    clock.advance(2 * 41_250 + 10_000 - 1);
    expect(emulator.world.snapshot().bots[0]?.sessions).toBe(1);
    clock.advance(1);
    expect(await gateway.closed).toEqual({ code: 4009, reason: "Session timed out" });
  });

  test("moving the world's clock is no missing heartbeat", async () => {
    await start({ lifetimeMs: Number.POSITIVE_INFINITY });
    const gateway = await raw.online();
    await emulator.control.call("advance", { ms: 60 * MINUTE });
    await beat(gateway);
  });

  test("after its lifetime a connection gets op 7, and 4009 ten seconds later", async () => {
    await start({ heartbeatMs: 60 * MINUTE });
    const gateway = await raw.online();
    clock.advance(30 * MINUTE);
    expect(await gateway.next()).toEqual({ op: 7 });
    clock.advance(10 * SECOND - 1);
    await beat(gateway);
    clock.advance(1);
    expect(await gateway.closed).toEqual({ code: 4009, reason: "Session timed out" });
  });

  test("the lifetime can be switched off", async () => {
    await start({ heartbeatMs: 60 * MINUTE, lifetimeMs: Number.POSITIVE_INFINITY });
    const gateway = await raw.online();
    clock.advance(60 * MINUTE);
    await beat(gateway);
    expect(gateway.waiting()).toEqual([]);
  });
});

describe("dispatch", () => {
  test("numbers rise by one, the event id begins with the event's name", async () => {
    await start();
    const gateway = await raw.online();
    const ids = [await say("一"), await say("二")];
    const frames = [await gateway.next(), await gateway.next()];
    expect(frames.map((frame) => [frame.s, frame.t, frame.d["id"]])).toEqual([
      [2, "C2C_MESSAGE_CREATE", ids[0]],
      [3, "C2C_MESSAGE_CREATE", ids[1]],
    ]);
    expect(frames[0]?.id).toMatch(/^C2C_MESSAGE_CREATE:./);
    expect(frames[0]?.id).not.toBe(frames[1]?.id);
  });

  test("a session gets the events of its intents only, and takes no number for others", async () => {
    await start();
    const guild = await raw.online(1 << 30);
    const friends = await raw.online(GROUP_AND_C2C);
    const chat = { kind: "channel", channel: "general" } as const;
    await say("嗨");
    await emulator.control.call("say", { person: "lin", chat, text: "ping", mention: [APP_ID] });
    await emulator.control.call("say", { person: "lin", chat, text: "没有人" });
    expect(await guild.next()).toMatchObject({ s: 2, t: "AT_MESSAGE_CREATE" });
    expect(await friends.next()).toMatchObject({ s: 2, t: "C2C_MESSAGE_CREATE" });
    await beat(guild);
    await beat(friends);
  });

  test("a bot that is nowhere lets the platform answer, and gets nothing later", async () => {
    await start();
    await say("有人吗");
    expect(emulator.world.messages(dm).map(({ from, text }) => [from.kind, text])).toEqual([
      ["person", "有人吗"],
      ["system", NOT_CONNECTED],
    ]);
    const gateway = await raw.online();
    await beat(gateway);
    expect(gateway.waiting()).toEqual([]);
  });
});

describe("resume", () => {
  test("replays what came after the number, with the same numbers and ids, then RESUMED", async () => {
    await start();
    const first = await raw.online();
    await say("一");
    const one = await first.next();
    await say("二");
    const two = await first.next();
    first.terminate();
    await gone();
    await say("三");
    expect(emulator.world.messages(dm).filter(({ from }) => from.kind === "system")).toEqual([]);
    const again = await raw.connect();
    await again.next();
    again.send(resume(raw.token, first.ready.d["session_id"], Number(one.s)));
    expect(await again.next()).toEqual(two);
    expect(await again.next()).toMatchObject({ s: 4, d: { content: "三" } });
    expect(await again.next()).toEqual({ op: 0, s: 4, t: "RESUMED", d: "" });
    await say("四");
    expect(await again.next()).toMatchObject({ s: 5, d: { content: "四" } });
  });

  test("a bare token is taken", async () => {
    await start();
    const first = await raw.online();
    const again = await raw.connect();
    await again.next();
    again.send({ op: 6, d: { token: raw.token, session_id: first.ready.d["session_id"], seq: 1 } });
    expect((await again.next()).t).toBe("RESUMED");
  });

  test("over-replay repeats events that the client has had", async () => {
    await start();
    const first = await raw.online();
    for (const text of ["一", "二", "三"]) await say(text);
    await contents(first, 3);
    first.terminate();
    await gone();
    await strike({ do: "over-replay", events: 2 });
    const again = await raw.connect();
    await again.next();
    again.send(resume(raw.token, first.ready.d["session_id"], 4));
    expect(await contents(again, 2)).toEqual(["二", "三"]);
    expect((await again.next()).t).toBe("RESUMED");
  });

  test("an unknown session gets op 9", async () => {
    await start();
    const gateway = await raw.connect();
    await gateway.next();
    gateway.send(resume(raw.token, "00000000-0000-4000-9000-000000000000", 1));
    expect(await gateway.next()).toEqual({ op: 9, d: false });
  });

  test("another bot's session gets op 9", async () => {
    const second = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
    await start({ seed: { ...defaultSeed, bots: [...defaultSeed.bots, second] } });
    const first = await raw.online();
    const other = await rawBot(emulator, second);
    const gateway = await other.connect();
    await gateway.next();
    gateway.send(resume(other.token, first.ready.d["session_id"], 1));
    expect(await gateway.next()).toEqual({ op: 9, d: false });
  });

  test("a number that was never given closes with 4007", async () => {
    await start();
    const first = await raw.online();
    const again = await raw.connect();
    again.send(resume(raw.token, first.ready.d["session_id"], 2));
    expect((await again.closed).code).toBe(4007);
  });

  test("a session is kept for five minutes after its connection, then resuming closes with 4902", async () => {
    await start();
    const first = await raw.online();
    first.terminate();
    await gone();
    clock.advance(5 * MINUTE);
    const again = await raw.connect();
    await again.next();
    again.send(resume(raw.token, first.ready.d["session_id"], 1));
    expect((await again.next()).t).toBe("RESUMED");
    again.terminate();
    await gone();
    clock.advance(5 * MINUTE + 1);
    const late = await raw.connect();
    late.send(resume(raw.token, first.ready.d["session_id"], 1));
    expect(await late.closed).toEqual({ code: 4902, reason: "reset by resume" });
  });

  test("a bot whose last session is over is not connected any more", async () => {
    await start();
    const gateway = await raw.online();
    gateway.terminate();
    await gone();
    await say("一");
    clock.advance(5 * MINUTE + 1);
    await say("二");
    const { messages } = emulator.world.snapshot().chats[0] ?? { messages: [] };
    expect(messages.map(({ text }) => text)).toEqual(["一", "二", NOT_CONNECTED]);
  });

  test("a session keeps its last 1000 events, and none for longer than ten minutes", async () => {
    await start({ tune: { keptEvents: 2, sessionMs: 60 * MINUTE } });
    const first = await raw.online();
    first.terminate();
    await gone();
    for (const text of ["一", "二", "三"]) await say(text);
    const again = await raw.connect();
    await again.next();
    again.send(resume(raw.token, first.ready.d["session_id"], 1));
    expect(await contents(again, 2)).toEqual(["二", "三"]);
    again.terminate();
    await gone();
    clock.advance(10 * MINUTE + 1);
    await say("四");
    const late = await raw.connect();
    await late.next();
    late.send(resume(raw.token, first.ready.d["session_id"], 1));
    expect(await contents(late, 1)).toEqual(["四"]);
  });

  test.each([4902, 4006, 4007])("refuse-resume closes the next one with %i and forgets the session", async (code) => {
    await start();
    const first = await raw.online();
    await strike({ do: "refuse-resume", code });
    const again = await raw.connect();
    again.send(resume(raw.token, first.ready.d["session_id"], 1));
    expect((await again.closed).code).toBe(code);
    const third = await raw.connect();
    await third.next();
    third.send(resume(raw.token, first.ready.d["session_id"], 1));
    expect(await third.next()).toEqual({ op: 9, d: false });
  });
});

describe("faults of the gateway", () => {
  test.each([4009, 4014, 1000, 1005, 1006])("close %i now", async (code) => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "close", code });
    expect((await gateway.closed).code).toBe(code);
    expect(emulator.world.snapshot().bots[0]?.sessions).toBe(0);
  });

  test("a code that no WebSocket can carry is refused", async () => {
    await start();
    await expect(strike({ do: "close", code: 999 })).rejects.toThrow("999");
  });

  test("close before the dispatch keeps the event for the resume", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "close", code: 4009, when: "before-dispatch" });
    await say("一");
    expect((await gateway.closed).code).toBe(4009);
    expect(gateway.waiting()).toEqual([]);
    const again = await raw.connect();
    await again.next();
    again.send(resume(raw.token, gateway.ready.d["session_id"], 1));
    expect(await contents(again, 1)).toEqual(["一"]);
  });

  test("close after the dispatch comes after the event, once", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "close", code: 1006, when: "after-dispatch" });
    await say("一");
    expect((await gateway.closed).code).toBe(1006);
    expect(gateway.waiting()).toMatchObject([{ d: { content: "一" } }]);
    const next = await raw.online();
    await say("二");
    await beat(next);
    expect(emulator.world.snapshot().bots[0]?.sessions).toBe(1);
  });

  test("reconnect sends op 7, and 4009 after ten seconds when it says so", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "reconnect" });
    expect(await gateway.next()).toEqual({ op: 7 });
    clock.advance(11 * SECOND);
    await beat(gateway);
    await strike({ do: "reconnect", thenClose: true });
    expect(await gateway.next()).toEqual({ op: 7 });
    clock.advance(10 * SECOND);
    expect((await gateway.closed).code).toBe(4009);
  });

  test("invalid-session: a resumable session can be resumed, the other is forgotten", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "invalid-session", resumable: true });
    expect(await gateway.next()).toEqual({ op: 9, d: true });
    await say("一");
    gateway.send(resume(raw.token, gateway.ready.d["session_id"], 1));
    expect(await contents(gateway, 1)).toEqual(["一"]);
    await gateway.next();
    await strike({ do: "invalid-session", resumable: false });
    expect(await gateway.next()).toEqual({ op: 9, d: false });
    gateway.send(resume(raw.token, gateway.ready.d["session_id"], 2));
    expect(await gateway.next()).toEqual({ op: 9, d: false });
  });

  test("half-open: nothing comes out or goes in, and a resume brings what was swallowed", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "half-open" });
    gateway.send({ op: 1, d: null });
    gateway.ping();
    await say("一");
    const again = await raw.connect();
    await again.next();
    expect(gateway.waiting()).toEqual([]);
    expect(gateway.pongs()).toBe(0);
    expect(emulator.wire().filter(({ title }) => title === "1 heartbeat")).toEqual([]);
    again.send(resume(raw.token, gateway.ready.d["session_id"], 1));
    expect(await contents(again, 1)).toEqual(["一"]);
    expect((await again.next()).t).toBe("RESUMED");
    expect((await gateway.closed).code).toBe(1006);
  });

  test("half-open: the server gives up in its turn, without a close frame", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "half-open" });
    clock.advance(2 * 41_250 + 10_000);
    expect((await gateway.closed).code).toBe(1006);
  });

  test("duplicate: new numbers, the same ids", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "duplicate", times: 2 });
    const id = await say("一");
    const frames = [await gateway.next(), await gateway.next()];
    expect(frames.map((frame) => [frame.s, frame.d["id"]])).toEqual([
      [2, id],
      [3, id],
    ]);
    expect(frames[0]?.id).toBe(frames[1]?.id);
    await say("二");
    expect(await contents(gateway, 1)).toEqual(["二"]);
    await beat(gateway);
  });

  test("a queue of faults befalls one dispatch after another", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "duplicate", times: 2 });
    await strike({ do: "close", code: 4009, when: "after-dispatch" });
    await say("一");
    expect(await contents(gateway, 2)).toEqual(["一", "一"]);
    await say("二");
    expect((await gateway.closed).code).toBe(4009);
  });

  test("raw text goes down the socket as it is", async () => {
    await start();
    const gateway = await raw.online();
    await strike({ do: "raw", text: '{"op":0,"s":9,"t":"NEW_THING","d":{"x":1}}' });
    expect(await gateway.next()).toEqual({ op: 0, s: 9, t: "NEW_THING", d: { x: 1 } });
  });

  test("a fault for one bot spares the other", async () => {
    const second = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
    await start({
      seed: {
        bots: [{ appId: APP_ID, secret: "Wq7mT2xLp9Zs4BvKemulator", name: "小助手" }, second],
        people: [{ id: "lin", name: "小林" }],
        groups: [],
        channels: [],
      },
    });
    const one = await raw.online();
    const two = await (await rawBot(emulator, second)).online();
    await strike({ do: "close", bot: second.appId, code: 4009 });
    expect((await two.closed).code).toBe(4009);
    await beat(one);
  });
});
