import { createCipheriv } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { QQApiError, QQConfigError, QQError, QQProtocolError, QQTransportError } from "../errors.ts";
import { createFakeClock, type FakeClock } from "../transport/testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type Scripted } from "../transport/testing/fake-net.ts";
import { bindBaseUrl } from "./bind-base-url.ts";
import { bindByScan, type BindCode, type BindNews, type BoundBot } from "./bind.ts";

const CREATE = "POST /lite/create_bind_task";
const POLL = "POST /lite/poll_bind_result";
const OWNER = "7FABD5615BFA1E24D2DCFF130B2C59B5";
const SECRET = "DG5g3B4j9X2KOErG";
const look = { unicode: true, colour: false, lightBackground: false, columns: 80 };

const task = (id: string): Scripted => ({ json: { retcode: 0, msg: "ok", data: { task_id: id } } });
const status = (status: number, more: object = {}): Scripted => ({ json: { retcode: 0, data: { status, ...more } } });
/** Key of task number `n`, counted from 1. */
const keyOf = (n: number): Uint8Array => new Uint8Array(32).fill(n);

function completed(n: number, openid?: string): Scripted {
  const cipher = createCipheriv("aes-256-gcm", keyOf(n), Buffer.alloc(12, 9));
  const sealed = [Buffer.alloc(12, 9), cipher.update(SECRET), cipher.final(), cipher.getAuthTag()];
  return status(2, {
    bot_appid: "102000001",
    bot_encrypt_secret: Buffer.concat(sealed).toString("base64"),
    ...(openid !== undefined && { user_openid: openid }),
  });
}

let clock: FakeClock;
let net: FakeNet;
beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
});
afterEach(() => net.verify());

interface Scan {
  readonly codes: BindCode[];
  readonly news: BindNews[];
  readonly end: Promise<BoundBot | Error>;
  readonly stop: (reason: Error) => void;
}

/** Begins a scan; its end never rejects, so that it may end while the clock is moved. */
function scan(): Scan {
  const codes: BindCode[] = [];
  const news: BindNews[] = [];
  const stopped = new AbortController();
  let tasks = 0;
  const end = bindByScan({
    outside: net,
    baseUrl: "https://q.qq.com",
    source: "OpenClaw",
    show: (code) => void codes.push(code),
    waiting: (told) => void news.push(told),
    signal: stopped.signal,
    look,
    newKey: () => keyOf((tasks += 1)),
  }).catch((error: unknown) => error as Error);
  return { codes, news, end, stop: (reason) => stopped.abort(reason) };
}

async function failed(): Promise<unknown> {
  const { end } = scan();
  await clock.advance(60_000);
  return await end;
}

describe("a scan", () => {
  test("A2: shows a code, asks every 2 s, and gives AppID, secret and who scanned", async () => {
    net.on(CREATE, task("t1"));
    net.on(POLL, status(0), status(1), completed(1, OWNER));
    const { codes, news, end } = scan();
    const started = clock.now();
    await clock.advance(6_000);
    expect(await end).toEqual({ appId: "102000001", appSecret: SECRET, ownerOpenid: OWNER });
    expect(codes.map(({ url }) => url)).toEqual([
      "https://q.qq.com/qqbot/openclaw/connect.html?task_id=t1&source=OpenClaw&_wv=2",
    ]);
    expect(codes[0]?.drawn).toContain("█");
    expect(news).toEqual([]);
    expect(net.calls.map(({ call, body, at }) => [call, body, at - started])).toEqual([
      [CREATE, { key: Buffer.from(keyOf(1)).toString("base64") }, 0],
      [POLL, { task_id: "t1" }, 2_000],
      [POLL, { task_id: "t1" }, 4_000],
      [POLL, { task_id: "t1" }, 6_000],
    ]);
  });

  test("A2: a code that runs out is followed by a new one, under a key of its own, as often as it takes", async () => {
    net.on(CREATE, task("t1"), task("t2"), task("t3"));
    net.on(POLL, status(3), status(0), status(3), completed(3));
    const { codes, news, end } = scan();
    await clock.advance(8_000);
    expect(await end).toEqual({ appId: "102000001", appSecret: SECRET });
    expect(codes.map(({ url }) => new URL(url).searchParams.get("task_id"))).toEqual(["t1", "t2", "t3"]);
    expect(news).toEqual([{ state: "expired" }, { state: "expired" }]);
  });

  test("A2: polls that get lost cost no scan: they are made again, ever more slowly, and the person is told once", async () => {
    net.on(CREATE, task("t1"));
    net.on(POLL, { cut: "ECONNRESET" }, { html: "<html>", status: 502 }, { silence: true }, completed(1));
    const { codes, news, end } = scan();
    await clock.advance(60_000);
    expect(await end).toMatchObject({ appSecret: SECRET });
    expect(codes).toHaveLength(1);
    expect(news).toEqual([{ state: "lost", error: expect.any(QQTransportError) }, { state: "back" }]);
    const at = net.calls.map(({ at }) => at);
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    // The silent one is waited for 10 s.
    expect(pauses).toEqual([2_000, 1_500, 3_000, 16_000]);
  });

  test("a task that QQ refuses again and again is gone, and another is made", async () => {
    net.on(CREATE, task("t1"), task("t2"));
    const refused: Scripted = { json: { retcode: 10002, msg: "no such task" } };
    net.on(POLL, refused, refused, refused, completed(2));
    const { codes, news, end } = scan();
    await clock.advance(30_000);
    expect(await end).toMatchObject({ appSecret: SECRET });
    expect(codes).toHaveLength(2);
    expect(news).toEqual([{ state: "lost", error: expect.any(QQApiError) }, { state: "expired" }]);
  });

  test("Ctrl-C ends it at once, while it waits and while it asks", async () => {
    net.on(CREATE, task("t1"), task("t1"));
    net.on(POLL, { silence: true });
    const reason = new Error("enough");
    const waiting = scan();
    await clock.settle();
    waiting.stop(reason);
    expect(await waiting.end).toBe(reason);
    const asking = scan();
    await clock.advance(2_000);
    asking.stop(reason);
    expect(await asking.end).toBe(reason);
    expect(asking.news).toEqual([]);
    expect(clock.sleepers).toBe(0);
  });
});

describe("what ends a scan without a bot", () => {
  test("A2: without a network the person is told after three tries, with the host", async () => {
    net.on(CREATE, { cut: "ENOTFOUND" }, { cut: "ENOTFOUND" }, { cut: "ENOTFOUND" });
    const error = await failed();
    expect(error).toBeInstanceOf(QQTransportError);
    expect(error).toHaveProperty("message", expect.stringMatching(/^q\.qq\.com does not answer; check the network/));
  });

  test("a refusal by retcode names the code, the call and the trace, and nothing that was sent", async () => {
    const refused: Scripted = { json: { retcode: 4001, msg: "key bad" }, headers: { "x-tps-trace-id": "abc123" } };
    net.on(CREATE, refused, refused, refused);
    const error = await failed();
    expect(error).toBeInstanceOf(QQApiError);
    const { message } = error as QQApiError;
    expect(message).toMatch(/code 4001, HTTP 200, POST \/lite\/create_bind_task, trace abc123/);
    expect(message).not.toContain(Buffer.from(keyOf(1)).toString("base64"));
  });

  test("an address that knows no such call is not asked again", async () => {
    net.on(CREATE, { json: { message: "not found" }, status: 404 });
    expect(await failed()).toMatchObject({ retry: "never" });
  });

  test.each([
    ["an answer of somebody else's", { json: { hello: "world" } }],
    ["an answer without a task", { json: { retcode: 0, data: {} } }],
  ])("%s is named as such", async (_, answer) => {
    net.on(CREATE, answer);
    expect(await failed()).toBeInstanceOf(QQProtocolError);
  });

  test("a secret that does not open under the task's key is a failure that says to scan again", async () => {
    net.on(CREATE, task("t1"));
    net.on(POLL, completed(2));
    const error = await failed();
    expect(error).toBeInstanceOf(QQProtocolError);
    expect((error as QQError).message).toMatch(/its secret cannot be read; run this again/);
  });
});

describe("where the calls go", () => {
  test.each([
    [{}, "https://q.qq.com"],
    [{ QQ_BOT_BIND_BASE_URL: "https://test.q.qq.com/" }, "https://test.q.qq.com"],
    [{ QQ_BOT_BIND_BASE_URL: "http://127.0.0.1:8990" }, "http://127.0.0.1:8990"],
    [{ QQ_BOT_BIND_BASE_URL: "http://[::1]:8990" }, "http://[::1]:8990"],
  ])("%o: %s", (env, url) => {
    expect(bindBaseUrl(env)).toBe(url);
  });

  test.each(["http://q.qq.com", "http://127.evil.example", "ftp://127.0.0.1", "q.qq.com"])(
    "a secret never comes back over %s",
    (text) => {
      expect(() => bindBaseUrl({ QQ_BOT_BIND_BASE_URL: text })).toThrow(QQConfigError);
    },
  );
});
