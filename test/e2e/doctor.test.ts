// One gateway with accounts of every kind, some of them broken: `openclaw qq doctor` says of each what is wrong and what to do.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../demo/config.ts";
import { freePort, OPENCLAW } from "../../demo/host.ts";
import { runGroup, type CommandResult } from "../../demo/process.ts";
import type { Finding } from "../../extensions/qq/src/checks/finding.ts";
import type { JsonReport } from "../../extensions/qq/src/doctor/report.ts";
import { account, bot, lineTo, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const fine = bot(1);
const hook = bot(2);
const wrong = bot(3);
const blocked = bot(4, { ipAllowed: false });
const fromRef = bot(5);
const home = account(1);
const kicked = account(2);
const locked = account(3);

let world: World;
let closed: string;
/** What the commands have said. All are run at once: each takes some seconds before it does anything. */
let all: CommandResult;
let chinese: CommandResult;
let one: CommandResult;
let nobody: CommandResult;
let report: JsonReport;

beforeAll(async () => {
  closed = `http://127.0.0.1:${await freePort()}`;
  world = await openWorld({
    seed: { ...seed([fine, hook, wrong, blocked, fromRef]), accounts: [home, kicked, locked] },
    env: { SECRET_OF_FIVE: fromRef.secret },
    channel: (emulator) => ({
      appId: fine.appId,
      appSecret: fine.secret,
      accounts: {
        hook: { appId: hook.appId, appSecret: hook.secret, webhookPath: WEBHOOK_PATH },
        wrong: { appId: wrong.appId, appSecret: "a-wrong-secret" },
        blocked: { appId: blocked.appId, appSecret: blocked.secret },
        ref: { appId: fromRef.appId, appSecret: { source: "env", provider: "default", id: "SECRET_OF_FIVE" } },
        fileless: { appId: "102000100", appSecretFile: "/nowhere/secret" },
        home: { ...lineTo(emulator, home), selfId: home.uin },
        kicked: lineTo(emulator, kicked),
        locked: { ...lineTo(emulator, locked), accessToken: "another-token-of-16" },
        away: { httpUrl: closed, wsUrl: closed.replace("http", "ws"), accessToken: "a-token-of-16-chars" },
      } satisfies JsonObject,
    }),
  });
  for (const { appId } of [fine, fromRef]) await world.emulator.waitForSessions(appId, 1, 90_000);
  await world.until("the account at home", () => world.gateway.log().includes("[home] line ready"));
  await openCallbacks(world, hook);
  await world.emulator.control.call("fault", { do: "napcat", account: kicked.uin, what: "kick" });
  const { gateway } = world;
  const doctor = ["qq", "doctor", "--timeout", "5000"];
  [all, chinese, one, nobody] = await Promise.all([
    gateway.cli([...doctor, "--json", "--public-url", gateway.url]),
    inChinese([...doctor, "--account", "wrong"]),
    gateway.cli([...doctor, "--account", "hook"]),
    gateway.cli([...doctor, "--account", "nobody"]),
  ]);
  report = JSON.parse(all.stdout) as JsonReport;
});

afterAll(async () => await world?.close());

async function inChinese(args: readonly string[]): Promise<CommandResult> {
  const { directory, env } = world.gateway;
  const chineseEnv = { ...env, OPENCLAW_LOCALE: "zh-CN" };
  return await runGroup([OPENCLAW, ...args], { cwd: directory, env: chineseEnv }, AbortSignal.timeout(60_000));
}

/** What is wrong with an account, by the names of the checks. */
const wrongWith = (accountId: string): readonly string[] =>
  report.checks.filter((found) => found.accountId === accountId && found.level === "error").map(({ check }) => check);

const findingOf = (accountId: string, check: string): Finding | undefined =>
  report.checks.find((found) => found.accountId === accountId && found.check === check);

test("A6: with --json nothing else is on stdout, errors end with 1, and warnings alone would not", () => {
  expect(all.code).toBe(1);
  expect(Object.keys(report)).toEqual(["ok", "counts", "checks"]);
  expect(report.ok).toBe(false);
  expect(report.counts.error).toBe(report.checks.filter(({ level }) => level === "error").length);
  expect(new Set(report.checks.map(({ check }) => check)).size).toBeGreaterThanOrEqual(20);
});

test("A6: nothing is wrong with an account that works, on each of the three roads", () => {
  expect(wrongWith("default")).toEqual([]);
  expect(wrongWith("ref")).toEqual([]);
  expect(wrongWith("home")).toEqual([]);
  expect(findingOf("default", "bot-profile")?.saw.en).toContain(fine.name);
  expect(findingOf("home", "napcat-login")?.saw.en).toContain(home.uin);
  for (const name of ["default", "ref", "home", "hook"]) expect(findingOf(name, "line")?.level).toBe("ok");
});

test("A6 C3: the webhook answers its self-test on the running gateway, and plain HTTP is no address for QQ", () => {
  expect(findingOf("hook", "webhook-validation")?.level).toBe("ok");
  expect(findingOf("hook", "webhook-event")?.level).toBe("ok");
  expect(wrongWith("hook")).toEqual(["webhook-public-address"]);
  expect(world.gateway.log()).not.toContain("OPENCLAW_SELF_TEST");
});

test("A6: each broken account is named with its cause and its cure", () => {
  expect(wrongWith("wrong")).toContain("token");
  expect(findingOf("wrong", "token")?.saw.en).toContain("code 100016");
  expect(findingOf("blocked", "ip-allow-list")?.saw.en).toMatch(/127\.0\.0\.1.*code 11298/);
  expect(findingOf("fileless", "credentials")?.saw.en).toContain("channels.qq.accounts.fileless.appSecretFile");
  expect(wrongWith("kicked")).toContain("napcat-login");
  expect(wrongWith("locked")).toEqual(expect.arrayContaining(["napcat-access", "napcat-socket-access"]));
  expect(wrongWith("away")).toEqual(expect.arrayContaining(["napcat-http", "napcat-socket"]));
  for (const found of report.checks.filter(({ level }) => level !== "ok")) {
    // What a line says of itself stands in the account's own language.
    const saw = /^(?:line|napcat-offline|napcat-deaf)$/.test(found.check) ? [] : [found.saw];
    for (const wording of [...saw, found.why, found.fix]) {
      expect(wording?.en).toBeTruthy();
      expect(wording?.zh).toMatch(/\p{Script=Han}/u);
    }
  }
});

test("A6: one account alone, in English, ends with 0 when it has no errors", () => {
  expect(one.stdout).toContain("Account hook");
  expect(one.stdout).not.toContain("Account default");
  expect(one.stdout).toMatch(/ok {4}webhook-validation .* the right signature/);
  expect(one.code).toBe(0);
});

test("A6: it speaks Chinese where the host does", () => {
  expect(chinese.code).toBe(1);
  expect(chinese.stdout).toContain("账号 wrong");
  expect(chinese.stdout).toMatch(/错误 {2}token .*code 100016/);
  expect(chinese.stdout).toMatch(/解决：.*AppSecret/);
});

test("A6: an account that is not there ends with 2, and its name is said", () => {
  expect(nobody.code).toBe(2);
  expect(nobody.stderr).toContain("there is no QQ account nobody; give --account one of: ");
});

test("G3: no secret and no token in anything that was said", () => {
  const said = [all, chinese, one, nobody].map(({ stdout, stderr }) => stdout + stderr).join("\n");
  const secrets = [fine, hook, wrong, blocked, fromRef].map(({ secret }) => secret);
  for (const secret of [...secrets, home.token ?? "", kicked.token ?? "", "a-wrong-secret", "another-token-of-16"])
    expect(said.includes(secret)).toBe(false);
});
