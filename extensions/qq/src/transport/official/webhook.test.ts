import { beforeEach, describe, expect, it } from "vitest";
import { SELF_TEST } from "../../protocol/official/frames.ts";
import { deriveCallbackKeys, signCallback } from "../../protocol/official/signature.ts";
import { c2cMessage, groupMessage } from "../testing/events.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet } from "../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import { createWebhookTransport } from "./webhook-transport.ts";
import { createCallbackLine, type CallbackLine } from "./webhook.ts";

const SECRET = "Wq7mT2xLp9Zs4BvK";
const APP_ID = "102000001";
const TOKEN = "POST /app/getAppAccessToken";
const NOW = String(FAKE_NOW / 1000);
const keys = deriveCallbackKeys(SECRET);
const event = (t = "C2C_MESSAGE_CREATE", d: unknown = c2cMessage("m1"), id = `${t}:1`) =>
  JSON.stringify({ op: 0, id, t, d });

let clock: FakeClock;
let seen: Recorder;
let line: CallbackLine;
beforeEach(() => {
  clock = createFakeClock();
  seen = createRecorder();
  line = createCallbackLine({ appId: APP_ID, appSecret: SECRET, clock, ...seen });
});

function signed(body: string, timestamp = NOW, key = keys) {
  return {
    headers: {
      "x-bot-appid": APP_ID,
      "x-signature-ed25519": signCallback(key, timestamp, body),
      "x-signature-timestamp": timestamp,
    } as Record<string, string | string[] | undefined>,
    body: Buffer.from(body) as Uint8Array | string,
  };
}
const ask = (plain_token: unknown, event_ts: unknown = NOW) => ({
  headers: { "x-bot-appid": APP_ID },
  body: JSON.stringify({ op: 13, d: { plain_token, event_ts } }),
});

const at = (seconds: number): string => String(FAKE_NOW / 1000 + seconds);

describe("a signed callback", () => {
  it("is stored as it came, then acknowledged", async () => {
    const { promise, resolve: stored } = Promise.withResolvers<void>();
    seen.onAccept = async () => await promise;
    const body = JSON.stringify(JSON.parse(event("C2C_MESSAGE_CREATE", c2cMessage("m1", "U1", "你好"))), null, 2);
    let answer: unknown;
    void line.receive(signed(body)).then((value) => (answer = value));
    await clock.settle();
    expect(answer).toBeUndefined();
    stored();
    await clock.settle();
    expect(answer).toEqual({ status: 200, body: { op: 12, d: 0 } });
    expect(seen.accepted).toEqual([{ key: "message:m1", lane: "c2c:U1", text: body }]);
    expect(seen.activity).toEqual([FAKE_NOW]);
  });

  it("has the same key when QQ pushes it again under a new id and signature", async () => {
    await line.receive(signed(event("C2C_MESSAGE_CREATE", c2cMessage("m8", '"t":"GROUP_MESSAGE_CREATE"'))));
    expect(seen.ways).toEqual([]);
    await line.receive(signed(event("GROUP_AT_MESSAGE_CREATE", groupMessage("m9"), "a")));
    await clock.advance(4000);
    await line.receive(signed(event("GROUP_MESSAGE_CREATE", groupMessage("m9"), "b"), String(FAKE_NOW / 1000 + 4)));
    expect(seen.accepted.map(({ key }) => key)).toEqual(["message:m8", "message:m9", "message:m9"]);
    expect(seen.ways).toEqual(["group-mention", "group-message"]);
  });

  it("is asked for again when it could not be stored", async () => {
    seen.onAccept = () => {
      throw new Error("disk full: the words of a message");
    };
    expect(await line.receive(signed(event()))).toMatchObject({ status: 500 });
    expect(seen.lines.join()).toContain("not stored");
    expect(seen.lines.join()).not.toContain("words");
  });

  it("A6: is refused for a reason that the checks tell apart", async () => {
    const good = signed(event());
    const without = { "x-bot-appid": APP_ID };
    await line.receive({ ...good, headers: { ...good.headers, "x-bot-appid": "1" } });
    await line.receive({ ...good, headers: without });
    await line.receive({ ...good, headers: { ...good.headers, "x-signature-ed25519": "00".repeat(64) } });
    await line.receive(signed(event(), String(FAKE_NOW / 1000 - 412)));
    await line.receive({ ...good, headers: { ...without, "x-signature-timestamp": "1" } });
    expect(seen.refusedAs).toEqual(["another-bot", "unsigned", "wrong-signature", "stale", "other"]);
  });

  it("is acknowledged, counted and not stored when it is not for us", async () => {
    for (const body of [
      event("GUILD_CREATE", {}),
      event("C2C_MESSAGE_CREATE", { id: 7 }),
      "not json",
      "[]",
      "null",
      '{"op":0}',
    ]) {
      expect(await line.receive(signed(body))).toEqual({ status: 200, body: { op: 12, d: 0 } });
    }
    expect(seen.dropped).toEqual([
      "event GUILD_CREATE",
      "malformed C2C_MESSAGE_CREATE",
      ...Array.from({ length: 4 }, () => "malformed callback"),
    ]);
    expect(seen.accepted).toEqual([]);
  });

  it("A6: tells how far the clock is off, where only its time is wrong", async () => {
    const off: number[] = [];
    const signatures = new Set<string>();
    const clockOff = (aheadMs: number, signature: string): void => {
      off.push(aheadMs);
      signatures.add(signature);
    };
    const report = { ...seen.report, clockOff };
    const told = createCallbackLine({ appId: APP_ID, appSecret: SECRET, clock, ...seen, report });
    await told.receive(signed(event(), at(-412)));
    await told.receive(signed(event(), at(301)));
    await told.receive(signed(event(), at(299)));
    await told.receive(signed(event(), at(-412), deriveCallbackKeys("other")));
    await told.receive(signed(event(), at(-412)));
    expect([off, signatures.size]).toEqual([[412_000, -301_000, 412_000], 2]);
  });

  it("is answered in kind when it is a heartbeat", async () => {
    expect(await line.receive(signed('{"op":1,"d":42}'))).toEqual({ status: 200, body: { op: 11, d: 42 } });
    expect(await line.receive(signed('{"op":1,"d":null}'))).toEqual({ status: 200, body: { op: 11, d: null } });
  });
});

describe("a forged callback", () => {
  it("gets 401 and starts nothing, in 200 ways", async () => {
    const good = signed(event());
    const bytes = Buffer.from(good.body);
    const signature = String(good.headers["x-signature-ed25519"]);
    const tampered = Array.from({ length: 60 }, (_, at) => {
      const body = Buffer.from(bytes);
      const where = Math.floor((at * body.length) / 60);
      body[where] = body[where]! ^ 1;
      return { ...good, body };
    });
    const resigned = Array.from({ length: 64 }, (_, at) => {
      const flipped = Buffer.from(signature, "hex");
      flipped[at] = flipped[at]! ^ 0x10;
      return { ...good, headers: { ...good.headers, "x-signature-ed25519": flipped.toString("hex") } };
    });
    const stale = Array.from({ length: 40 }, (_, at) =>
      signed(event(), String(FAKE_NOW / 1000 + (at % 2 ? 1 : -1) * (301 + at * 977))),
    );
    const foreign = Array.from({ length: 20 }, (_, at) => signed(event(), NOW, deriveCallbackKeys(`other${at}`)));
    const headers = [
      { "x-bot-appid": undefined },
      { "x-bot-appid": "102000002" },
      { "x-bot-appid": [APP_ID, APP_ID] },
      { "x-signature-ed25519": undefined },
      { "x-signature-ed25519": "" },
      { "x-signature-ed25519": "00" },
      { "x-signature-ed25519": [signature] },
      { "x-signature-ed25519": signature.toUpperCase().replace("A", "B") },
      { "x-signature-timestamp": undefined },
      { "x-signature-timestamp": "" },
      { "x-signature-timestamp": "now" },
      { "x-signature-timestamp": [NOW] },
      { "x-signature-timestamp": `${NOW} ` },
      { "x-signature-timestamp": `-${NOW}` },
      { "x-signature-ed25519": undefined, "x-signature-timestamp": undefined },
      { "x-signature-ed25519": "0".repeat(128) },
    ].map((change) => ({ ...good, headers: { ...good.headers, ...change } }));
    const forged = [...tampered, ...resigned, ...stale, ...foreign, ...headers];
    expect(forged).toHaveLength(200);
    for (const request of forged) expect((await line.receive(request)).status).toBe(401);
    expect(seen.accepted).toEqual([]);
    expect(seen.activity).toEqual([]);
    // Anybody can send these: they fill a counter, not the log.
    expect(seen.dropped).toHaveLength(200);
    expect(seen.lines).toHaveLength(1);
    expect((await line.receive(good)).status).toBe(200);
  });

  it("is not even looked at when it is huge", async () => {
    const body = `${event()}${" ".repeat(1024 * 1024)}`;
    expect(await line.receive(signed(body))).toEqual({ status: 413 });
    expect(
      await line.receive({
        headers: { "x-bot-appid": APP_ID },
        body: ask("emuPlainToken0001").body + " ".repeat(1024),
      }),
    ).toEqual({
      status: 401,
    });
  });

  it.each(["", "{", "null", "[]", '"x"', "\u0000", '{"op":13}', '{"op":13,"d":null}'])(
    "without a signature and with the body %j never throws",
    async (body) => {
      expect(await line.receive({ headers: { "x-bot-appid": APP_ID }, body })).toEqual({ status: 401 });
    },
  );
});

describe("address validation", () => {
  it("is answered with the signature of the vector, signed or not", async () => {
    const expected = {
      status: 200,
      body: {
        plain_token: "emuPlainToken0001",
        signature:
          "f927c2d49ccdafc0d1ad704e502c03ee5da3ebe5ca623a33567e25dc88bb0d9e5773862f19c2eda4ef66e087f9cab639565fba01c86b000a521f11a70c9e8903",
      },
    };
    expect(await line.receive(ask("emuPlainToken0001"))).toEqual(expected);
    expect(await line.receive(signed(ask("emuPlainToken0001").body))).toEqual(expected);
    expect(seen.accepted).toEqual([]);
  });

  it("must verify when it is signed", async () => {
    const other = deriveCallbackKeys("other");
    expect(await line.receive(signed(ask("emuPlainToken0001").body, NOW, other))).toEqual({ status: 401 });
  });

  it("A6: is told once it was answered, the plugin's own trial left out", async () => {
    const asked: unknown[] = [];
    const report = { ...seen.report, validated: (...how: unknown[]) => void asked.push(how) };
    const told = createCallbackLine({ appId: APP_ID, appSecret: SECRET, clock, ...seen, report });
    for (const token of ["abc", "emuPlainToken0001", `${SELF_TEST}0001`]) await told.receive(ask(token));
    await told.receive(signed(ask("emuPlainToken0001").body));
    expect(asked).toEqual([
      [FAKE_NOW, false],
      [FAKE_NOW, true],
    ]);
  });

  it("takes event_ts in ms too", async () => {
    expect(await line.receive(ask("emuPlainToken0001", `${FAKE_NOW}`))).toMatchObject({ status: 200 });
  });

  it.each([
    ["an event body", event()],
    ["a brace", "{aaaaaaaaaaa"],
    ["a quote", 'aaaaaaaa"aaa'],
    ["a short token", "abc"],
    ["a long token", "a".repeat(65)],
    ["a line break", "aaaaaaaaaaa\n"],
    ["a number", 12345678],
    ["nothing", undefined],
  ])("never signs %s", async (_name, token) => {
    expect(await line.receive(ask(token))).toEqual({ status: 401 });
  });

  it.each([
    ["old", String(FAKE_NOW / 1000 - 301)],
    ["of the future", String(FAKE_NOW / 1000 + 301)],
    ["empty", ""],
    ["not a number", "1790000000{"],
    ["short", "179000000"],
    ["a number", FAKE_NOW],
  ])("never signs for a time that is %s", async (_name, ts) => {
    expect(await line.receive(ask("emuPlainToken0001", ts))).toEqual({ status: 401 });
  });

  it("is never for another bot", async () => {
    expect(await line.receive({ ...ask("emuPlainToken0001"), headers: { "x-bot-appid": "1" } })).toEqual({
      status: 401,
    });
    expect(await line.receive({ ...ask("emuPlainToken0001"), headers: {} })).toEqual({ status: 401 });
  });

  it("is answered ten times a minute and no more", async () => {
    for (let times = 0; times < 10; times++) expect((await line.receive(ask("emuPlainToken0001"))).status).toBe(200);
    expect((await line.receive(ask("emuPlainToken0001"))).status).toBe(429);
    await clock.advance(60_001);
    expect((await line.receive(ask("emuPlainToken0001"))).status).toBe(200);
  });
});

describe("webhook transport", () => {
  it("is ready while it runs, and takes nothing before and after", async () => {
    const account = { appId: APP_ID, appSecret: SECRET, apiBaseUrl: "https://api.bot.qq.com" };
    const net = createFakeNet(clock);
    net.always(TOKEN, { json: { access_token: "t1", expires_in: "7200" } });
    const transport = createWebhookTransport({ account, path: "/hook", outside: net, ...seen });
    const stop = new AbortController();
    expect(await transport.receive(signed(event()))).toEqual({ status: 503 });
    const running = transport.run(stop.signal);
    await clock.advance(0);
    expect(seen.status).toEqual({ state: "ready", since: FAKE_NOW, why: "waiting for callbacks at /hook" });
    expect(await transport.receive(signed(event()))).toMatchObject({ status: 200 });
    stop.abort();
    await running;
    expect(seen.status).toMatchObject({ state: "stopped" });
    expect(await transport.receive(signed(event()))).toEqual({ status: 503 });
    expect(seen.accepted).toHaveLength(1);
  });

  it("stops with advice on a wrong secret, which verifies no callback either", async () => {
    const account = { appId: APP_ID, appSecret: SECRET, apiBaseUrl: "https://api.bot.qq.com" };
    const net = createFakeNet(clock);
    net.on(TOKEN, { json: { code: 100016, message: "invalid appid or secret" } });
    const transport = createWebhookTransport({ account, path: "/hook", outside: net, ...seen });
    await expect(transport.run(new AbortController().signal)).rejects.toMatchObject({ kind: "config" });
    expect(seen.statuses.map(({ state }) => state)).not.toContain("ready");
    expect(await transport.receive(signed(event()))).toEqual({ status: 503 });
  });

  it("takes callbacks though the platform cannot be asked for a token", async () => {
    const account = { appId: APP_ID, appSecret: SECRET, apiBaseUrl: "https://api.bot.qq.com" };
    const net = createFakeNet(clock);
    net.always(TOKEN, { status: 502, html: "<html>bad gateway</html>" });
    const transport = createWebhookTransport({ account, path: "/hook", outside: net, ...seen });
    const stop = new AbortController();
    const running = transport.run(stop.signal);
    expect(await transport.receive(signed(event()))).toMatchObject({ status: 200 });
    await clock.advance(60_000);
    expect(seen.status).toMatchObject({ state: "ready" });
    expect(seen.lines.join()).toContain("webhook secret not checked");
    stop.abort();
    await running;
  });
});
