import { expect, test } from "vitest";
import { resolveAccount, type OfficialAccount } from "../config/account.ts";
import { createCallbackLine, type CallbackLine } from "../transport/official/webhook.ts";
import type { Outside } from "../transport/transport.ts";
import { createFakeClock } from "../transport/testing/fake-clock.ts";
import { createFakeNet } from "../transport/testing/fake-net.ts";
import { createRecorder } from "../transport/testing/recorder.ts";
import { publicUrlOf, testWebhook } from "./webhook-self-test.ts";

const APP_ID = "102000001";
const SECRET = "Wq7mT2xLp9Zs4BvK";
const URL_HERE = "http://127.0.0.1:18789/qq-hook";
const clock = createFakeClock();

function hook(): OfficialAccount {
  const qq = { appId: APP_ID, appSecret: SECRET, webhookPath: "/qq-hook" };
  const account = resolveAccount({ channels: { qq } }, undefined, {});
  if (account.transport === "onebot") throw new Error("no official bot");
  return account;
}

/** A gateway with this bot, as the real line answers; `change` stands for a proxy in between. */
function reached(line: CallbackLine, change: (response: Response) => Response = (response) => response): Outside {
  const fetch: typeof globalThis.fetch = async (_url, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    if (typeof init.body !== "string" || init.redirect !== "manual") throw new Error("not as QQ calls");
    const { status, body } = await line.receive({ headers, body: init.body });
    return change(new Response(body && JSON.stringify(body), { status }));
  };
  return { ...createFakeNet(clock), fetch };
}

function lineOf(secret = SECRET) {
  const seen = createRecorder();
  return { seen, line: createCallbackLine({ appId: APP_ID, appSecret: secret, clock, ...seen }) };
}

const local = { road: "local", url: URL_HERE, timeoutMs: 1000 } as const;
const test_ = async (outside: Outside) => await testWebhook(hook(), outside, local);

test("A6 C3: a webhook that is well validates and acknowledges, and nothing of the test counts as QQ's", async () => {
  const { seen, line } = lineOf();
  const findings = await test_(reached(line));
  expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
    "webhook-validation ok",
    "webhook-event ok",
  ]);
  expect(findings[0]?.saw.en).toContain(URL_HERE);
  expect([seen.accepted, seen.activity, seen.dropped, seen.lines]).toEqual([[], [], [], []]);
});

test("A6: a gateway with another secret refuses what this one signs", async () => {
  const [finding, ...more] = await test_(reached(lineOf("another-secret").line));
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ check: "webhook-validation", level: "error" });
  expect(finding?.saw.en).toContain("refuses what is signed with this account's secret (HTTP 401)");
  expect(finding?.fix?.en).toContain("openclaw gateway restart");
});

test("A6: an answer with a signature of another secret is not taken for right", async () => {
  const forged = { plain_token: "", signature: "00".repeat(64) };
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    const { d } = JSON.parse(await new Response(init?.body ?? null).text()) as { d: { plain_token: string } };
    return await Promise.resolve(Response.json({ ...forged, plain_token: d.plain_token }));
  };
  const [finding] = await test_({ ...createFakeNet(clock), fetch });
  expect(finding?.level).toBe("error");
  expect(finding?.saw.en).toContain("a signature of another secret");
});

test.each([
  ["a web page", () => new Response("<!doctype html>", { status: 200 }), "HTTP 200"],
  ["nothing there", () => new Response(null, { status: 404 }), "HTTP 404"],
  ["a redirect", () => new Response(null, { status: 302, headers: { location: "/login" } }), "HTTP 302"],
  ["a proxy that is alone", () => new Response("bad gateway", { status: 502 }), "HTTP 502"],
])("A6: %s at the address is told as such", async (_name, answer, status) => {
  const [finding] = await test_(reached(lineOf().line, answer));
  expect(finding).toMatchObject({ check: "webhook-validation", level: "error" });
  expect(finding?.saw.en).toBe(`something else than this plugin answers at ${URL_HERE} (${status})`);
});

test("A6: an event that is not acknowledged is told after a validation that is", async () => {
  const { line } = lineOf();
  let calls = 0;
  const outside = reached(line, (response) =>
    ++calls === 2 ? Response.json({ op: 12, d: 1 }, { status: 500 }) : response,
  );
  const findings = await test_(outside);
  expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
    "webhook-validation ok",
    "webhook-event error",
  ]);
  expect(findings[1]?.saw.en).toContain("does not acknowledge a signed event (HTTP 500)");
});

test("A6: too many tests in a minute are no fault", async () => {
  const outside = reached(lineOf().line, () => new Response(null, { status: 429 }));
  expect(await test_(outside)).toMatchObject([{ check: "webhook-validation", level: "warning" }]);
});

test("A6: who is not there is told by the system's code", async () => {
  const net = createFakeNet(clock);
  net.on("POST /qq-hook", { cut: "ECONNREFUSED" });
  const [finding] = await test_(net);
  expect(finding?.saw.en).toBe(`no answer from ${URL_HERE} (ECONNREFUSED)`);
});

test.each([
  ["local", "webhook-validation", "warning", /is not tested: .*\(ERR_TLS_CERT_ALTNAME_INVALID\)/],
  ["public", "webhook-public-validation", "error", /no answer from .*\(ERR_TLS_CERT_ALTNAME_INVALID\)/],
] as const)("A6: a certificate that is not for the address, on the %s road", async (road, check, level, saw) => {
  const net = createFakeNet(clock);
  net.on("POST /qq-hook", { cut: "ERR_TLS_CERT_ALTNAME_INVALID" });
  const [finding, ...more] = await testWebhook(hook(), net, { ...local, road, url: "https://127.0.0.1:8443/qq-hook" });
  expect([finding, more]).toMatchObject([{ check, level }, []]);
  expect(finding?.saw.en).toMatch(saw);
});

test("A6: of an answer without end no more is read than ours would have", async () => {
  let sent = 0;
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (stream) => {
      stream.enqueue(new Uint8Array(1024).fill(32));
      sent++;
      // A reader of everything would never come back.
      if (sent > 100) stream.close();
    },
    cancel: () => void (isCancelled = true),
  });
  const [finding] = await test_(reached(lineOf().line, () => new Response(endless, { status: 200 })));
  expect(finding?.saw.en).toBe(`something else than this plugin answers at ${URL_HERE} (HTTP 200)`);
  expect([isCancelled, sent < 10]).toEqual([true, true]);
});

test.each(["http://bot.example.com/qq-hook", "https://bot.example.com:18789/qq-hook"])(
  "A6: QQ takes no address like %s, and it is not called",
  async (url) => {
    const net = createFakeNet(clock);
    const [finding] = await testWebhook(hook(), net, { road: "public", url, timeoutMs: 1000 });
    net.verify();
    expect(finding).toMatchObject({ check: "webhook-public-address", level: "error" });
  },
);

test.each(["", ":443", ":8443"])("A6: a public address on HTTPS%s is tested like the local one", async (port) => {
  const url = `https://bot.example.com${port}/qq-hook`;
  const findings = await testWebhook(hook(), reached(lineOf().line), { road: "public", url, timeoutMs: 1000 });
  expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
    "webhook-public-validation ok",
    "webhook-public-event ok",
  ]);
});

test.each([
  ["https://bot.example.com", "https://bot.example.com/qq-hook"],
  ["https://bot.example.com/", "https://bot.example.com/qq-hook"],
  ["https://bot.example.com/gw/", "https://bot.example.com/gw/qq-hook"],
  ["https://bot.example.com/gw/qq-hook", "https://bot.example.com/gw/qq-hook"],
  ["https://me:pass@bot.example.com/qq-hook", "https://bot.example.com/qq-hook"],
])("A6: the public address %s means %s", (given, meant) => {
  expect(publicUrlOf(new URL(given), "/qq-hook")).toBe(meant);
});
