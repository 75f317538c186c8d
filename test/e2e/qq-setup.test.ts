// `npm run qq:setup` against an emulated QQ and a gateway that runs with the plugin and no account.
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, ROOT } from "../../demo/host.ts";
import { runGroup, type CommandResult } from "../../demo/process.ts";
import { openid } from "../../emulator/ids.ts";
import { bot, dm, openWorld, seed, type World } from "./support.ts";

const one = bot(1);
let world: World;
let directory: string;
/** What stood in the configuration before anything was set up. */
let emptyConfig: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "qq-setup-"));
  world = await openWorld({ seed: seed([one]), channel: () => ({}) });
  await world.gateway.ready;
  emptyConfig = await config();
});

afterAll(async () => {
  await world?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Runs it as npm does, on an environment file with these variables. */
async function setUp(
  flags: readonly string[],
  variables: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = world.gateway.env,
): Promise<CommandResult> {
  const file = join(directory, `env-${Math.random()}`);
  await writeFile(
    file,
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const args = ["scripts/bootstrap.mjs", "scripts/qq-setup.ts", "--env-file", file, ...flags];
  return runGroup(args, { cwd: ROOT, env }, AbortSignal.timeout(120_000));
}

const variables = () => ({
  QQ_BOT_API_BASE_URL: world.emulator.url,
  QQ_BOT_APP_ID: one.appId,
  QQ_BOT_APP_SECRET: one.secret,
  QQ_DM_POLICY: "allowlist",
  QQ_ALLOW_FROM: openid(one.appId, "user", "lin"),
});
const config = () => readFile(world.gateway.configPath, "utf8");

test("A3: what is wrong ends it before anything is written: 0 for a dry run, 1 for QQ's refusal, 2 for a gap", async () => {
  const before = await config();
  const [dry, wrong, gap] = await Promise.all([
    setUp(["--dry-run"], variables()),
    setUp([], { ...variables(), QQ_BOT_APP_SECRET: "not-the-secret-of-it" }),
    setUp([], { QQ_BOT_API_BASE_URL: world.emulator.url, QQ_BOT_APP_ID: one.appId }),
  ]);
  expect([dry.code, wrong.code, gap.code]).toEqual([0, 1, 2]);
  expect(dry.stdout).toContain("openclaw config patch --stdin");
  expect(`${wrong.stdout}${wrong.stderr}`).toMatch(/QQ refused: .*AppSecret/s);
  expect(`${gap.stdout}${gap.stderr}`).toContain("Missing: QQ_BOT_APP_SECRET");
  expect(`${dry.stdout}${wrong.stdout}`).not.toMatch(/secret-of-bot-1|not-the-secret-of-it/);
  expect(await config()).toBe(before);
});

test("A3: from an environment file to an answer; the secret is neither printed nor in a command line", async () => {
  const watching = watchCommandLines(one.secret);
  const { code, stdout, stderr } = await setUp([], variables());
  expect(watching.stop()).toEqual({ seen: [], looked: expect.any(Number) });
  expect([code, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining(`QQ knows the bot: ${one.name}`)]);
  expect(`${stdout}${stderr}`).not.toContain(one.secret);
  expect(stdout).toMatch(/QQ default: connected, websocket .*, works$/m);
  await world.emulator.waitForSessions(one.appId, 1, 30_000);
  expect((await world.ask("lin", dm("lin", one), "hello set-up")).text).toContain("hello set-up");
});

test("A3: where no gateway runs it is written all the same, and ends with 1 and with what to start", async () => {
  const configPath = join(directory, "openclaw.json");
  await writeFile(configPath, emptyConfig);
  const env = {
    ...world.gateway.env,
    OPENCLAW_CONFIG_PATH: configPath,
    OPENCLAW_STATE_DIR: join(directory, "state"),
    OPENCLAW_GATEWAY_PORT: String(await freePort()),
  };
  const { code, stdout, stderr } = await setUp([], variables(), env);
  expect([code, `${stdout}${stderr}`]).toEqual([1, expect.stringMatching(/no gateway answers.*openclaw gateway\./s)]);
  expect(stdout).not.toMatch(/works|Done/);
  expect(await readFile(configPath, "utf8")).toContain(one.appId);
});

/** Looks again and again at the arguments of every process that can be seen; does nothing where there is no /proc. */
function watchCommandLines(secret: string) {
  const seen: string[] = [];
  let looked = 0;
  const timer = setInterval(() => {
    for (const pid of processes()) {
      looked += 1;
      const line = commandLine(pid);
      if (line.includes(secret)) seen.push(line);
    }
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      return { seen, looked };
    },
  };
}

function processes(): readonly string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended.
    return "";
  }
}
