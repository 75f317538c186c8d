// One gateway with a fault in almost every account: `channels status --probe`, or `qq doctor`, names the cause and the fix of each.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../demo/config.ts";
import { freePort, ROOT } from "../../demo/host.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { AccountSeed, BotSeed } from "../../emulator/seed.ts";
import { deriveCallbackKeys, signCallback } from "../../extensions/qq/src/protocol/official/signature.ts";
import { faults, right, SIBLING_APP_ID, type Fault, type Places } from "./misconfigurations.ts";
import { account, bot, group, lineTo, openWorld, personalDm, seed, type World } from "./support.ts";

/** Where nothing is wrong. */
const fine = bot(2);
const bots = new Map(
  faults.flatMap((each, at): [string, BotSeed][] => (each.bot ? [[each.name, bot(10 + at, each.bot)]] : [])),
);
const napcats = new Map(
  faults.flatMap((each, at): [string, AccountSeed][] =>
    each.napcat ? [[each.name, account(10 + at, each.napcat)]] : [],
  ),
);

interface Issue {
  readonly accountId: string;
  readonly message: string;
  readonly fix?: string;
}

interface Told {
  readonly accountId?: string;
  readonly check: string;
  readonly level: string;
  readonly saw: { readonly en: string };
  readonly why?: { readonly en: string };
  readonly fix?: { readonly en: string };
}

let world: World;
let directory: string;
let issues: readonly Issue[];
let findings: readonly Told[];
let audit: readonly { readonly checkId: string; readonly title: string }[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "openclaw-qq-misconfigured-"));
  await writeFile(join(directory, "empty"), " \n");
  const places = { closed: `http://127.0.0.1:${await freePort()}`, directory };
  const all = seed([right, fine, ...bots.values()]);
  const sibling = await writeSibling();
  world = await openWorld({
    seed: { ...all, accounts: [...napcats.values()] },
    env: { LC_ALL: "C" },
    config: {
      plugins: {
        allow: ["qq", "qqbot"],
        load: { paths: [join(ROOT, "extensions", "qq"), sibling] },
        entries: { qqbot: { enabled: true } },
      },
      channels: { qqbot: { appId: SIBLING_APP_ID, allowFrom: ["0123456789ABCDEF0123456789ABCDEF"] } },
    },
    channel: (emulator) => ({
      accounts: {
        right: { appId: right.appId, appSecret: right.secret },
        fine: { appId: fine.appId, appSecret: fine.secret },
        ...Object.fromEntries(faults.map((each) => [each.name, entryOf(each, emulator, places)])),
      },
    }),
  });
  await world.emulator.waitForSessions(fine.appId, 1, 90_000);
  await showThemselves();
  const [status, doctor, security] = await Promise.all([
    run("channels status --probe --json"),
    run("qq doctor --json", [0, 1]),
    run("security audit --json"),
  ]);
  issues = (JSON.parse(status) as { statusIssues: Issue[] }).statusIssues;
  findings = (JSON.parse(doctor) as { checks: Told[] }).checks;
  audit = (JSON.parse(security) as { findings: { checkId: string; title: string }[] }).findings;
}, 240_000);

afterAll(async () => {
  await world?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Another plugin that serves QQ, as far as the configuration shows it. */
async function writeSibling(): Promise<string> {
  const root = join(directory, "sibling");
  await mkdir(root);
  const named = { id: "qqbot", name: "qqbot", description: "another plugin", version: "1.0.0" };
  const nothing = { type: "object", additionalProperties: false, properties: {} };
  const anything = { label: "qqbot", schema: { type: "object", additionalProperties: true } };
  const files = {
    "openclaw.plugin.json": {
      ...named,
      channels: ["qqbot"],
      configSchema: nothing,
      channelConfigs: { qqbot: anything },
    },
    "package.json": {
      name: "another-plugin",
      version: "1.0.0",
      type: "module",
      openclaw: { extensions: ["./index.js"], channel: { id: "qqbot", label: "qqbot" } },
    },
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), JSON.stringify(content));
  await writeFile(join(root, "index.js"), 'export default { id: "qqbot", name: "qqbot", register() {} };');
  return root;
}

function entryOf(each: Fault, emulator: Emulator, places: Places): JsonObject {
  const ownBot = bots.get(each.name);
  const napcat = napcats.get(each.name);
  const own = ownBot
    ? { appId: ownBot.appId, appSecret: ownBot.secret }
    : napcat
      ? { ...lineTo(emulator, napcat) }
      : {};
  return each.entry?.(own, places) ?? own;
}

/** Lets each fault happen that somebody has to bring about, and waits until every one has shown. */
async function showThemselves(): Promise<void> {
  const log = (): readonly string[] => world.gateway.log().split("\n");
  const ready = (name: string): boolean => log().some((line) => line.includes(`[${name}] line ready`));
  const hooks = ["never-called", "bad-signature", "wrong-bot", "unsigned", "clock-off"];
  await world.until(
    "the lines that can be up",
    () => [...hooks, "only-mentions", "less-intents", "logged-out", "cq-strings"].every(ready),
    60_000,
  );
  await callBack("bad-signature", "/qq-forged", { secret: "the-secret-of-before" });
  await callBack("wrong-bot", "/qq-foreign", { appId: "102888888" });
  await callBack("unsigned", "/qq-unsigned", { unsigned: true });
  // One alone might be somebody's recording.
  await callBack("clock-off", "/qq-late", { lateSeconds: 412 });
  await callBack("clock-off", "/qq-late", { lateSeconds: 413 });
  const napcat = napcats.get("logged-out");
  await world.emulator.control.call("fault", { do: "napcat", account: napcat?.uin ?? "", what: "kick" });
  const cq = napcats.get("cq-strings");
  if (cq) await world.ask("lin", personalDm("lin", cq), "hello");
  const mentioned = bots.get("only-mentions")?.appId ?? "";
  await world.ask("lin", group("one"), "hello", { mention: [mentioned] });
  for (const { name, shown } of faults) {
    if (shown)
      await world.until(`${name} to show`, () => log().some((line) => line.includes(`[${name}]`) && shown.test(line)));
  }
}

interface Callback {
  readonly secret?: string;
  readonly appId?: string;
  readonly unsigned?: boolean;
  readonly lateSeconds?: number;
}

/** Calls the gateway as QQ does, but for what is wrong with it; it refuses that. */
async function callBack(name: string, path: string, wrong: Callback): Promise<void> {
  const own = bots.get(name) ?? right;
  const body = JSON.stringify({ op: 0, id: "X:1", t: "C2C_MESSAGE_CREATE", d: {} });
  const timestamp = String(Math.floor(Date.now() / 1000) - (wrong.lateSeconds ?? 0));
  const signature = signCallback(deriveCallbackKeys(wrong.secret ?? own.secret), timestamp, body);
  const response = await fetch(`${world.gateway.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-bot-appid": wrong.appId ?? own.appId,
      ...(!wrong.unsigned && { "x-signature-ed25519": signature, "x-signature-timestamp": timestamp }),
    },
    body,
  });
  expect(response.status).toBe(401);
}

async function run(command: string, codes: readonly number[] = [0]): Promise<string> {
  const { code, stdout, stderr } = await world.gateway.cli(command.split(" "));
  if (!codes.includes(code ?? -1)) throw new Error(`openclaw ${command} ended with ${code}:\n${stderr}\n${stdout}`);
  return stdout.slice(stdout.indexOf("{"));
}

const statusOf = (name: string): readonly Issue[] => issues.filter(({ accountId }) => accountId === name);
const doctorOf = (name: string): readonly Told[] =>
  findings.filter(({ accountId, level }) => accountId === name && level !== "ok");

test("there are 25 of them and more", () => {
  expect(faults.length).toBeGreaterThanOrEqual(25);
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
});

describe("A6: channels status --probe names the cause and the fix", () => {
  test.each(faults.filter(({ where }) => where === "status"))("$name", ({ name, cause, fix, inOneLine }) => {
    const found = statusOf(name).find(({ message }) => cause.test(message));
    expect(found, JSON.stringify(statusOf(name))).toBeDefined();
    expect(inOneLine ? found?.message : found?.fix).toMatch(fix);
  });

  test("nothing is said of what is right", () => {
    expect(statusOf("fine")).toEqual([]);
  });
});

describe("A6: qq doctor names the cause and the fix, and each cause once", () => {
  test.each(faults)("$name", ({ name, cause, fix, inOneLine, checks, inDoctor }) => {
    const found = doctorOf(name);
    expect(found.map(({ check }) => check).toSorted(), JSON.stringify(found)).toEqual(checks.toSorted());
    const named = found.find(({ check }) => check === checks[0]);
    const words = `${named?.saw.en}; ${named?.why?.en}`;
    expect(words).toMatch(inDoctor?.cause ?? cause);
    expect(inOneLine && !inDoctor ? words : named?.fix?.en).toMatch(inDoctor?.fix ?? fix);
  });

  test("nothing is found wrong with what is right", () => {
    expect(doctorOf("fine")).toEqual([]);
    expect(findings.filter(({ accountId }) => accountId === "fine").length).toBeGreaterThan(10);
  });
});

const ofOurs = (): readonly string[] =>
  audit.filter(({ checkId }) => checkId.startsWith("channels.qq.")).map(({ checkId, title }) => `${checkId} ${title}`);

describe("D6: security audit", () => {
  test("names open groups, open NapCats, and what goes in plain text", () => {
    for (const [check, name] of [
      ["open-groups", "open-groups"],
      ["napcat-token", "open-port"],
      ["plain-address", "plain-text"],
    ] as const) {
      expect(ofOurs().some((line) => line.startsWith(`channels.qq.${check} QQ ${name}: `))).toBe(true);
    }
  });

  test("says open DMs once, in the host's own words, and nothing of an account that is closed", () => {
    expect(ofOurs().filter((line) => line.startsWith("channels.qq.dm.open "))).toHaveLength(1);
    expect(ofOurs().some((line) => line.includes("open-dms ") && line.startsWith("channels.qq.open-"))).toBe(false);
    expect(ofOurs().filter((line) => line.includes("QQ fine:"))).toEqual([]);
  });
});
