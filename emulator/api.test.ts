import { afterEach, describe, expect, test } from "vitest";
import { callHttp, fetchToken, rawBot } from "../test/emulator/raw-bot.ts";
import { createManualClock } from "./clock.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "./emulator.ts";
import { defaultSeed } from "./seed.ts";

const SECOND = 1000;
const bot = { appId: "102000001", secret: "Wq7mT2xLp9Zs4BvKemulator", name: "小助手" };

let emulator: Emulator;
const start = async (options: EmulatorOptions = {}): Promise<ReturnType<typeof createManualClock>> => {
  const clock = createManualClock();
  emulator = await createEmulator({ clock, ...options });
  return clock;
};
afterEach(() => emulator.close());

describe("the token call", () => {
  test("gives the same token with the seconds that are left, as text", async () => {
    const clock = await start();
    const first = await fetchToken(emulator, bot);
    clock.advance(100 * SECOND);
    const second = await fetchToken(emulator, bot);
    expect(first.body).toEqual({ access_token: expect.stringMatching(/^\S{76}$/), expires_in: "7200" });
    expect(second.body).toEqual({ access_token: first.body["access_token"], expires_in: "7100" });
  });

  test("gives a new token in the last minute, and the old one lives to its end", async () => {
    const clock = await start();
    const old = await rawBot(emulator);
    clock.advance(7139 * SECOND);
    expect((await fetchToken(emulator, bot)).body["access_token"]).toBe(old.token);
    clock.advance(1 * SECOND);
    const fresh = await fetchToken(emulator, bot);
    expect(fresh.body["access_token"]).not.toBe(old.token);
    expect(fresh.body["expires_in"]).toBe("7200");
    expect((await old.call("GET", "/users/@me")).status).toBe(200);
    clock.advance(60 * SECOND);
    expect((await old.call("GET", "/users/@me")).body.err_code).toBe(11244);
  });

  test.each([
    ["a wrong secret", { appId: bot.appId, clientSecret: "no" }, 100016],
    ["a wrong field name", { appId: bot.appId, clientId: bot.secret }, 100007],
  ])("refuses %s with HTTP 200", async (_, body, code) => {
    await start();
    const answer = await callHttp(emulator, "POST", "/app/getAppAccessToken", body);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ code, message: expect.any(String) });
    expect(emulator.refusals()).toMatchObject([{ refused: expect.stringContaining(String(code)) }]);
  });
});

describe("authorization", () => {
  test.each([
    [undefined, 11241],
    ["Bearer x", 11243],
    ["TOKEN", 11243],
    ["QQBot unknown", 11244],
  ])("%s is refused with HTTP 401", async (header, code) => {
    await start();
    const { token } = await rawBot(emulator);
    const authorization = header === "TOKEN" ? token : header;
    const answer = await callHttp(emulator, "GET", "/users/@me", undefined, authorization ? { authorization } : {});
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code, err_code: code, message: expect.any(String), trace_id: answer.trace });
  });

  test("a foreign X-Union-Appid is refused", async () => {
    await start();
    const raw = await rawBot(emulator);
    expect((await raw.call("GET", "/users/@me", undefined, { "x-union-appid": "1" })).body.err_code).toBe(11251);
    expect((await raw.call("GET", "/users/@me", undefined, { "x-union-appid": bot.appId })).status).toBe(200);
  });

  test("an address outside the allow-list is named, under two codes", async () => {
    await start({ seed: { ...defaultSeed, bots: [{ ...bot, ipAllowed: false }] } });
    const answer = await (await rawBot(emulator)).call("GET", "/gateway");
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 11298, err_code: 40023002 });
    expect(answer.body["message"]).toContain("127.0.0.1");
  });
});

describe("every answer", () => {
  test("carries a trace id of its own, a refusal in its body too", async () => {
    await start();
    const raw = await rawBot(emulator);
    const good = await raw.call("GET", "/gateway");
    const bad = await raw.call("POST", "/v2/menu", {});
    expect(good.trace).toMatch(/^[0-9a-f]{32}$/);
    expect(bad).toMatchObject({ status: 404, body: { trace_id: bad.trace, code: 404 } });
    expect(bad.trace).not.toBe(good.trace);
  });

  test("is in the wire log, without secrets", async () => {
    await start();
    const raw = await rawBot(emulator);
    await raw.call("GET", "/users/@me");
    await raw.online();
    const log = JSON.stringify(emulator.wire());
    expect(emulator.wire().map((entry) => entry.title)).toEqual([
      "POST /app/getAppAccessToken 200",
      "GET /users/@me 200",
      "10 hello",
      "2 identify",
      "0 dispatch READY",
    ]);
    expect(log).not.toContain(raw.token);
    expect(log).not.toContain(bot.secret);
  });
});

describe("GET /gateway", () => {
  test("tells the way to the gateway, and what is left of the identify budget", async () => {
    await start();
    const raw = await rawBot(emulator);
    await raw.online();
    const url = `${emulator.url.replace("http", "ws")}/websocket`;
    expect((await raw.call("GET", "/gateway")).body).toEqual({ url });
    expect((await raw.call("GET", "/gateway/bot")).body).toEqual({
      url,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 },
    });
  });

  test("takes ten calls at once and two more a minute", async () => {
    const clock = await start();
    const raw = await rawBot(emulator);
    const statuses = async (count: number): Promise<number[]> => {
      const all: number[] = [];
      for (let n = 0; n < count; n += 1) all.push((await raw.call("GET", "/gateway")).status);
      return all;
    };
    expect(await statuses(11)).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    clock.advance(30 * SECOND);
    expect(await statuses(2)).toEqual([200, 429]);
    expect(emulator.refusals().at(-1)?.refused).toContain("100001");
  });

  test("is unlimited where the rates are off", async () => {
    await start({ rules: "lenient" });
    const raw = await rawBot(emulator);
    for (let n = 0; n < 12; n += 1) expect((await raw.call("GET", "/gateway")).status).toBe(200);
  });
});

describe("HTTP faults", () => {
  const dm = { kind: "dm", person: "lin", bot: bot.appId } as const;

  test("befall as many calls as they say, and only those", async () => {
    await start();
    const raw = await rawBot(emulator);
    const answer = { kind: "error", status: 503, code: 50015014, retryAfter: 7 } as const;
    await emulator.control.call("fault", { do: "http", call: "GET /users", times: 2, answer });
    expect((await raw.call("GET", "/gateway")).status).toBe(200);
    const failed = await raw.call("GET", "/users/@me");
    expect(failed).toMatchObject({ status: 503, body: { err_code: 50015014, trace_id: failed.trace } });
    expect(failed.headers.get("retry-after")).toBe("7");
    expect((await raw.call("GET", "/users/@me")).status).toBe(503);
    expect((await raw.call("GET", "/users/@me")).status).toBe(200);
  });

  test("html answers as the proxy before the platform does", async () => {
    await start();
    const raw = await rawBot(emulator);
    await emulator.control.call("fault", { do: "http", call: "/messages", answer: { kind: "html", status: 502 } });
    const answer = await raw.call("POST", raw.paths.dm("lin"), { content: "嗨" });
    expect(answer.status).toBe(502);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(answer.trace).toMatch(/^[0-9a-f]{32}$/);
    expect(emulator.world.messages(dm)).toEqual([]);
  });

  test.each([
    [false, 0],
    [true, 1],
  ])("reset cuts the connection; delivered: %s", async (delivered, shown) => {
    await start();
    const raw = await rawBot(emulator);
    await emulator.control.call("fault", { do: "http", call: "/messages", answer: { kind: "reset", delivered } });
    await expect(raw.call("POST", raw.paths.dm("lin"), { content: "嗨" })).rejects.toThrow("fetch failed");
    expect(emulator.world.messages(dm)).toHaveLength(shown);
  });

  test("slow answers late", async () => {
    const clock = await start();
    const raw = await rawBot(emulator);
    await emulator.control.call("fault", { do: "http", call: "/messages", answer: { kind: "slow", ms: 5000 } });
    let done = false;
    const answer = raw.call("POST", raw.paths.dm("lin"), { content: "嗨" }).then((a) => ((done = true), a));
    await emulator.waitFor(
      "held call",
      ({ event, data }) => (event === "wire" && data.title.includes("held")) || undefined,
    );
    clock.advance(4999);
    await raw.call("GET", "/users/@me");
    expect(done).toBe(false);
    clock.advance(1);
    expect((await answer).status).toBe(200);
  });
});
