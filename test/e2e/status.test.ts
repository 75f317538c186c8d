// One gateway with everything that can be wrong with an account, and some where nothing is: each says what is, and no more.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { merge, type JsonObject } from "../../demo/config.ts";
import { freePort, OPENCLAW, readText } from "../../demo/host.ts";
import { spawnGroup } from "../../demo/process.ts";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import { bot, dm, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const GROUP_AND_C2C = 1 << 25;
const GUILD_MENTIONS = 1 << 30;

const fromEnv = bot(1);
const wrong = bot(2);
const secretless = bot(3);
const fromFile = bot(4);
const blocked = bot(5, { ipAllowed: false });
const unreachable = bot(6);
const refused = bot(7, { intents: GUILD_MENTIONS });
const lowered = bot(8, { intents: GROUP_AND_C2C });
const hook = bot(9);
const fromRef = bot(10);
const chinese = bot(11);
const badPath = bot(12);
const fromConfig = bot(13);
const wrongHook = bot(14);
/** Its QQ is one of its own, which goes away for a while. */
const flaky = bot(15);
const bots = [
  fromEnv,
  wrong,
  secretless,
  fromFile,
  blocked,
  unreachable,
  refused,
  lowered,
  hook,
  fromRef,
  chinese,
  badPath,
  fromConfig,
  wrongHook,
];
const WRONG_SECRETS = ["a-wrong-secret", "a-lonely-secret", "a-chinese-secret", "a-secret-of-hook"];

let world: World;
let flakyQQ: Emulator;
let directory: string;
/** What the CLI has said, by command. */
const said = new Map<string, string>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "openclaw-qq-status-"));
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };
  const good = await file("good", `${fromFile.secret}\n`);
  const empty = await file("empty", " \n");
  const closed = `http://127.0.0.1:${await freePort()}`;
  flakyQQ = await createEmulator({ seed: seed([flaky]) });
  world = await openWorld({
    seed: seed(bots),
    env: {
      QQ_BOT_APP_ID: fromEnv.appId,
      QQ_APP_SECRET: fromEnv.secret,
      // Were this to win over the configuration, the default account could not connect.
      QQ_BOT_API_BASE_URL: closed,
      SECRET_OF_TEN: fromRef.secret,
    },
    channel: () => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      accounts: {
        wrong: { appId: wrong.appId, appSecret: "a-wrong-secret" },
        secretless: { appId: secretless.appId },
        idless: { appSecret: "a-lonely-secret" },
        file: { appId: fromFile.appId, appSecretFile: good },
        nofile: { appId: "102000100", appSecretFile: join(directory, "nowhere") },
        emptyfile: { appId: "102000101", appSecretFile: empty },
        blocked: { appId: blocked.appId, appSecret: blocked.secret },
        unreachable: { appId: unreachable.appId, appSecret: unreachable.secret, apiBaseUrl: closed },
        refused: { appId: refused.appId, appSecret: refused.secret },
        lowered: { appId: lowered.appId, appSecret: lowered.secret },
        hook: { appId: hook.appId, appSecret: hook.secret, webhookPath: WEBHOOK_PATH },
        wronghook: { appId: wrongHook.appId, appSecret: "a-secret-of-hook", webhookPath: WEBHOOK_PATH },
        badpath: { appId: badPath.appId, appSecret: badPath.secret, webhookPath: "/readyz" },
        ref: { appId: fromRef.appId, appSecret: { source: "env", provider: "default", id: "SECRET_OF_TEN" } },
        chinese: { appId: chinese.appId, appSecret: "a-chinese-secret", locale: "zh" },
        flaky: { appId: flaky.appId, appSecret: flaky.secret, apiBaseUrl: flakyQQ.url },
      },
    }),
  });
  // Not until the gateway is ready: it says that it is not, while one of its accounts is blocked.
  for (const { appId } of [fromEnv, fromFile, fromRef, lowered]) await world.emulator.waitForSessions(appId, 1, 90_000);
  await flakyQQ.waitForSessions(flaky.appId, 1, 30_000);
  await openCallbacks(world, hook);
  const settled = [
    "wrong",
    "secretless",
    "idless",
    "nofile",
    "emptyfile",
    "refused",
    "badpath",
    "chinese",
    "wronghook",
  ];
  const stopped = (account: string): boolean => world.gateway.log().includes(`[${account}] account stopped`);
  await world.until("those to stop that cannot run", () => settled.every(stopped));
  for (const account of ["blocked", "unreachable"]) {
    await world.until(`${account} to wait`, () => world.gateway.log().includes(`[${account}] line waiting`));
  }
  for (const command of ["channels status --probe", "channels status --json"]) await run(command);
});

afterAll(async () => {
  await world?.close();
  await flakyQQ?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Runs a command of the host's CLI, keeps what it says, and answers it. */
async function run(command: string): Promise<string> {
  const { code, stdout, stderr } = await world.gateway.cli(command.split(" "));
  if (code !== 0) throw new Error(`openclaw ${command} ended with ${code}:\n${stderr}`);
  said.set(command, (said.get(command) ?? "") + stdout + stderr);
  return stdout;
}

/** Lines of what a command said that begin so. */
const linesOf = (command: string, start: string): string[] =>
  (said.get(command) ?? "").split("\n").filter((line) => line.startsWith(start));

interface Snapshot {
  readonly accountId: string;
  readonly connected?: boolean;
  readonly lifecycle?: string;
  readonly lastError?: string | null;
  readonly tokenSource?: string;
  readonly lastConnectedAt?: number;
  readonly lastInboundAt?: number | null;
}

function snapshotIn(json: string, accountId: string): Snapshot {
  const { channelAccounts } = JSON.parse(json) as { channelAccounts: { qq: Snapshot[] } };
  const found = channelAccounts.qq.find((account) => account.accountId === accountId);
  if (!found) throw new Error(`the status does not show ${accountId}`);
  return found;
}

const snapshot = (accountId: string): Snapshot => snapshotIn(said.get("channels status --json") ?? "", accountId);

const PROBE = "channels status --probe";

describe("accounts that work", () => {
  test.each([
    ["default", fromEnv, "env"],
    ["file", fromFile, "file"],
    ["ref", fromRef, "config"],
    ["lowered", lowered, "config"],
    ["hook", hook, "config"],
  ] as const)("A4 A5 A6 B1 B2: %s is connected, names its bot, and answers", async (account, owner, source) => {
    const [line, ...more] = linesOf(PROBE, `- QQ ${account}:`);
    expect(more).toEqual([]);
    for (const word of ["enabled", "configured", "running", "connected", `bot:@${owner.name}`, "works"]) {
      expect(line?.split(", ")).toContain(word === "enabled" ? `- QQ ${account}: enabled` : word);
    }
    expect(line).not.toMatch(/error:|probe failed/);
    expect(linesOf(PROBE, `- qq ${account}:`)).toEqual([]);
    expect(snapshot(account)).toMatchObject({ connected: true, lifecycle: "ready", tokenSource: source });
    expect(snapshot(account).lastError ?? null).toBeNull();
    expect(snapshot(account).lastConnectedAt).toBeGreaterThan(0);
    expect((await world.ask("lin", dm("lin", owner), `hello ${account}`)).text).toContain(`hello ${account}`);
  });
});

describe("accounts that do not", () => {
  const TRACE = /trace [0-9a-f]{32}/;
  const faults: readonly (readonly [account: string, facts: readonly RegExp[]])[] = [
    ["wrong", [/QQ does not accept this bot's AppID or AppSecret; compare both/, /code 100016/, TRACE, /probe failed/]],
    ["wronghook", [/QQ does not accept this bot's AppID or AppSecret/, /code 100016/, TRACE, /probe failed/]],
    ["secretless", [/channels\.qq\.accounts\.secretless\.appSecret is missing: copy the AppSecret/, /probe failed/]],
    ["idless", [/channels\.qq\.accounts\.idless\.appId is missing: copy the AppID/, /probe failed/]],
    ["nofile", [/channels\.qq\.accounts\.nofile\.appSecretFile: the file cannot be read \(ENOENT\); give the path/]],
    ["emptyfile", [/channels\.qq\.accounts\.emptyfile\.appSecretFile: the file is empty; write the AppSecret/]],
    [
      "blocked",
      [/this machine's address; add it at q\.qq\.com/, /code 11298/, /address 127\.0\.0\.1/, TRACE, /probe failed/],
    ],
    ["unreachable", [/no answer from QQ/, /ECONNREFUSED; check the network and apiBaseUrl/, /probe failed/]],
    ["refused", [/no right to group and C2C events; apply for it at q\.qq\.com/, /code 4014/, /works/]],
    ["badpath", [/webhookPath \/readyz is the gateway's own; choose another/, /works/]],
    ["chinese", [/不接受此机器人的 AppID 或 AppSecret；请到 q\.qq\.com/, /code 100016/, TRACE, /probe failed/]],
  ];

  test.each(faults)("A5 A6: %s says in one line what is wrong and what to do", (account, facts) => {
    const lines = linesOf(PROBE, `- QQ ${account}:`);
    expect(lines).toHaveLength(1);
    for (const fact of facts) expect(lines[0]).toMatch(fact);
    const advice = linesOf(PROBE, `- qq ${account}:`);
    expect(advice).toHaveLength(1);
    const [first] = facts;
    if (first) expect(advice[0]).toMatch(first);
  });

  test.each(faults.map(([account]) => account))("A6 C2: %s is not shown as connected", (account) => {
    expect(linesOf(PROBE, `- QQ ${account}:`)[0]).toContain(", disconnected");
    const lifecycle = ["blocked", "unreachable"].includes(account) ? /recovering|starting/ : /blocked/;
    expect(snapshot(account).connected).toBe(false);
    expect(snapshot(account).lifecycle).toMatch(lifecycle);
    expect(snapshot(account).lastError).toBeTruthy();
  });

  test("A6: the gateway goes on, and says that something is not well", async () => {
    expect((await fetch(`${world.gateway.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${world.gateway.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { failing: ["qq"] }]);
  });

  test("C2: a refused intent is given up by name, and the rest goes on", () => {
    const left = "MESSAGE_AUDIT and DIRECT_MESSAGE and PUBLIC_GUILD_MESSAGES and INTERACTION";
    expect(world.gateway.log()).toContain(`[lowered] line ready transport=websocket why="ready, without ${left}"`);
  });

  test("C7: transport and reason of every account stand in the log and in the status", () => {
    const webhooks = new Set(["hook", "wronghook", "badpath"]);
    for (const account of ["default", "file", "ref", "lowered", "hook", ...faults.map(([name]) => name)]) {
      const [transport, why] = webhooks.has(account)
        ? ["webhook", "webhookPath is set"]
        : ["websocket", "appId without webhookPath"];
      const logged = world.gateway.log().split("\n");
      const choice = `[${account}] account transport=${transport} why="${why}"`;
      expect(logged.filter((line) => line.includes(choice))).toHaveLength(1);
      expect(linesOf(PROBE, `- QQ ${account}:`)[0]).toContain(`mode:${transport} (${why})`);
    }
  });
});

describe("the host's other commands", () => {
  test("A6: openclaw status shows the channel, and with --deep what is wrong", async () => {
    expect(await run("status")).toMatch(/│ QQ +│ ON +│/);
    // A cell goes on in the rows below, whose other cells are empty.
    const deep = (await run("status --deep")).replaceAll(/ *│\n│(?: +│)+ */g, " ");
    expect(deep).toMatch(/│ QQ +│ ON +│ WARN +│.*gateway: webhookPath \/readyz is the gateway's own/);
    const all = await run("status --all");
    for (const account of ["wrong", "secretless", "nofile", "blocked", "unreachable", "refused", "badpath"]) {
      expect(all).toContain(`- qq[${account}] runtime: `);
    }
    for (const account of ["default", "file", "ref", "hook"]) expect(all).not.toContain(`- qq[${account}]`);
  });

  test("A6: openclaw gateway status finds the gateway well", async () => {
    expect(await run("gateway status")).toContain("Connectivity probe: ok");
  });

  test("A6 C7: openclaw logs --follow shows the channel, and what happens while it runs", async () => {
    const logFile = join(directory, "follow.log");
    const { directory: cwd, env } = world.gateway;
    const follow = spawnGroup([OPENCLAW, "logs", "--follow", "--plain", "--limit", "500"], { cwd, env, logFile });
    const ups = (): number => readText(logFile).split("[file] line ready").length - 1;
    try {
      await world.until("the channel in the log", () => ups() > 0);
      const before = ups();
      await world.emulator.control.call("fault", { do: "close", bot: fromFile.appId, code: 1006 });
      await world.until("the line to be up again in the log", () => ups() > before);
    } finally {
      await follow.stop(5000);
    }
    said.set("logs --follow", readText(logFile));
    expect(readText(logFile)).toContain('[hook] account transport=webhook why="webhookPath is set"');
  });
});

test("A6 C2: while its QQ is away an account is disconnected, with the reason, and connected again after", async () => {
  const port = Number(new URL(flakyQQ.url).port);
  await flakyQQ.close();
  await world.until("the line to be down", () => world.gateway.log().includes("[flaky] line waiting"));
  const away = snapshotIn(await run("channels status --json"), "flaky");
  expect(away).toMatchObject({ connected: false, lifecycle: expect.stringMatching(/recovering|starting/) as string });
  expect(away.lastError).toMatch(/could not reach 127\.0\.0\.1:\d+|ECONNREFUSED/);
  expect((await world.ask("ming", dm("ming", fromEnv), "and you?")).text).toContain("and you?");

  flakyQQ = await createEmulator({ seed: seed([flaky]), port, idSeed: "another day" });
  await flakyQQ.waitForSessions(flaky.appId, 1, 90_000);
  const up = /\[flaky\] line ready/g;
  await world.until("the line to be up", () => (world.gateway.log().match(up)?.length ?? 0) > 1);
  const back = snapshotIn(await run("channels status --json"), "flaky");
  expect(back).toMatchObject({ connected: true, lifecycle: "ready" });
  expect(back.lastError ?? null).toBeNull();
  expect(back.lastConnectedAt).toBeGreaterThan(away.lastConnectedAt ?? Infinity);
});

test("A4 G5: AppID and secret in the configuration win over the environment, without a restart of the gateway", async () => {
  const { configPath } = world.gateway;
  const config = JSON.parse(await readFile(configPath, "utf8")) as JsonObject;
  const own = { appId: fromConfig.appId, appSecret: fromConfig.secret };
  await writeFile(configPath, JSON.stringify(merge(config, { channels: { qq: own } }), null, 2));
  await world.emulator.waitForSessions(fromConfig.appId, 1, 60_000);
  await world.emulator.waitForSessions(fromEnv.appId, 0, 30_000);
  expect((await world.ask("lin", dm("lin", fromConfig), "hello config")).text).toContain("hello config");
  expect(snapshotIn(await run("channels status --json"), "default").tokenSource).toBe("config");
});

test("G3: no secret and no token in anything that was shown or logged", async () => {
  const secrets = [...bots, flaky].map(({ secret }) => secret).concat(WRONG_SECRETS);
  const tokens = await Promise.all([fromEnv, fromFile, fromRef, lowered, hook, fromConfig].map(tokenOf));
  const log = world.gateway.log() + readText(join(world.gateway.directory, "openclaw.log"));
  const all = [...said.values(), log].join("\n");
  expect(said.size).toBeGreaterThan(5);
  for (const text of [...secrets, ...tokens]) {
    expect(text.length).toBeGreaterThan(8);
    expect(all.includes(text)).toBe(false);
  }
});

/** QQ gives the same token out again while it is good for more than a minute. */
async function tokenOf({ appId, secret }: BotSeed): Promise<string> {
  const response = await fetch(`${world.emulator.url}/app/getAppAccessToken`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ appId, clientSecret: secret }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}
