import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { deriveCallbackKeys, signCallback, verifyCallback } from "../extensions/qq/src/protocol/official/signature.ts";
import { APP_ID, rawBot } from "../test/emulator/raw-bot.ts";
import { createManualClock, type MovableClock } from "./clock.ts";
import { createEmulator, type Emulator } from "./emulator.ts";
import { defaultSeed } from "./seed.ts";
import { NOT_CONNECTED } from "./telling.ts";

const SECOND = 1000;
const keys = deriveCallbackKeys(defaultSeed.bots[0]?.secret ?? "");
const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;

interface Callback {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly response: ServerResponse;
}

let emulator: Emulator;
let clock: MovableClock;
let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
afterEach(async () => {
  await emulator.close();
  await endpoint.close();
});

/** A place that takes callbacks and answers op 13; everything else is the test's to answer. */
async function openEndpoint(answerValidation = true) {
  const callbacks: Callback[] = [];
  const takers: ((callback: Callback) => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const { op, d } = JSON.parse(body);
      if (op === 13 && answerValidation) {
        const signature = signCallback(keys, d.event_ts, d.plain_token);
        return response.end(JSON.stringify({ plain_token: d.plain_token, signature }));
      }
      const callback = { headers: request.headers, body, response };
      const taker = takers.shift();
      if (taker) taker(callback);
      else callbacks.push(callback);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    waiting: callbacks,
    next(): Promise<Callback> {
      const callback = callbacks.shift();
      return callback ? Promise.resolve(callback) : new Promise((resolve) => void takers.push(resolve));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const start = async (mode: "webhook" | "both" = "webhook"): Promise<void> => {
  clock = createManualClock();
  emulator = await createEmulator({ clock });
  endpoint = await openEndpoint();
  const set = await emulator.control.call("transport", { bot: APP_ID, mode, webhookUrl: endpoint.url });
  expect(set).toEqual({ ok: true });
};
const say = async (text: string): Promise<void> => {
  await emulator.control.call("say", { person: "lin", chat: dm, text });
};
const answer = async (callback: Callback, status: number, body = ""): Promise<void> => {
  const logged = emulator.waitFor("callback", ({ event, data }) =>
    event === "wire" && data.channel === "webhook" ? true : undefined,
  );
  callback.response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end(body);
  await logged;
};

test("a callback is signed over its raw body, names the bot, and has no number", async () => {
  await start();
  await say("你好");
  const { headers, body } = await endpoint.next();
  const timestamp = String(clock.now() / 1000);
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "user-agent": "QQBot-Callback",
    "x-bot-appid": APP_ID,
    "x-signature-method": "Ed25519",
    "x-signature-timestamp": timestamp,
  });
  expect(verifyCallback(keys, timestamp, body, String(headers["x-signature-ed25519"]))).toBe(true);
  expect(JSON.parse(body)).toMatchObject({ op: 0, t: "C2C_MESSAGE_CREATE", d: { content: "你好" } });
  expect(Object.keys(JSON.parse(body))).toEqual(["op", "id", "t", "d"]);
});

test.each([
  [200, '{"op":12,"d":0}'],
  [200, ""],
  [204, ""],
])("%i %s takes it", async (status, body) => {
  await start();
  await say("一");
  await answer(await endpoint.next(), status, body);
  clock.advance(60 * SECOND);
  await say("二");
  expect((await endpoint.next()).body).toContain("二");
});

test.each([
  [503, ""],
  [302, ""],
  [200, '{"op":12,"d":1}'],
])("%i %s is pushed again three times, the same body signed anew", async (status, body) => {
  await start();
  await say("一");
  const first = await endpoint.next();
  await answer(first, status, body);
  const timestamps = [first.headers["x-signature-timestamp"]];
  for (const pause of [1, 2, 4]) {
    clock.advance(pause * SECOND - 1);
    expect(endpoint.waiting).toEqual([]);
    clock.advance(1);
    const again = await endpoint.next();
    expect(again.body).toBe(first.body);
    const timestamp = String(again.headers["x-signature-timestamp"]);
    expect(verifyCallback(keys, timestamp, again.body, String(again.headers["x-signature-ed25519"]))).toBe(true);
    timestamps.push(timestamp);
    await answer(again, status, body);
  }
  expect(new Set(timestamps).size).toBe(4);
  clock.advance(60 * SECOND);
  await say("二");
  expect((await endpoint.next()).body).toContain("二");
});

test("an answer that takes more than 3 s comes too late", async () => {
  await start();
  await say("一");
  const first = await endpoint.next();
  const given = emulator.waitFor("late callback", ({ event, data }) =>
    event === "wire" && data.channel === "webhook" ? data.title : undefined,
  );
  clock.advance(3 * SECOND);
  expect(await given).toContain("no answer within 3000 ms");
  clock.advance(1 * SECOND);
  expect((await endpoint.next()).body).toBe(first.body);
});

test("saving an address asks for a proof, unsigned, and keeps only an address that gives it", async () => {
  clock = createManualClock();
  emulator = await createEmulator({ clock });
  endpoint = await openEndpoint(false);
  const saved = emulator.control.call("transport", { bot: APP_ID, mode: "webhook", webhookUrl: endpoint.url });
  const { headers, body, response } = await endpoint.next();
  expect(headers["x-signature-ed25519"]).toBeUndefined();
  expect(headers["x-bot-appid"]).toBe(APP_ID);
  expect(JSON.parse(body)).toEqual({
    op: 13,
    d: { plain_token: expect.stringMatching(/^[A-Za-z0-9]{20}$/), event_ts: String(clock.now() / 1000) },
  });
  response.end(JSON.stringify({ plain_token: JSON.parse(body).d.plain_token, signature: "00".repeat(64) }));
  expect(await saved).toEqual({ ok: false, error: expect.stringContaining("13007") });
  expect(emulator.world.snapshot().bots[0]).toMatchObject({ mode: "websocket" });
  expect(emulator.world.snapshot().bots[0]?.webhookUrl).toBeUndefined();
});

test("an address where nobody is cannot be saved", async () => {
  await start();
  const { url } = endpoint;
  await endpoint.close();
  const saved = await emulator.control.call("transport", { bot: APP_ID, mode: "webhook", webhookUrl: url });
  expect(saved).toEqual({ ok: false, error: expect.stringContaining("10020") });
});

test("in mode webhook a session gets nothing, in mode both it does too, in mode websocket it alone", async () => {
  await start();
  const raw = await rawBot(emulator);
  const gateway = await raw.online();
  await say("一");
  expect((await endpoint.next()).body).toContain("一");
  await emulator.control.call("transport", { bot: APP_ID, mode: "both" });
  await say("二");
  expect((await endpoint.next()).body).toContain("二");
  expect((await gateway.next()).d["content"]).toBe("二");
  await emulator.control.call("transport", { bot: APP_ID, mode: "websocket" });
  await say("三");
  expect((await gateway.next()).d["content"]).toBe("三");
  await emulator.control.call("transport", { bot: APP_ID, mode: "both" });
  await say("四");
  expect((await endpoint.next()).body).toContain("四");
});

test("mode webhook without an address is not connected", async () => {
  await start();
  emulator.reset();
  await emulator.control.call("transport", { bot: APP_ID, mode: "webhook" });
  await say("一");
  expect(emulator.world.messages(dm).at(-1)?.text).toBe(NOT_CONNECTED);
});

test("faults: a duplicate has the same id, raw text is signed as it is", async () => {
  await start();
  await emulator.control.call("fault", { do: "duplicate", times: 2 });
  await say("一");
  expect((await endpoint.next()).body).toBe((await endpoint.next()).body);
  const text = '{ "op": 0,\n "t": "NEW_THING" }';
  await emulator.control.call("fault", { do: "raw", text });
  const { headers, body } = await endpoint.next();
  expect(body).toBe(text);
  expect(
    verifyCallback(keys, String(headers["x-signature-timestamp"]), body, String(headers["x-signature-ed25519"])),
  ).toBe(true);
});

const tick = (events: readonly string[]) =>
  emulator.control.call("transport", { bot: APP_ID, mode: "webhook", events });

test("the console has events to tick, and those that are not ticked never come", async () => {
  await start();
  await expect(tick(["C2C_MESSAGES"])).rejects.toThrow('there is no event "C2C_MESSAGES" to tick');
  await tick(["GROUP_AT_MESSAGE_CREATE"]);
  await say("not ticked");
  await tick(["C2C_MESSAGE_CREATE"]);
  await say("ticked");
  const callback = await endpoint.next();
  expect(JSON.parse(callback.body)).toMatchObject({ t: "C2C_MESSAGE_CREATE", d: { content: "ticked" } });
  await answer(callback, 204);
});
