// pnpm qq:setup without a host and without QQ: what it reads, asks, writes and answers.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { parseSetupArgs, type SetupArgs } from "../../scripts/setup/args.ts";
import type { QQAccount } from "../../extensions/qq/src/config/account.ts";
import type { HostResult } from "../../scripts/setup/host.ts";
import { runSetup, type SetupParts } from "../../scripts/setup/run.ts";

const SECRET = "a-secret-of-the-bot";
const plain: SetupArgs = { dryRun: false, skipApiProbe: false, help: false };

let directory: string;
let shown: string[];
let probed: QQAccount[];
let calls: { readonly args: readonly string[]; readonly input: string | undefined }[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "qq-setup-"));
  shown = [];
  probed = [];
  calls = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const result = (stdout: string, code = 0): HostResult => ({ code, stdout, said: stdout });
const unknown = result("channels.qq: unknown channel id: qq", 1);

/** What the gateway says of the default account. */
const status = (account: object): HostResult =>
  result(JSON.stringify({ channelAccounts: { qq: [{ accountId: "work" }, { accountId: "default", ...account }] } }));
const working = status({ connected: true, mode: "websocket", probe: { ok: true } });

interface Fakes {
  readonly env?: Readonly<Record<string, string>>;
  readonly typed?: readonly (string | undefined)[];
  readonly host?: (args: readonly string[]) => HostResult;
  readonly refused?: string;
  readonly locale?: "en" | "zh";
  readonly config?: OpenClawConfig;
}

const isStatus = (args: readonly string[]): boolean => args[1] === "status";
const statuses = (): number => calls.filter(({ args }) => isStatus(args)).length;
const config = (qq: object): OpenClawConfig => ({ gateway: { port: 19_000 }, channels: { qq } });
const note = (line: string): void => void shown.push(line);

/** Parts that fail on a question nobody expected. */
function parts({ env = {}, typed, host, refused, locale = "en", config = {} }: Fakes = {}): SetupParts {
  const answers = [...(typed ?? [])];
  return {
    directory,
    env,
    locale,
    screen: {
      canAsk: typed !== undefined,
      begin: note,
      info: note,
      success: note,
      error: note,
      end: note,
      fail: note,
      during: (what, work) => (note(what), work),
      async ask(question) {
        if (answers.length === 0) throw new Error(`asked without need: ${question}`);
        return answers.shift();
      },
    },
    async host(args, input) {
      calls.push({ args, input });
      return host?.(args) ?? (isStatus(args) ? working : result("fine"));
    },
    config: async () => config,
    async probe(account) {
      probed.push(account);
      const elapsedMs = 1;
      if (refused !== undefined) return { ok: false, error: refused, elapsedMs };
      return { ok: true, bot: { id: "9", username: "robot" }, elapsedMs };
    },
  };
}

const put = (name: string, lines: readonly string[]) => writeFile(join(directory, name), lines.join("\n"));
const complete = ["QQ_BOT_APP_ID=102000001", `QQ_BOT_APP_SECRET='${SECRET}'`];
const written = (): unknown => JSON.parse(calls[0]?.input ?? "null");

test("A3: .env.qq counts before .env, variable by variable, and both before the process", async () => {
  await put(".env.qq", ["QQ_BOT_APP_ID=102000001", "QQ_DM_POLICY=allowlist", "QQ_ALLOW_FROM= AAA , BBB,"]);
  await put(".env", ["QQ_BOT_APP_ID=999999", `QQ_APP_SECRET="${SECRET}"`, "QQ_OFFICIAL_WEBHOOK_PATH=/hook"]);
  const env = { QQ_OFFICIAL_WEBHOOK_PATH: "/other", QQ_BOT_API_BASE_URL: "https://api.example" };
  expect(await runSetup(plain, parts({ env }))).toBe(0);
  expect(written()).toEqual({
    channels: {
      qq: {
        enabled: true,
        appId: "102000001",
        appSecret: SECRET,
        apiBaseUrl: "https://api.example",
        webhookPath: "/hook",
        dmPolicy: "allowlist",
        allowFrom: ["AAA", "BBB"],
      },
    },
  });
  expect(calls.map(({ args }) => args.slice(0, 3).join(" "))).toEqual([
    "config patch --stdin",
    "channels status --probe",
  ]);
  expect(shown.join("\n")).toContain("http://127.0.0.1:18789/hook");
});

test("A3: --env-file reads that file and no other; one that is not there is bad usage", async () => {
  await put(".env.qq", ["QQ_BOT_APP_ID=999999"]);
  await put("mine", complete);
  expect(await runSetup({ ...plain, envFile: join(directory, "mine") }, parts())).toBe(0);
  expect(written()).toMatchObject({ channels: { qq: { appId: "102000001" } } });
  expect(await runSetup({ ...plain, envFile: join(directory, "none") }, parts())).toBe(2);
  expect(shown.at(-1)).toContain("ENOENT");
});

test("A3: the secret goes to the host by its input; no argument and no line shown holds it", async () => {
  await put(".env.qq", complete);
  await runSetup(plain, parts({ host: () => result(`the host repeats ${SECRET}`) }));
  await runSetup({ ...plain, dryRun: true }, parts());
  expect(JSON.stringify([shown, calls.map(({ args }) => args)])).not.toContain(SECRET);
});

test("A3: --dry-run says each step and takes none", async () => {
  await put(".env.qq", complete);
  expect(await runSetup({ ...plain, dryRun: true }, parts({ refused: "must not be asked" }))).toBe(0);
  expect(calls).toEqual([]);
  const told = shown.join("\n");
  for (const step of ["1. ask https://", "2. openclaw config patch --stdin", "3. openclaw channels status --probe"]) {
    expect(told).toContain(step);
  }
  expect(told).toContain('"appSecret": "********"');
});

describe("A3: exit codes", () => {
  test("2 names each variable that is missing", async () => {
    await put(".env.qq", ["QQ_DM_POLICY=open"]);
    expect(await runSetup(plain, parts({ locale: "zh" }))).toBe(2);
    expect(shown.at(-1)).toContain("缺少：QQ_BOT_APP_ID, QQ_BOT_APP_SECRET。");
  });

  test.each([
    ["QQ_BOT_APP_ID=my bot", "QQ_BOT_APP_ID: write the AppID"],
    ["QQ_DM_POLICY=everybody", "QQ_DM_POLICY:"],
    ["QQ_OFFICIAL_WEBHOOK_PATH=hook", "QQ_OFFICIAL_WEBHOOK_PATH: write a path that starts with /"],
    ["QQ_DM_POLICY=open", "QQ_ALLOW_FROM:"],
  ])("2 says what is wrong with %s", async (line, advice) => {
    await put(".env.qq", [...complete, line]);
    expect(await runSetup(plain, parts())).toBe(2);
    expect(shown.join("\n")).toContain(advice);
    expect(calls).toEqual([]);
  });

  test("1 when QQ refuses: nothing is written; --skip-api-probe does not ask", async () => {
    await put(".env.qq", complete);
    expect(await runSetup(plain, parts({ refused: "the AppSecret is wrong (100016)" }))).toBe(1);
    expect(shown.at(-1)).toContain("the AppSecret is wrong (100016)");
    expect(calls).toEqual([]);
    expect(await runSetup({ ...plain, skipApiProbe: true }, parts({ refused: "not asked" }))).toBe(0);
  });

  test("1 when the host refuses, with its words, and what to run where the plugin is missing", async () => {
    await put(".env.qq", complete);
    expect(await runSetup(plain, parts({ host: () => unknown }))).toBe(1);
    expect(shown.join("\n")).toContain("openclaw plugins install ./extensions/qq");
    expect(calls).toHaveLength(1);
  });
});

describe("A3: the end is what the gateway says of the account", () => {
  const dialling = status({ connected: false, stateReason: "dialling" });
  beforeEach(() => put(".env.qq", complete));

  test("0 once it is connected and QQ knows it; it is asked again until then", async () => {
    const early = [result("Gateway is still starting"), dialling, status({ connected: true, probe: { ok: false } })];
    const host = (args: readonly string[]) => (isStatus(args) ? (early.shift() ?? working) : result("fine"));
    expect(await runSetup(plain, parts({ host }))).toBe(0);
    expect(statuses()).toBe(4);
    expect(shown).toContain("QQ default: connected, websocket, works");
  });

  test.each([
    ["never connects", dialling, /does not run: dialling.*openclaw qq doctor/s],
    ["is refused", status({ connected: true, probe: { ok: false, error: `no: ${SECRET}` } }), /run: no: \*{8}\./],
    ["is not in the gateway", result('{"channelAccounts":{"qq":[]}}'), /does not have the account.*restart/s],
  ])("1 when it %s, after asking often enough; what is left to do is told", async (_, answer, told) => {
    const host = (args: readonly string[]) => (isStatus(args) ? answer : result("fine"));
    expect(await runSetup(plain, parts({ host }))).toBe(1);
    expect(statuses()).toBe(8);
    expect(shown.at(-1)).toMatch(told);
    expect(shown.join("\n")).toContain("openclaw pairing approve qq");
  });

  test("1 when no gateway runs, although the command ends with 0: start it", async () => {
    const none = result('{"gatewayReachable":false,"configOnly":true,"error":"nobody listens"}');
    const host = (args: readonly string[]) => (isStatus(args) ? none : result("fine"));
    expect(await runSetup(plain, parts({ host, locale: "en" }))).toBe(1);
    expect(statuses()).toBe(1);
    expect(shown.at(-1)).toMatch(/no gateway answers.*Start it: openclaw gateway\..*nobody listens/s);
    expect(shown).not.toContain("Done.");
  });
});

describe("A3: what stands in channels.qq already", () => {
  beforeEach(() => put(".env.qq", complete));

  test("the bot that was there goes with its road; access, groups and other accounts stay", async () => {
    const before = {
      enabled: true,
      appId: "999999",
      appSecretFile: "/run/secret",
      webhookPath: "/old",
      apiBaseUrl: "https://sandbox.example",
      groups: { G: {} },
      accounts: { default: {}, me: { wsUrl: "ws://127.0.0.1:3001", selfId: 5 } },
    };
    expect(await runSetup(plain, parts({ config: config(before) }))).toBe(0);
    const patch = { appId: "102000001", appSecret: SECRET, appSecretFile: null, webhookPath: null, enabled: true };
    expect(written()).toEqual({ channels: { qq: patch } });
    expect(probed).toMatchObject([
      { transport: "websocket", apiBaseUrl: "https://sandbox.example", credentials: { ok: true } },
    ]);
    expect(shown.join("\n")).toMatch(/AppID 999999; this one takes its place/);
    expect(shown.join("\n")).not.toContain("/old");
  });

  test("where accounts stand and the base is none, the bot comes beside them, by its own road", async () => {
    const before = { transport: "webhook", accounts: { work: { appId: "1030", appSecret: "other" } } };
    expect(await runSetup(plain, parts({ config: config(before) }))).toBe(0);
    const account = { appId: "102000001", appSecret: SECRET, transport: "websocket", enabled: true };
    expect(written()).toEqual({ channels: { qq: { enabled: true, accounts: { default: account } } } });
    await runSetup({ ...plain, dryRun: true }, parts({ config: config(before) }));
    expect(shown.join("\n")).toContain('"appSecret": "********"');
    expect(shown.join("\n")).not.toContain(SECRET);
  });

  test.each([
    { wsUrl: "ws://127.0.0.1:3001", accessToken: "t" },
    { transport: "onebot" },
    { accounts: { default: { httpUrl: "http://127.0.0.1:3000" } } },
  ])("1 where a personal account stands there, with what to type instead: %j", async (before) => {
    expect(await runSetup(plain, parts({ config: config(before) }))).toBe(1);
    expect([calls, probed]).toEqual([[], []]);
    expect(shown.at(-1)).toContain("openclaw qq bind --account NAME");
  });

  test("callbacks are to be passed on to the port of that configuration", async () => {
    await put(".env.qq", [...complete, "QQ_OFFICIAL_WEBHOOK_PATH=/hook"]);
    expect(await runSetup(plain, parts({ config: config({}) }))).toBe(0);
    expect(shown.join("\n")).toContain("http://127.0.0.1:19000/hook");
  });
});

test("A3: in a terminal only what is missing is asked for, and giving up changes nothing", async () => {
  await put(".env.qq", ["QQ_BOT_APP_ID=102000001"]);
  expect(await runSetup(plain, parts({ typed: [SECRET] }))).toBe(0);
  expect(written()).toMatchObject({ channels: { qq: { appSecret: SECRET } } });
  calls = [];
  expect(await runSetup(plain, parts({ typed: [undefined] }))).toBe(2);
  expect(calls).toEqual([]);
});

test("A3: flags it does not know are bad usage; pnpm's dashes are not", () => {
  expect(parseSetupArgs(["--dryrun"])).toBeUndefined();
  expect(parseSetupArgs(["extra"])).toBeUndefined();
  expect(parseSetupArgs(["--", "--dry-run", "--env-file", "x", "--skip-api-probe"])).toEqual({
    dryRun: true,
    envFile: "x",
    skipApiProbe: true,
    help: false,
  });
});
