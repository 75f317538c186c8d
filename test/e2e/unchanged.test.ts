// The host's own repairs and checks find nothing to say of the plugin, and leave what is configured for it as it is.
// Its scan of code looks at what is installed only: see install.test.ts.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gatewayConfig, type JsonObject } from "../../demo/config.ts";
import { gatewayEnvironment } from "../../demo/environment.ts";
import { OPENCLAW, ROOT } from "../../demo/host.ts";
import { runGroup } from "../../demo/process.ts";
import { buildPlugin } from "../../scripts/lib/build.ts";

const PLUGIN = join(ROOT, "extensions", "qq");
/** Nobody listens there. */
const PORT = 9;
/** A repair takes 10 s on a quiet machine. */
const COMMAND_MS = 120_000;
const TOKEN = "a-token-of-16-or-more";
/** In each home; as text, the host rightly warns of every secret in its configuration. */
const FILE = "secret";
const reference = { source: "env", provider: "default", id: "QQ_SECRET_OF_TEST" };

/** With nobody on its list, the host rightly says that nobody can write. */
const people = {
  dmPolicy: "allowlist",
  allowFrom: ["A1B2C3"],
  groupPolicy: "allowlist",
  groupAllowFrom: ["D4E5F6"],
};

/** Three of a single road each, all of it at once, and secrets by reference. */
const configurations: Readonly<Record<string, JsonObject>> = {
  "an official bot without a public address": {
    enabled: true,
    appId: "102000001",
    appSecretFile: FILE,
    ...people,
  },
  "an official bot by webhook": {
    enabled: true,
    appId: "102000001",
    appSecretFile: FILE,
    webhookPath: "/qq-official-webhook",
    ...people,
    groups: { "*": { requireMention: true } },
  },
  "a personal account": {
    enabled: true,
    httpUrl: "http://localhost:3000",
    wsUrl: "ws://localhost:3001",
    tokenFile: FILE,
    ...people,
  },
  "every road, several accounts and every kind of key": {
    enabled: true,
    locale: "zh",
    ...people,
    groups: { G1: { requireMention: false, systemPrompt: "Short." }, "*": { requireMention: true } },
    nativeStreaming: true,
    textChunkLimit: 2000,
    historyLimit: 20,
    defaultAccount: "default",
    accounts: {
      default: { appId: "102000001", appSecretFile: FILE },
      work: { name: "Work", appId: 102_000_002, appSecretFile: FILE, webhookPath: "/qq-work", shards: 1 },
      home: { wsUrl: "ws://localhost:3001", tokenFile: FILE, selfId: "10001", sendGapMs: 500 },
      reverse: { reversePath: "/qq-onebot/reverse", tokenFile: FILE },
      off: { enabled: false, appId: "102000003", appSecretFile: "/run/secrets/qq" },
    },
  },
  "secrets by reference": {
    enabled: true,
    appId: "102000001",
    appSecret: reference,
    ...people,
    accounts: {
      default: {},
      home: { wsUrl: "ws://localhost:3001", accessToken: reference },
    },
    defaultAccount: "default",
  },
};

interface Home {
  readonly directory: string;
  readonly configPath: string;
  readonly env: NodeJS.ProcessEnv;
}

const directories: string[] = [];

interface Repair {
  readonly said: string;
  readonly before: string;
  readonly after: string;
}
const repairs = new Map<string, Repair>();
/** What `channels add` writes, and the status that is shown of it while no gateway runs. */
const ADDED = "as channels add writes it";
let added: string;
let plugin: string;

/** Two at a time: each repair keeps a processor busy. */
beforeAll(async () => {
  await buildPlugin(PLUGIN, join(ROOT, ".cache", "build", "qq.json"));
  plugin = await copyPlugin();
  const waiting = Object.entries(configurations);
  const repairNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) repairs.set(next[0], await repair(next[1]));
  };
  await Promise.all([repairNext(), repairAdded().then(repairNext)]);
}, 5 * COMMAND_MS);

afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))));

/** A home of the host with nothing running. Its name says nothing of QQ, so that what is said of the plugin shows. */
async function settle(channel?: JsonObject): Promise<Home> {
  const directory = await mkdtemp(join(tmpdir(), "openclaw-unchanged-"));
  directories.push(directory);
  const own = {
    directory,
    stateDir: join(directory, "state"),
    configPath: join(directory, "openclaw.json"),
    port: PORT,
  };
  await mkdir(own.stateDir, { mode: 0o700 });
  const token = "a-token-of-the-gateway";
  const model = { baseUrl: "http://127.0.0.1:9/v1" };
  const session = { dmScope: "per-account-channel-peer" };
  const config = gatewayConfig({ ...own, token, model, channel, loadPaths: [plugin], config: { session } });
  await writeFile(join(directory, FILE), TOKEN, { mode: 0o600 });
  await writeFile(own.configPath, JSON.stringify(config, null, 2), { mode: 0o600 });
  const passed = gatewayEnvironment({ ...own, token }, process.env);
  const env = { ...passed, QQ_SECRET_OF_TEST: TOKEN, QQ_BOT_API_BASE_URL: `http://127.0.0.1:${PORT}` };
  return { directory, configPath: own.configPath, env };
}

/** Runs a command of the host's CLI; `said` is all that it printed. */
async function run({ directory, env }: Home, command: string): Promise<{ stdout: string; said: string }> {
  const signal = AbortSignal.timeout(COMMAND_MS);
  const { code, stdout, stderr } = await runGroup([OPENCLAW, ...command.split(" ")], { cwd: directory, env }, signal);
  if (code !== 0) throw new Error(`openclaw ${command} ended with ${code}:\n${stdout}\n${stderr}`);
  return { stdout, said: `${stdout}${stderr}` };
}

/** What is configured for the plugin, key by key in its order. The host notes its own doings elsewhere in the file. */
async function configured({ configPath }: Home): Promise<string> {
  const { channels, plugins } = JSON.parse(await readFile(configPath, "utf8")) as JsonObject;
  return JSON.stringify({ channels, plugins }, null, 2);
}

/** What is published of the plugin. The host refuses one whose files change while it looks, as sources do that are worked on. */
async function copyPlugin(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "openclaw-unchanged-"));
  directories.push(directory);
  for (const part of ["dist", "skills", "package.json", "openclaw.plugin.json"]) {
    await cp(join(PLUGIN, part), join(directory, part), { recursive: true });
  }
  return directory;
}

async function repair(channel: JsonObject): Promise<Repair> {
  return repairAt(await settle(channel));
}

async function repairAt(home: Home): Promise<Repair> {
  const before = await configured(home);
  const { said } = await run(home, "doctor --fix --non-interactive --yes");
  return { said, before, after: await configured(home) };
}

/** Nobody is there whom `channels add` could try the account with: it writes it all the same. */
async function repairAdded(): Promise<void> {
  const home = await settle();
  await run(home, `channels add --channel qq --token 102000001:${TOKEN}`);
  added = (await run(home, "channels status --timeout 1000")).said;
  repairs.set(ADDED, await repairAt(home));
}

/** Lines that are about the plugin or its channel. */
const about = (said: string): string[] => said.split("\n").filter((line) => /qq/i.test(line));

test.each(Object.keys(configurations))(
  "A1 A7: %s: doctor --fix has nothing to say of it and changes nothing",
  (name) => {
    const repaired = repairs.get(name);
    expect(repaired?.said).toContain("Doctor complete");
    expect(about(repaired?.said ?? "")).toEqual([]);
    expect(repaired?.after).toBe(repaired?.before);
  },
);

test("A1 A2: what channels add writes is left as it is, with the host's own two remarks on any such account", () => {
  const repaired = repairs.get(ADDED);
  expect(repaired?.said).toContain("Doctor complete");
  // The secret is text, as it was typed, and nobody is paired yet: qq.md says that both are to be expected.
  expect(about(repaired?.said ?? "")).toEqual([
    expect.stringMatching(/^\W*channels\.qq\.appSecret\W*$/),
    expect.stringContaining('QQ DMs are locked: channels.qq.dmPolicy="pairing" has no admitted'),
    expect.stringContaining("Approve via: openclaw pairing list qq / openclaw pairing approve qq"),
  ]);
  expect(repaired?.said).toContain("openclaw.json contains plaintext secret-bearing config");
  expect(repaired?.after).toBe(repaired?.before);
});

test("A6: the status without a gateway says that the account is set up, by which road and where to", () => {
  const [line = ""] = added.split("\n").filter((text) => text.startsWith("- QQ"));
  expect(line).toMatch(
    /^- QQ default: enabled, configured, mode:websocket \(appId without webhookPath\), token:\S+, url:/,
  );
  expect(line).not.toContain(TOKEN);
});

test("A1: inspect and the doctor of plugins have nothing to report", async () => {
  const full = configurations["every road, several accounts and every kind of key"] ?? {};
  const home = await settle(full);
  const before = await configured(home);
  const inspected: unknown = JSON.parse((await run(home, "plugins inspect qq --json")).stdout);
  expect(inspected).toMatchObject({ plugin: { status: "loaded" }, diagnostics: [] });
  const { said: doctor } = await run(home, "plugins doctor");
  expect(doctor).toMatch(/Plugin discovery, module loading, .* checks passed/);
  expect(about(doctor)).toEqual([]);
  expect(await configured(home)).toBe(before);
});
