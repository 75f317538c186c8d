import { beforeEach, expect, test } from "vitest";
import { watchLogin } from "./login-loss.ts";
import { RunningAccounts } from "./running.ts";
import { openFakeAccount, refusal, type FakeAccount } from "./testing/fake-account.ts";
import { openFakePersonal, wordsOf, type FakePersonal } from "./testing/fake-personal.ts";

const OWNERS = { commands: { ownerAllowFrom: ["qq:20001"] } };

let lost: FakePersonal;
let other: FakePersonal;
let accounts: RunningAccounts;
let seen: ReturnType<typeof watchLogin>;
let over: AbortController;

beforeEach(() => {
  lost = openFakePersonal(4000);
  other = openFakePersonal(4000);
  Object.assign(other.running, { accountId: "other" });
  other.cfg = OWNERS;
  lost.cfg = OWNERS;
  accounts = new RunningAccounts();
  for (const { running } of [lost, other]) accounts.add(running);
  accounts.recognise("default", "10001");
  over = new AbortController();
  const { clock, running } = lost;
  seen = watchLogin({ accountId: "default", accounts, clock, log: running.log, signal: over.signal });
});

const told = (by: FakeAccount): readonly string[] => by.sent.map(wordsOf);
const pass = async (): Promise<void> => await lost.clock.advance(30_000);

test("C4: owners hear through another account that a login is lost, once, and that it is back", async () => {
  for (const state of ["ready", "offline", "waiting", "connecting", "offline"] as const) seen({ state });
  await pass();
  seen({ state: "offline" });
  await pass();
  expect(other.chats).toEqual(["c2c:20001"]);
  expect(told(other)).toEqual([expect.stringContaining("10001 (default) is logged out")]);
  seen({ state: "ready" });
  seen({ state: "ready" });
  await pass();
  expect(told(other).slice(1)).toEqual([expect.stringContaining("10001 (default) is logged in again")]);
  seen({ state: "offline" });
  await pass();
  expect(other.sent).toHaveLength(3);
  expect(lost.sent).toEqual([]);
});

test("C4: a login that is back at once, or an account that is stopped, is worth no message", async () => {
  seen({ state: "offline" });
  seen({ state: "ready" });
  await pass();
  seen({ state: "offline" });
  over.abort();
  await pass();
  expect(other.sent).toEqual([]);
});

test("C4: an official bot tells the owners who have written to it, within its budget", async () => {
  accounts.remove(other.running);
  const bot = openFakeAccount(4000);
  Object.assign(bot.running, { accountId: "bot" });
  bot.cfg = { commands: { ownerAllowFrom: ["qq:U1", "qq:U2"] } };
  accounts.add(bot.running);
  seen({ state: "offline" });
  await pass();
  expect(bot.sent).toEqual([]);
  expect(lost.lines.join("\n")).toContain("owners not told what=loginLost");
  seen({ state: "ready" });
  await pass();
  bot.hear("m1");
  seen({ state: "offline" });
  await pass();
  expect(told(bot)).toEqual([expect.stringContaining("logged out")]);
  bot.platform = () => refusal("quota");
  seen({ state: "ready" });
  await pass();
  expect(bot.sent).toHaveLength(1);
  expect(lost.lines.join("\n")).toContain("owners not told what=loginBack");
});
