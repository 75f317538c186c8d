import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { c2cMessage, dispatch, groupMessage } from "../testing/events.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type ServerEnd } from "../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import type { Transport } from "../transport.ts";
import { createGatewayTransport, type GatewayOptions } from "./gateway.ts";
import type { StoredSession } from "./session-keeper.ts";

const TOKEN = "POST /app/getAppAccessToken";
const GATEWAY = "GET /gateway/bot";
const URL_ = "wss://api.sgroup.qq.com/websocket";
const INTERVAL = 41_250;
const account = { appId: "102000001", appSecret: "the-secret", apiBaseUrl: "https://api.bot.qq.com" };
const ALL = 1_308_626_944;

let clock: FakeClock;
let net: FakeNet;
let seen: Recorder;
let stop: AbortController;
let running: Promise<unknown>;
let failure: unknown;

beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  seen = createRecorder();
  stop = new AbortController();
  failure = undefined;
  net.always(TOKEN, { json: { access_token: "the-token", expires_in: "7200" } });
  net.always(GATEWAY, { json: { url: URL_, shards: 1 } });
});
afterEach(async () => {
  stop.abort();
  await clock.advance(10_000);
  await running;
  net.verify();
  expect(clock.sleepers).toBe(0);
  expect(seen.status?.state).toBe("stopped");
  expect(seen.lines.join("\n") + JSON.stringify(seen.statuses)).not.toMatch(/the-token|the-secret|private/);
});

function start(more: Partial<GatewayOptions> = {}): Transport {
  const line = createGatewayTransport({ account, outside: net, ...seen, ...more });
  running = line.run(stop.signal).catch((error: unknown) => (failure = error));
  return line;
}

/** The platform's end of dial number `index`, once it has been dialled, opened and greeted. */
async function greeted(index: number, interval = INTERVAL): Promise<ServerEnd> {
  const server = await dialled(index);
  server.open();
  server.say({ op: 10, d: { heartbeat_interval: interval } });
  await clock.settle();
  return server;
}

async function dialled(index: number): Promise<ServerEnd> {
  await clock.settle();
  const server = net.dials[index];
  if (!server) throw new Error(`dial ${index} has not come; status ${JSON.stringify(seen.status)}`);
  return server;
}

/** A session that is up. */
async function up(index = 0, interval = INTERVAL): Promise<ServerEnd> {
  const server = await greeted(index, interval);
  server.say(dispatch(1, "READY", { session_id: "s-1234567890", user: { id: "1" } }));
  await clock.settle();
  return server;
}

describe("a connection", () => {
  it("identifies after Hello and is ready only after READY", async () => {
    net.expectDials(1);
    start();
    const server = await greeted(0);
    expect(server.url).toBe(URL_);
    expect(server.received).toEqual([
      { op: 2, d: { token: "QQBot the-token", intents: ALL, shard: [0, 1], properties: {} } },
    ]);
    expect(seen.status?.state).toBe("connecting");
    server.say(dispatch(1, "READY", { session_id: "s", user: { id: "1" } }));
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "ready", since: FAKE_NOW });
  });

  it("hands events on in order, byte for byte, and says what it leaves out", async () => {
    net.expectDials(1);
    start();
    const server = await up();
    const text = JSON.stringify(dispatch(2, "C2C_MESSAGE_CREATE", c2cMessage("m1")), null, 1);
    server.raw(text);
    server.say(dispatch(3, "GUILD_CREATE", {}));
    server.raw(
      new TextEncoder().encode(JSON.stringify(dispatch(4, "GROUP_MESSAGE_CREATE", groupMessage("m2")))).buffer,
    );
    await clock.settle();
    expect(seen.accepted[0]).toEqual({ key: "message:m1", lane: "c2c:U1", text });
    expect(seen.accepted.map(({ key }) => key)).toEqual(["message:m1", "message:m2"]);
    expect(seen.dropped).toEqual(["event GUILD_CREATE"]);
    expect(seen.ways).toEqual(["group-message"]);
    expect(seen.activity).toHaveLength(5);
  });

  it("takes nothing more once it is stopped", async () => {
    net.expectDials(1);
    start();
    const server = await up();
    server.say(dispatch(2, "C2C_MESSAGE_CREATE", c2cMessage("m2")));
    stop.abort();
    await running;
    expect(seen.accepted).toEqual([]);
    expect(server.left).toBe(true);
  });

  it("beats with the last sequence stored, first after a part of the interval", async () => {
    net.expectDials(1);
    start();
    const server = await up();
    await clock.advance(INTERVAL / 2 - 1);
    expect(server.received).toHaveLength(1);
    server.say(dispatch(7, "GUILD_CREATE", {}));
    await clock.advance(1);
    expect(server.received.at(-1)).toEqual({ op: 1, d: 7 });
    server.say({ op: 11 });
    await clock.advance(INTERVAL - 1);
    expect(server.received).toHaveLength(2);
    await clock.advance(1);
    expect(server.received).toHaveLength(3);
    server.say({ op: 1 });
    await clock.settle();
    expect(server.received).toHaveLength(4);
  });

  it("beats null until the first dispatch", async () => {
    net.expectDials(1);
    start();
    const server = await greeted(0);
    await clock.advance(INTERVAL / 2);
    expect(server.received.at(-1)).toEqual({ op: 1, d: null });
  });

  it.each([1000, INTERVAL])("that goes silent is left within 1.5 intervals of %i ms", async (interval) => {
    net.expectDials(2);
    start();
    const server = await up(0, interval);
    await clock.advance(12 * interval);
    // The peer dies right after it has answered a beat: the worst moment.
    const beats = server.received.length;
    while (server.received.length === beats) await clock.advance(interval / 100);
    await clock.settle();
    server.answering = false;
    const silent = clock.now();
    await clock.advance(1.5 * interval);
    expect((await dialled(1)).dialledAt - silent).toBeLessThanOrEqual(1.5 * interval);
    expect(server.left).toBe(true);
    expect(seen.status?.state).toBe("connecting");
    expect((await greeted(1)).received[0]).toMatchObject({ op: 6, d: { session_id: "s-1234567890", seq: 1 } });
  });

  it("that answers its beats is never left", async () => {
    net.expectDials(1);
    start();
    const server = await up();
    await clock.advance(20 * 60_000);
    expect(server.left).toBe(false);
    expect(seen.status?.state).toBe("ready");
  });

  it("without Hello, or without READY, is given up", async () => {
    net.expectDials(3);
    start();
    (await dialled(0)).open();
    await clock.advance(30_000);
    expect((await dialled(0)).left).toBe(true);
    await clock.advance(5000);
    const second = await greeted(1);
    await clock.advance(3.5 * INTERVAL + 5000);
    expect(second.left).toBe(true);
    await dialled(2);
  });

  it("that is never opened is given up after 30 s", async () => {
    net.expectDials(2);
    start();
    await dialled(0);
    await clock.advance(30_000);
    expect(seen.status?.state).toBe("waiting");
    await clock.advance(1000);
    await dialled(1);
  });
});

describe("malformed frames", () => {
  const bad = [
    "",
    "x",
    "null",
    "[]",
    "7",
    '"s"',
    "{}",
    '{"op":"0"}',
    '{"op":0}',
    '{"op":0,"s":"1","t":"X"}',
    '{"op":0,"s":-1,"t":"X","d":{}}',
    '{"op":10}',
    '{"op":99}',
    '{"op":9,"d":"no"}',
    "x".repeat(5 * 1024 * 1024),
    `{"op":0,"s":2,"t":"C2C_MESSAGE_CREATE","d":"${"x".repeat(5 * 1024 * 1024)}"}`,
  ];

  it("cost one count and one line each, never the connection", async () => {
    net.expectDials(1);
    start();
    const server = await up();
    const lines = seen.lines.length;
    for (const text of bad) server.raw(text);
    // Op 7, were it not for a byte that is not UTF-8.
    server.raw(new Uint8Array([...new TextEncoder().encode('{"op":7,"d":"'), 0xff, 0x22, 0x7d]).buffer);
    await clock.settle();
    expect(seen.dropped).toEqual(Array.from({ length: bad.length + 1 }, () => "malformed frame"));
    expect(seen.lines).toHaveLength(lines + bad.length + 1);
    server.say(dispatch(2, "C2C_MESSAGE_CREATE", { ...c2cMessage("m"), author: { user_openid: "private" }, id: null }));
    server.say(dispatch(3, "C2C_MESSAGE_CREATE", c2cMessage("m1")));
    await clock.settle();
    expect(seen.dropped.at(-1)).toBe("malformed C2C_MESSAGE_CREATE");
    expect(seen.accepted.map(({ key }) => key)).toEqual(["message:m1"]);
    expect(server.left).toBe(false);
  });

  it("before Hello cost no more", async () => {
    net.expectDials(1);
    start();
    const server = await dialled(0);
    server.open();
    for (const text of bad) server.raw(text);
    server.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await clock.settle();
    expect(server.received[0]).toMatchObject({ op: 2 });
  });
});

describe("a session", () => {
  it.each([
    ["4009", (server: ServerEnd) => server.close(4009)],
    ["op 7", (server: ServerEnd) => server.say({ op: 7 })],
    ["op 7, then 4009", (server: ServerEnd) => (server.say({ op: 7 }), server.close(4009))],
    ["a cut", (server: ServerEnd) => server.close(1006)],
    ["1000", (server: ServerEnd) => server.close(1000)],
  ])("is resumed after %s, at once and with the last sequence stored", async (_name, end) => {
    net.expectDials(2);
    start();
    const server = await up();
    await clock.advance(60_000);
    server.say(dispatch(5, "C2C_MESSAGE_CREATE", c2cMessage("m5")));
    end(server);
    const second = await greeted(1);
    expect(second.dialledAt).toBe(clock.now());
    expect(server.left).toBe(true);
    expect(second.received).toEqual([{ op: 6, d: { token: "QQBot the-token", session_id: "s-1234567890", seq: 5 } }]);
    expect(seen.status?.state).toBe("connecting");
    second.say(dispatch(6, "C2C_MESSAGE_CREATE", c2cMessage("m6")));
    second.say(dispatch(7, "RESUMED", ""));
    await clock.settle();
    expect(seen.status?.state).toBe("ready");
    expect(seen.accepted.map(({ key }) => key)).toEqual(["message:m5", "message:m6"]);
    expect(net.calls.filter(({ call }) => call === GATEWAY)).toHaveLength(1);
  });

  it.each([
    ["op 9", (server: ServerEnd) => server.say({ op: 9, d: false })],
    ["4902", (server: ServerEnd) => server.close(4902)],
    ["4006", (server: ServerEnd) => server.close(4006)],
    ["4007", (server: ServerEnd) => server.close(4007)],
  ])("whose resume is refused by %s begins anew, once", async (_name, refuse) => {
    net.expectDials(3);
    start();
    const server = await up();
    await clock.advance(60_000);
    server.close(4009);
    refuse(await greeted(1));
    await clock.settle();
    expect(seen.status?.state).toBe("waiting");
    await clock.advance(4000);
    const third = await greeted(2);
    expect(third.received[0]).toMatchObject({ op: 2, d: { intents: ALL } });
  });

  it("that is invalid begins anew with a fresh token, 5 s after the Identify before it", async () => {
    net.expectDials(2);
    start();
    (await greeted(0)).say({ op: 9, d: false });
    await clock.advance(4999);
    expect(net.dials).toHaveLength(1);
    net.on(TOKEN, { json: { access_token: "the-token2", expires_in: "7200" } });
    await clock.advance(1);
    expect((await greeted(1)).received[0]).toMatchObject({ op: 2, d: { token: "QQBot the-token2" } });
  });

  it("is stored, and resumed by the next start", async () => {
    let saved: StoredSession | undefined;
    let saves = 0;
    const sessions = {
      load: () => saved,
      save: (session: StoredSession | undefined) => void ((saved = session), saves++),
    };
    net.expectDials(2);
    start({ sessions: () => sessions });
    const server = await up();
    for (let s = 2; s < 500; s++) server.say(dispatch(s, "GUILD_CREATE", {}));
    await clock.advance(1000);
    expect(saved).toMatchObject({ sessionId: "s-1234567890", seq: 499 });
    expect(saves).toBeLessThanOrEqual(2);
    await clock.advance(10 * 60_000);
    server.say(dispatch(500, "GUILD_CREATE", {}));
    await clock.settle();
    stop.abort();
    await running;
    expect(clock.now() - saved!.savedAt).toBeLessThan(INTERVAL + 1000);
    stop = new AbortController();
    start({ sessions: () => sessions });
    expect((await greeted(1)).received[0]).toMatchObject({ op: 6, d: { session_id: "s-1234567890", seq: 500 } });
  });

  it.each([
    [299_000, 6],
    [300_000, 2],
  ])("stored %i ms ago starts with op %i", async (age, op) => {
    net.expectDials(1);
    const stored = { sessionId: "s", seq: 3, savedAt: FAKE_NOW - age };
    start({ sessions: () => ({ load: () => stored, save: () => undefined }) });
    expect((await greeted(0)).received[0]).toMatchObject({ op });
  });

  it("is forgotten in the store when it is gone, and a store that fails costs a warning", async () => {
    const saved: unknown[] = [];
    net.expectDials(2);
    start({
      sessions: () => ({
        load: () => {
          throw new Error("private");
        },
        save: (session) => {
          saved.push(session);
          throw new Error("private");
        },
      }),
    });
    const server = await up();
    await clock.advance(1000);
    server.close(4006);
    await clock.advance(4000);
    await dialled(1);
    expect(saved.at(-1)).toBeUndefined();
    expect(seen.lines.filter((line) => line.startsWith("warn gateway session could not be"))).toHaveLength(3);
  });
});

describe("storing", () => {
  it("may be slow: frames are read, beats answered, and the sequence waits", async () => {
    const release: (() => void)[] = [];
    seen.onAccept = async () => await new Promise<void>((resolve) => release.push(resolve));
    net.expectDials(2);
    start();
    const server = await up();
    for (const s of [2, 3, 4]) server.say(dispatch(s, "C2C_MESSAGE_CREATE", c2cMessage(`m${s}`)));
    await clock.advance(5 * 60_000);
    expect(server.left).toBe(false);
    expect(server.received.at(-1)).toEqual({ op: 1, d: 1 });
    expect(release).toHaveLength(1);
    release[0]!();
    await clock.settle();
    expect(release).toHaveLength(2);
    server.close(4009);
    await clock.advance(250);
    expect((await greeted(1)).received[0]).toMatchObject({ op: 6, d: { seq: 2 } });
    // What was waiting is not stored by the old connection: the resume brings it again.
    release[1]!();
    await clock.settle();
    expect(release).toHaveLength(2);
  });

  it("that fails never moves the sequence, and backs off", async () => {
    seen.onAccept = ({ key }) => {
      if (key === "message:m3") throw Object.assign(new Error("private"), { code: "ENOSPC" });
    };
    net.expectDials(3);
    start();
    const server = await up();
    await clock.advance(10_000);
    for (const s of [2, 3, 4]) server.say(dispatch(s, "C2C_MESSAGE_CREATE", c2cMessage(`m${s}`)));
    await clock.settle();
    expect(server.left).toBe(true);
    expect(seen.status).toMatchObject({ state: "waiting", retryAt: clock.now() + 750 });
    expect(seen.lines.at(-1)).toMatch(/^error gateway down .*ENOSPC/);
    await clock.advance(750);
    const second = await greeted(1);
    expect(second.received[0]).toMatchObject({ op: 6, d: { seq: 2 } });
    expect(seen.accepted.map(({ key }) => key)).toEqual(["message:m2"]);
    second.say(dispatch(3, "C2C_MESSAGE_CREATE", c2cMessage("m3")));
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "waiting", retryAt: clock.now() + 1500 });
    seen.onAccept = () => undefined;
    await clock.advance(1500);
    const third = await greeted(2);
    third.say(dispatch(3, "C2C_MESSAGE_CREATE", c2cMessage("m3")));
    third.say(dispatch(4, "C2C_MESSAGE_CREATE", c2cMessage("m4")));
    await clock.settle();
    expect(seen.accepted.map(({ key }) => key)).toEqual(["message:m2", "message:m3", "message:m4"]);
  });

  it("that hangs for ever fills no memory: the connection ends and what waits comes again", async () => {
    seen.onAccept = async () => await new Promise<void>(() => undefined);
    net.expectDials(2);
    start();
    const server = await up();
    for (let s = 2; s < 2100; s++) server.say(dispatch(s, "C2C_MESSAGE_CREATE", c2cMessage(`m${s}`)));
    await clock.advance(1000);
    expect(server.left).toBe(true);
    expect((await greeted(1)).received[0]).toMatchObject({ op: 6, d: { seq: 1 } });
  });

  it("finishes what cannot be replayed before it begins anew", async () => {
    const release: (() => void)[] = [];
    seen.onAccept = async () => await new Promise<void>((resolve) => release.push(resolve));
    net.expectDials(2);
    start();
    const server = await up();
    for (const s of [2, 3, 4]) server.say(dispatch(s, "C2C_MESSAGE_CREATE", c2cMessage(`m${s}`)));
    await clock.settle();
    server.close(4006);
    await clock.settle();
    expect(seen.status?.state).toBe("connecting");
    release[0]!();
    await clock.advance(2000);
    release[1]!();
    await clock.advance(2000);
    release[2]!();
    await clock.advance(4000);
    expect(seen.accepted.map(({ key }) => key)).toEqual(["message:m2", "message:m3", "message:m4"]);
    await dialled(1);
  });
});

const fail = () => {
  throw new Error("private");
};

describe("the loop", () => {
  it("gives intents up by name and says so", async () => {
    net.expectDials(2);
    start();
    (await greeted(0)).close(4014);
    await clock.advance(5000);
    const second = await up(1);
    expect(second.received[0]).toMatchObject({ op: 2, d: { intents: ALL - 2 ** 27 } });
    expect(seen.lines.join("\n")).toMatch(/warn gateway intent refused without=MESSAGE_AUDIT/);
    expect(seen.status).toMatchObject({
      state: "ready",
      why: "ready, without MESSAGE_AUDIT",
      without: ["MESSAGE_AUDIT"],
    });
  });

  it("remembers over a restart what was given up, asks for it no more, and says so", async () => {
    const known = new Map<string, number>();
    const refusals = {
      note: (what: string, now: number) => void known.set(what, now),
      isKnown: (what: string, now: number) => now - (known.get(what) ?? Number.NEGATIVE_INFINITY) < 86_400_000,
    };
    net.expectDials(3);
    start({ refusals });
    (await greeted(0)).close(4014);
    await clock.advance(5000);
    await up(1);
    stop.abort();
    await running;
    stop = new AbortController();
    start({ refusals });
    expect((await up(2)).received[0]).toMatchObject({ op: 2, d: { intents: ALL - 2 ** 27 } });
    expect(seen.status).toMatchObject({
      state: "ready",
      why: "ready, without MESSAGE_AUDIT",
      without: ["MESSAGE_AUDIT"],
    });
    stop.abort();
    await running;
    await clock.advance(86_400_000);
    net.expectDials(1);
    stop = new AbortController();
    start({ refusals });
    expect((await up(3)).received[0]).toMatchObject({ op: 2, d: { intents: ALL } });
  });

  it("with a memory that fails, gives intents up all the same", async () => {
    net.expectDials(2);
    start({ refusals: { note: fail, isKnown: fail } });
    (await greeted(0)).close(4014);
    await clock.advance(5000);
    await up(1);
    expect(seen.status?.why).toBe("ready, without MESSAGE_AUDIT");
  });

  it.each([4914, 4915, 4013])("ends with advice on %i", async (code) => {
    net.expectDials(1);
    start();
    (await greeted(0)).close(code);
    await running;
    expect(failure).toMatchObject({ code: "QQ_API", retry: "never", refusal: { platformCode: code } });
    expect(seen.status).toMatchObject({ state: "stopped", why: expect.stringContaining(`code ${code}`) });
  });

  it("ends with advice on a wrong secret", async () => {
    net.on(TOKEN, { json: { code: 100016, message: "invalid appid or secret" } });
    start();
    await running;
    expect(failure).toMatchObject({ kind: "config", message: expect.stringContaining("100016") });
    expect(seen.status).toMatchObject({ state: "stopped", why: expect.stringContaining("100016") });
  });

  it("waits for a person when the address is blocked, without hammering, and heals by itself", async () => {
    net.always(GATEWAY, { status: 401, json: { code: 11298, err_code: 40023002, message: "203.0.113.7" } });
    start();
    await clock.advance(30 * 60_000);
    expect(net.calls.filter(({ call }) => call === GATEWAY)).toHaveLength(7);
    expect(net.calls.filter(({ call }) => call === TOKEN)).toHaveLength(1);
    expect(seen.status).toMatchObject({ state: "waiting", why: expect.stringContaining("203.0.113.7") });
    net.always(GATEWAY, { json: { url: URL_ } });
    net.expectDials(1);
    await clock.advance(5 * 60_000);
    await up();
    expect(seen.status?.state).toBe("ready");
  });

  it("survives a day without network, asks twice a minute at most, and is back within a minute", async () => {
    start();
    net.always(GATEWAY, { cut: "ENETUNREACH" });
    await clock.advance(24 * 3_600_000);
    const asked = net.calls.filter(({ call }) => call === GATEWAY).map(({ at }) => at);
    expect(asked.length).toBeGreaterThan(1440);
    for (const [index, at] of asked.slice(2).entries()) expect(at - asked[index]!).toBeGreaterThanOrEqual(60_000);
    expect(seen.statuses.some(({ state }) => state === "ready")).toBe(false);
    net.always(GATEWAY, { json: { url: URL_ } });
    net.expectDials(1);
    const back = clock.now();
    await clock.advance(60_000);
    expect((await dialled(0)).dialledAt - back).toBeLessThanOrEqual(60_000);
  });

  it("waits a minute when the platform says that it was too much", async () => {
    net.on(GATEWAY, { status: 429, json: { code: 100001, message: "Too many requests" } });
    start();
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "waiting", retryAt: FAKE_NOW + 60_000 });
    net.expectDials(1);
    await clock.advance(60_000);
    await dialled(0);
  });

  it("asks for the address again when a dial fails, and not before", async () => {
    net.expectDials(3);
    start();
    (await up()).close(1006);
    await clock.advance(1000);
    (await dialled(1)).close(1006);
    await clock.advance(4000);
    (await dialled(2)).close(1006);
    expect(net.calls.filter(({ call }) => call === GATEWAY)).toHaveLength(2);
    // Two calls a minute are spent: the address that is known is better than waiting.
    net.expectDials(1);
    await clock.advance(6000);
    await dialled(3);
    expect(net.calls.filter(({ call }) => call === GATEWAY)).toHaveLength(2);
  });

  it("never takes the token to a bare socket", async () => {
    net.on(GATEWAY, { json: { url: "ws://api.bot.qq.com/websocket" } });
    start();
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "waiting", why: expect.stringContaining("wss://") });
  });

  it("begins no session when the day's are used up", async () => {
    const limit = { total: 1000, remaining: 0, reset_after: 3_600_000, max_concurrency: 1 };
    net.on(GATEWAY, { json: { url: URL_, session_start_limit: limit } });
    start();
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "waiting", why: expect.stringContaining("60 minutes") });
    expect(net.dials).toHaveLength(0);
  });

  it("is never ready without a live socket", async () => {
    net.expectDials(2);
    start();
    const server = await up();
    expect(seen.status?.state).toBe("ready");
    server.close(4009);
    await clock.settle();
    expect(seen.status?.state).not.toBe("ready");
    stop.abort();
    await running;
    expect(seen.statuses.filter(({ state }) => state === "ready")).toHaveLength(1);
  });

  it("sends over HTTP when no socket comes within 15 s", async () => {
    net.always(GATEWAY, { cut: "ECONNREFUSED" });
    net.on("POST /v2/users/U1/messages", { json: { id: "out1" } });
    const line = createGatewayTransport({ account, outside: net, ...seen });
    running = line.run(stop.signal);
    const sent = line.send({ kind: "c2c", userId: "U1" }, { content: { kind: "text", text: "hi" } });
    await clock.advance(14_999);
    expect(net.calls.map(({ call }) => call)).not.toContain("POST /v2/users/U1/messages");
    await clock.advance(1);
    expect(await sent).toEqual({ messageId: "out1" });
  });
});

const reply = (msgSeq: number) => ({
  content: { kind: "text", text: "private" } as const,
  anchor: { msgId: "m1", msgSeq },
});
const resumed = async (index: number): Promise<ServerEnd> => {
  const server = await greeted(index);
  server.say(dispatch(2, "RESUMED", ""));
  await clock.settle();
  return server;
};

describe("messages around a lost connection", () => {
  const SEND = "POST /v2/users/U1/messages";
  const sends = (): number => net.calls.filter(({ call }) => call === SEND).length;
  let line: Transport;
  const send = async (from: number, to: number): Promise<void> => {
    for (let seq = from; seq <= to; seq++) void line.send({ kind: "c2c", userId: "U1" }, reply(seq));
    await clock.settle();
  };
  beforeEach(() => {
    net.expectDials(2);
    net.always(SEND, { json: { id: "out" } });
    line = start();
  });

  it("C2 F9: the change of connection that op 7 asks for every half hour costs no call", async () => {
    const server = await up();
    await clock.advance(30 * 60_000);
    await send(1, 10);
    server.say({ op: 7 });
    await clock.settle();
    await send(11, 20);
    expect(sends()).toBe(10);
    await resumed(1);
    await clock.advance(600_000);
    expect(sends()).toBe(20);
  });

  it.each([
    ["4009 without notice", async (server: ServerEnd) => server.close(4009)],
    ["a socket that is cut", async (server: ServerEnd) => server.close(1006)],
    [
      "op 7 after a silence longer than a heartbeat",
      async (server: ServerEnd) => {
        // The next beat is not given up yet.
        server.answering = false;
        await clock.advance(1.2 * INTERVAL);
        server.say({ op: 7 });
      },
    ],
  ])("C2 F9: after %s each message since the last sign of life is sent again, once", async (_name, end) => {
    const server = await up();
    // The first beat is answered here.
    await clock.advance(INTERVAL / 2);
    await send(1, 5);
    await end(server);
    await clock.settle();
    await clock.advance(1000);
    await resumed(1);
    net.always(SEND, { status: 400, json: { code: 40054005 } });
    await clock.advance(600_000);
    expect(sends()).toBe(10);
    expect(seen.lines.at(-1)).toMatch(/proved=5 repeated=0 unproved=0/);
  });

  it("C2 F9: typing and streams are neither held nor sent again", async () => {
    net.always("POST /v2/users/U1/stream_messages", { json: { id: "st" } });
    const server = await up();
    await clock.advance(60_000);
    server.close(4009);
    await clock.settle();
    const anchor = { msgId: "m1", msgSeq: 1 };
    await Promise.all([
      line.typing?.("U1", { anchor, seconds: 10 }),
      line.stream?.("U1", { anchor, text: "private", index: 0, last: true }),
    ]);
    await resumed(1);
    await clock.advance(600_000);
    expect(sends()).toBe(1);
  });
});
