// pnpm qq:setup without a host and without QQ: what it reads, asks, writes and answers.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseSetupArgs, type SetupArgs } from "../../scripts/setup/args.ts";
import type { HostResult } from "../../scripts/setup/host.ts";
import { runSetup, type SetupParts } from "../../scripts/setup/run.ts";

const SECRET = "a-secret-of-the-bot";
const plain: SetupArgs = { dryRun: false, skipApiProbe: false, help: false };

let directory: string;
let shown: string[];
let calls: { readonly args: readonly string[]; readonly input: string | undefined }[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "qq-setup-"));
  shown = [];
  calls = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const unknown: HostResult = { code: 1, said: "channels.qq: unknown channel id: qq" };

interface Fakes {
  readonly env?: Readonly<Record<string, string>>;
  readonly typed?: readonly (string | undefined)[];
  readonly host?: (args: readonly string[]) => HostResult;
  readonly refused?: string;
  readonly locale?: "en" | "zh";
}

const note = (line: string): void => void shown.push(line);

/** Parts that fail on a question nobody expected. */
function parts({ env = {}, typed, host, refused, locale = "en" }: Fakes = {}): SetupParts {
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
      return host?.(args) ?? { code: 0, said: "fine" };
    },
    next: ({ webhookPath }, port) => [`callbacks at ${port}${webhookPath}`],
    async probe(patch) {
      const elapsedMs = 1;
      if (refused !== undefined) return { ok: false, error: refused, elapsedMs };
      return { ok: true, bot: { id: String(patch.appId), username: "robot" }, elapsedMs };
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
    "config get gateway.port",
  ]);
  expect(shown).toContain("callbacks at 18789/hook");
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
  await runSetup(plain, parts({ host: () => ({ code: 0, said: `the host repeats ${SECRET}` }) }));
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
