import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { describe, expect, test, vi } from "vitest";
import type { LineFacts } from "../checks/facts.ts";
import type { Finding } from "../checks/finding.ts";
import { createCallbackLine } from "../transport/official/webhook.ts";
import { FAKE_NOW } from "../transport/testing/fake-clock.ts";
import { createRecorder } from "../transport/testing/recorder.ts";
import { diagnose } from "./diagnose.ts";
import { createFakeMachine, type FakeMachine } from "./testing/fake-machine.ts";

const bot = { appId: "102000001", appSecret: "a-secret-of-a-bot" };
const up = (accountId: string, more: Partial<ChannelAccountSnapshot> = {}): ChannelAccountSnapshot => ({
  accountId,
  connected: true,
  lifecycle: "ready",
  lastEventAt: FAKE_NOW,
  mode: "websocket (appId without webhookPath)",
  ...more,
});

/** QQ and NapCat as they should be. */
function wellMachine(): FakeMachine {
  const machine = createFakeMachine();
  const date = new Date(FAKE_NOW).toUTCString();
  machine.names.set("api.bot.qq.com", ["43.1.2.3"]);
  const answers = {
    "POST /app/getAppAccessToken": { access_token: "t", expires_in: "7200" },
    "GET /users/@me": { id: "1", username: "bot" },
    "GET /gateway/bot": {
      url: "wss://api.bot.qq.com/websocket",
      shards: 1,
      session_start_limit: { total: 1000, remaining: 990, reset_after: 1, max_concurrency: 1 },
    },
    "POST /get_login_info": { status: "ok", retcode: 0, data: { user_id: 10001, nickname: "小号" } },
    "POST /get_status": { status: "ok", retcode: 0, data: { online: true } },
    "POST /get_version_info": { status: "ok", retcode: 0, data: { app_name: "NapCat.Onebot", app_version: "4" } },
    "POST /get_recent_contact": { status: "ok", retcode: 0, data: [{ lastestMsg: { message: [] } }] },
  };
  for (const [call, json] of Object.entries(answers)) machine.net.always(call, { json, headers: { date } });
  return machine;
}

async function run(machine: FakeMachine, qq: Readonly<Record<string, unknown>>, more: { accountId?: string } = {}) {
  return await diagnose(machine, { cfg: { channels: { qq } }, env: {}, timeoutMs: 500, ...more });
}

const of = (findings: readonly Finding[], check: string, accountId?: string): Finding | undefined =>
  findings.find((finding) => finding.check === check && finding.accountId === accountId);
const bad = (findings: readonly Finding[]) =>
  findings.filter(({ level }) => level !== "ok").map(({ check, accountId }) => `${accountId ?? "machine"} ${check}`);

test("A6: twenty named checks and more, and all is well", async () => {
  const machine = wellMachine();
  machine.statuses = [up("default"), up("home")];
  machine.view = { kind: "readable", bytes: 1, kept: {} };
  const home = { httpUrl: "http://127.0.0.1:3000", accessToken: "a-token-of-16-chars", reversePath: "/qq/onebot/home" };
  const findings = await run(machine, { ...bot, accounts: { home: { ...home, selfId: "10001" } } });
  machine.net.verify();
  expect(bad(findings)).toEqual([]);
  const names = new Set(findings.map(({ check }) => check));
  expect(names.size).toBeGreaterThanOrEqual(30);
  // What is well needs no advice.
  for (const finding of findings) expect(Object.keys(finding)).not.toContain("fix");
  expect(of(findings, "line", "default")?.saw.en).toBe("the line is up: websocket (appId without webhookPath)");
  expect(of(findings, "line", "home")).toMatchObject({ level: "ok" });
});

test("A6: no gateway is one error, and the platform is asked all the same", async () => {
  const machine = wellMachine();
  machine.statuses = undefined;
  const findings = await run(machine, bot);
  expect(bad(findings)).toEqual(["machine gateway"]);
  expect(of(findings, "gateway")?.saw.en).toContain("(Gateway not reachable (ECONNREFUSED).)");
  expect(of(findings, "token", "default")?.level).toBe("ok");
  expect(of(findings, "line", "default")).toBeUndefined();
});

test("A6: a gateway that knows the account not, one whose line is down, and what the line says itself", async () => {
  const machine = wellMachine();
  expect(of(await run(machine, bot), "line", "default")?.saw.en).toBe("the running gateway has no such account");
  machine.statuses = [up("default", { connected: false, lifecycle: "starting" })];
  expect(of(await run(machine, bot), "line", "default")?.saw.en).toBe("the line is down: it has not begun");
  machine.statuses = [up("default", { connected: false, lifecycle: "recovering", lastError: "QQ is away" })];
  const told = (await run(machine, bot)).filter(({ check }) => check === "line");
  expect(told).toHaveLength(1);
  expect(told[0]?.saw.en).toContain("QQ is away");
});

/** Closes a socket as soon as it is dialled; nobody tells why. */
async function refuseDial({ net }: FakeMachine, index: number): Promise<void> {
  net.on("GET /", { cut: "ECONNREFUSED" });
  const server = await vi.waitFor(() => {
    const dial = net.dials[index];
    if (!dial) throw new Error("nobody has dialled");
    return dial;
  });
  server.close(1006);
}

describe("A6: one cause is one error", () => {
  const home = { wsUrl: "ws://127.0.0.1:3001", accessToken: "a-token-of-16-chars", httpUrl: "http://127.0.0.1:3000" };
  const down = { connected: false, lifecycle: "recovering" } as const;

  test("of an account that was kicked: the line's words only while nobody else says it", async () => {
    const machine = wellMachine();
    machine.statuses = [up("default", { lastError: "not logged in", healthState: "offline" })];
    machine.net.expectDials(2);
    const told = run(machine, home);
    await refuseDial(machine, 0);
    expect(bad(await told)).toEqual(["default napcat-offline", "default napcat-socket"]);
    machine.net.on("POST /get_login_info", { json: { status: "ok", retcode: 0, data: { user_id: 10001 } } });
    machine.net.on("POST /get_status", { json: { status: "ok", retcode: 0, data: { online: false } } });
    const kicked = run(machine, home);
    await refuseDial(machine, 1);
    expect(bad(await kicked)).toEqual(["default napcat-login", "default napcat-socket"]);
  });

  test("of a socket that nobody opens", async () => {
    const machine = wellMachine();
    machine.statuses = [up("default", { ...down, lastError: "could not reach" })];
    machine.net.expectDials(1);
    const told = run(machine, { ...home, httpUrl: undefined });
    await refuseDial(machine, 0);
    expect(bad(await told)).toEqual(["default napcat-socket"]);
  });

  test.each([
    ["a wrong secret", "POST /app/getAppAccessToken", { status: 401, json: { code: 100016, message: "no" } }, "token"],
    [
      "an address that is blocked",
      "GET /users/@me",
      { status: 401, json: { code: 11298, message: "no" } },
      "ip-allow-list",
    ],
    ["a platform that is away", "POST /app/getAppAccessToken", { cut: "ECONNREFUSED" }, "platform"],
  ] as const)("of %s", async (_name, call, answered, check) => {
    const machine = wellMachine();
    machine.statuses = [up("default", { ...down, lastError: "it does not work" })];
    machine.net.on(call, answered);
    expect(bad(await run(machine, bot))).toEqual([`default ${check}`]);
  });

  test("of credentials that are missing", async () => {
    const machine = wellMachine();
    machine.statuses = [up("default", { connected: false, lifecycle: "blocked", lastError: "appSecret is missing" })];
    expect(bad(await run(machine, { appId: bot.appId }))).toEqual(["default credentials"]);
  });

  test("and two causes are two: a webhook needs no allow-list to come up", async () => {
    const machine = wellMachine();
    machine.statuses = [up("default", { ...down, lastError: "webhookPath is taken" })];
    machine.net.on("GET /users/@me", { status: 401, json: { code: 11298, message: "no" } });
    const found = bad(await run(machine, { ...bot, webhookPath: "/qq-hook" }));
    expect(found).toEqual(["default line", "default ip-allow-list"]);
    // Nor is the self-test made: that nobody answers there is said.
    expect(machine.net.calls.map(({ call }) => call)).not.toContain("POST /qq-hook");
  });
});

test("A6: intents that QQ has not granted are named by the running line", async () => {
  const machine = wellMachine();
  // A field of this plugin's, which the host's type does not know.
  machine.statuses = [{ ...up("default"), facts: { without: ["DIRECT_MESSAGE"] } } as ChannelAccountSnapshot];
  const finding = of(await run(machine, bot), "intents", "default");
  expect(finding).toMatchObject({ level: "warning", area: "intent" });
  expect(finding?.saw.en).toContain("DIRECT_MESSAGE");
});

test("A5 A6: credentials that cannot be read are named by their key, and nobody is asked with them", async () => {
  const machine = createFakeMachine();
  machine.names.set("api.bot.qq.com", ["43.1.2.3"]);
  machine.statuses = undefined;
  const findings = await run(machine, { appId: "102000001", appSecretFile: "/nowhere/secret" });
  machine.net.verify();
  expect(of(findings, "credentials", "default")).toMatchObject({ level: "error" });
  expect(of(findings, "credentials", "default")?.saw.en).toContain("channels.qq.appSecretFile");
});

test("A6: one account alone, one that is off, and none at all", async () => {
  const machine = wellMachine();
  machine.statuses = [up("default"), up("second")];
  const two = {
    ...bot,
    accounts: {
      Second: { appId: "102000002", appSecret: "another-secret-x" },
      off: { enabled: false, appId: "102000003" },
    },
  };
  const one = await run(machine, two, { accountId: "second" });
  expect(new Set(one.map(({ accountId }) => accountId))).toEqual(new Set([undefined, "second"]));
  const off = (await run(machine, two)).filter(({ accountId }) => accountId === "off");
  expect(off).toMatchObject([{ check: "line", level: "ok" }]);
  expect(of(await run(machine, {}), "accounts")).toMatchObject({ level: "warning" });
});

test("A6: the same bot twice is an error of both", async () => {
  const machine = wellMachine();
  machine.statuses = [up("default"), up("twin")];
  const findings = await run(machine, { ...bot, accounts: { twin: { appId: bot.appId } } });
  expect(bad(findings)).toEqual(["default same-bot", "twin same-bot"]);
});

test("A6: a clock that callbacks have shown to be wrong is told once", async () => {
  const machine = wellMachine();
  const facts = { refused: { stale: 2 }, aheadMs: 400_000 };
  const shown = { ...up("default"), facts };
  machine.statuses = [shown];
  machine.net.always("POST /qq-hook", { html: "", status: 401 });
  const findings = await run(machine, { ...bot, webhookPath: "/qq-hook" });
  expect(findings.filter(({ check }) => check === "clock")).toMatchObject([{ level: "error" }]);
});

test("A6: answers that wait are counted for their account", async () => {
  const machine = wellMachine();
  machine.statuses = [up("default")];
  machine.view = { kind: "readable", bytes: 1, kept: { default: 3, other: 9 } };
  expect(of(await run(machine, bot), "kept-answers", "default")).toMatchObject({ level: "warning" });
  expect(of(await run(machine, bot), "kept-answers", "default")?.saw.en).toContain("3 parts");
});

test("A6: an unsupported host and another plugin for QQ", async () => {
  const machine = wellMachine();
  machine.statuses = [up("default")];
  machine.hostVersion = "2026.9.5";
  const cfg = {
    channels: { qq: bot },
    plugins: {
      entries: {
        qq: {},
        "openclaw-qqbot": { enabled: true },
        "qq-onebot": {},
        napcat: { enabled: false },
        "qqml-tools": {},
      },
    },
  };
  const findings = await diagnose(machine, { cfg, env: {}, timeoutMs: 500 });
  expect(bad(findings)).toEqual(["machine host", "machine other-qq-plugins"]);
  expect(of(findings, "other-qq-plugins")?.saw.en).toBe("another plugin for QQ is on: openclaw-qqbot, qq-onebot");
  expect(of(findings, "other-qq-plugins")?.fix?.en).toContain("openclaw plugins disable openclaw-qqbot");
});

test("A6: the webhook is tested on the gateway, and not when there is none", async () => {
  const machine = wellMachine();
  machine.statuses = [up("default")];
  machine.net.always("POST /qq-hook", { html: "<html>", status: 200 });
  const hook = { ...bot, webhookPath: "/qq-hook" };
  const tested = await run(machine, hook);
  expect(bad(tested)).toEqual(["default webhook-validation"]);
  expect(machine.net.calls.map(({ url }) => url)).toContain("http://127.0.0.1:18789/qq-hook");
  machine.statuses = undefined;
  expect(bad(await run(machine, hook))).toEqual(["machine gateway"]);
});

test.each([
  ["where the gateway takes what the account signs", bot.appSecret, ["default webhook-signature warning"]],
  [
    "and an error where it does not",
    "another-secret",
    ["default webhook-signature error", "default webhook-validation error"],
  ],
])("A6: forged callbacks are a warning %s", async (_name, secret, found) => {
  const machine = wellMachine();
  const facts: LineFacts = { refused: { "wrong-signature": 4 } };
  const status = { ...up("default", { lastEventAt: null }), facts };
  machine.statuses = [status];
  const line = createCallbackLine({ appId: bot.appId, appSecret: secret, clock: machine.clock, ...createRecorder() });
  const fetch: typeof globalThis.fetch = async (url, init = {}) => {
    const isHook = typeof url === "string" && url.endsWith("/qq-hook");
    if (!isHook || typeof init.body !== "string") return await machine.net.fetch(url, init);
    const { status, body } = await line.receive({
      headers: Object.fromEntries(new Headers(init.headers)),
      body: init.body,
    });
    return new Response(body && JSON.stringify(body), { status });
  };
  const findings = await run({ ...machine, outside: { ...machine.net, fetch } }, { ...bot, webhookPath: "/qq-hook" });
  const faults = findings.filter(({ level }) => level !== "ok");
  expect(faults.map(({ check, level, accountId }) => `${accountId ?? "machine"} ${check} ${level}`)).toEqual(found);
});

test("G3: nothing that is found has a secret or a token in it", async () => {
  const machine = wellMachine();
  machine.statuses = [up("default")];
  machine.net.on("POST /app/getAppAccessToken", { status: 401, json: { code: 100016, message: bot.appSecret } });
  expect(JSON.stringify(await run(machine, bot))).not.toContain(bot.appSecret);
});
