import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dispatch } from "../testing/events.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type ServerEnd } from "../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import type { Transport } from "../transport.ts";
import { createGatewayTransport, type GatewayOptions } from "./gateway.ts";
import type { StoredSession } from "./session-keeper.ts";

const GATEWAY = "GET /gateway/bot";
const url = "wss://api.sgroup.qq.com/websocket";
const account = { appId: "102000001", appSecret: "the-secret", apiBaseUrl: "https://api.bot.qq.com" };
const limit = (max_concurrency: number, remaining = 1000) => ({
  session_start_limit: { total: 1000, remaining, reset_after: 3_600_000, max_concurrency },
});

let clock: FakeClock;
let net: FakeNet;
let seen: Recorder;
let stop: AbortController;
let line: Transport;
let running: Promise<unknown>;
let failure: unknown;
beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  seen = createRecorder();
  stop = new AbortController();
  failure = undefined;
  net.always("POST /app/getAppAccessToken", { json: { access_token: "the-token", expires_in: "7200" } });
  net.always(GATEWAY, { json: { url, shards: 2 } });
});
afterEach(async () => {
  stop.abort();
  await clock.advance(10_000);
  await running;
  net.verify();
  expect(clock.sleepers).toBe(0);
  expect(seen.status?.state).toBe("stopped");
});

function start(more: Partial<GatewayOptions>): void {
  line = createGatewayTransport({ account, outside: net, ...seen, ...more });
  running = line.run(stop.signal).catch((error: unknown) => (failure = error));
}

async function greeted(index: number): Promise<ServerEnd> {
  await clock.settle();
  const server = net.dials[index];
  if (!server) throw new Error(`dial ${index} has not come; status ${JSON.stringify(seen.status)}`);
  server.open();
  server.say({ op: 10, d: { heartbeat_interval: 41_250 } });
  await clock.settle();
  return server;
}
async function up(index: number): Promise<ServerEnd> {
  const server = await greeted(index);
  const { op } = server.received[0] ?? {};
  server.say(
    op === 6 ? dispatch(2, "RESUMED", "") : dispatch(1, "READY", { session_id: `s${index}`, user: { id: "1" } }),
  );
  await clock.settle();
  return server;
}
/** What Identify said. */
const identifyOf = ({ received }: ServerEnd) => received[0]?.d as { shard?: unknown; intents?: unknown } | undefined;
const shardOf = (server: ServerEnd): unknown => identifyOf(server)?.shard;

describe("several shards", () => {
  it("C2: each identifies as itself, 5 s after the one before, and the line is ready when all are", async () => {
    net.expectDials(3);
    start({ shards: 3 });
    expect(shardOf(await up(0))).toEqual([0, 3]);
    expect(seen.status).toMatchObject({ state: "connecting", why: "shard 1 of 3: beginning a session" });
    await clock.advance(4999);
    expect(net.dials).toHaveLength(1);
    await clock.advance(1);
    expect(shardOf(await up(1))).toEqual([1, 3]);
    await clock.advance(5000);
    expect(shardOf(await up(2))).toEqual([2, 3]);
    expect(seen.status).toMatchObject({ state: "ready", why: "3 shards ready" });
    expect(seen.statuses.filter(({ state }) => state === "ready")).toHaveLength(1);
    expect(net.calls.filter(({ call }) => call === GATEWAY)).toHaveLength(1);
  });

  it("C2: as many at once as max_concurrency says", async () => {
    net.always(GATEWAY, { json: { url, shards: 2, ...limit(2) } });
    net.expectDials(3);
    start({ shards: 3 });
    await clock.settle();
    expect(net.dials).toHaveLength(2);
    await up(0);
    await clock.advance(1000);
    await up(1);
    await clock.advance(3999);
    expect(net.dials).toHaveLength(2);
    await clock.advance(1);
    expect(net.dials).toHaveLength(3);
  });

  it("C2: a dial that comes to nothing costs the others no turn", async () => {
    net.expectDials(3);
    start({ shards: 2 });
    await clock.settle();
    net.dials[0]?.close(1006);
    await clock.settle();
    expect(shardOf(await up(1))).toEqual([1, 2]);
    await clock.advance(5000);
    expect(shardOf(await greeted(2))).toEqual([0, 2]);
  });

  it("C2: each resumes its own session, at once, and the status names the one that is down", async () => {
    const saved = new Map<string, StoredSession | undefined>();
    const sessions = (name: string) => ({
      load: () => saved.get(name),
      save: (session: StoredSession | undefined) => void saved.set(name, session),
    });
    net.expectDials(2);
    start({ shards: 2, sessions });
    await up(0);
    await clock.advance(5000);
    const second = await up(1);
    await clock.advance(2000);
    expect([...saved.keys()]).toEqual(["0/2:1308626944", "1/2:1308626944"]);
    await clock.advance(5000);
    net.expectDials(1);
    second.close(1006);
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "connecting", why: "shard 1 of 2: resuming the session" });
    const again = await up(2);
    expect(again.received[0]).toMatchObject({ op: 6, d: { session_id: "s1" } });
    expect(seen.status?.state).toBe("ready");
    stop.abort();
    await running;
    stop = new AbortController();
    net.expectDials(2);
    start({ shards: 2, sessions });
    await clock.settle();
    expect((await greeted(3)).received[0]).toMatchObject({ op: 6, d: { session_id: "s0" } });
    expect((await greeted(4)).received[0]).toMatchObject({ op: 6, d: { session_id: "s1" } });
  });

  it("C2: what one was refused the others do not ask for", async () => {
    net.expectDials(3);
    start({ shards: 2 });
    (await greeted(0)).close(4014);
    await clock.advance(5000);
    const masks: unknown[] = [];
    for (const index of [1, 2]) {
      masks.push(identifyOf(await up(index))?.intents);
      await clock.advance(5000);
    }
    expect(masks).toEqual([1_174_409_216, 1_174_409_216]);
    expect(seen.status).toMatchObject({
      state: "ready",
      why: "2 shards ready, without MESSAGE_AUDIT",
      without: ["MESSAGE_AUDIT"],
    });
  });

  it("C2: one that can run no more ends them all, with its advice", async () => {
    net.expectDials(2);
    start({ shards: 2 });
    const first = await up(0);
    await clock.advance(5000);
    (await greeted(1)).close(4915);
    await running;
    expect(failure).toMatchObject({ refusal: { platformCode: 4915 } });
    expect(first.left).toBe(true);
  });

  it("C2: more than the day's new sessions are not begun, with advice", async () => {
    net.always(GATEWAY, { json: { url, shards: 2, ...limit(1, 3) } });
    start({ shards: 4 });
    await clock.advance(60_000);
    expect(seen.status).toMatchObject({
      state: "waiting",
      why: expect.stringMatching(/3 new sessions and 4 shards.*lower channels\.qq\.shards/),
    });
    expect(net.dials).toHaveLength(0);
  });

  it("C2: a send waits for the shard of its chat only", async () => {
    net.expectDials(2);
    net.always("POST /v2/users/U1/messages", { json: { id: "a" } });
    start({ shards: 2 });
    await up(0);
    const text = { content: { kind: "text", text: "hi" } } as const;
    const direct = line.send({ kind: "c2c", userId: "U1" }, text);
    await clock.settle();
    expect(await direct).toEqual({ messageId: "a" });
    // Shard 1's guild: this line cannot send there yet, or it is refused; when is what counts.
    let over: number | undefined;
    net.always("POST /dms/4194304/messages", { json: { id: "b" } });
    void line
      .send({ kind: "dm", guildId: "4194304" }, text)
      .finally(() => (over = clock.now()))
      .catch(() => undefined);
    await clock.advance(5000);
    expect(over).toBeUndefined();
    await up(1);
    expect(over).toBe(clock.now());
  });
});

describe("too few shards (4011)", () => {
  it("C2: a number stops with advice to raise it", async () => {
    net.expectDials(1);
    start({ shards: 1 });
    (await greeted(0)).close(4011);
    await running;
    expect(failure).toMatchObject({
      kind: "config",
      message: expect.stringMatching(/raise channels\.qq\.shards.*4011/),
    });
  });

  it("C2: auto asks again and starts over with the new number", async () => {
    net.expectDials(4);
    start({ shards: "auto" });
    await up(0);
    await clock.advance(5000);
    net.always(GATEWAY, { json: { url, shards: 3 } });
    (await greeted(1)).close(4011);
    await clock.advance(5000);
    expect(net.dials[0]?.left).toBe(true);
    expect(shardOf(await up(2))).toEqual([0, 3]);
    await clock.advance(5000);
    expect(shardOf(await up(3))).toEqual([1, 3]);
    expect(net.calls.filter(({ call }) => call === GATEWAY)).toHaveLength(2);
    net.expectDials(1);
    await clock.advance(5000);
  });

  it("C2: auto does not go round with the number that was refused", async () => {
    net.always(GATEWAY, { json: { url, shards: 1 } });
    net.expectDials(1);
    start({ shards: "auto" });
    (await greeted(0)).close(4011);
    await clock.advance(299_000);
    expect(seen.status).toMatchObject({ state: "waiting", why: expect.stringContaining("4011") });
    net.always(GATEWAY, { json: { url, shards: 2 } });
    net.expectDials(2);
    await clock.advance(10_000);
    expect(shardOf(await up(1))).toEqual([0, 2]);
  });

  it("C2: auto waits for a platform that does not answer", async () => {
    net.on(GATEWAY, { cut: "ECONNREFUSED" });
    net.expectDials(2);
    start({ shards: "auto" });
    await clock.settle();
    expect(seen.status?.state).toBe("waiting");
    await clock.advance(1000);
    await up(0);
    await clock.advance(5000);
    await up(1);
    expect(seen.status?.state).toBe("ready");
  });
});
