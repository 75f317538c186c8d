import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import type { Finding } from "../checks/finding.ts";
import { isConfigured, listAccountIds, resolveAccount, type Env, type QQAccount } from "../config/account.ts";
import { checkKept, checkLine, checkSecretFile } from "./account-checks.ts";
import { checkMachine, viewJournal } from "./machine-checks.ts";
import type { JournalView, Machine } from "./machine.ts";
import { machineTexts as texts } from "./machine-texts.ts";
import { checkNames } from "./network-checks.ts";
import { askPlatform } from "./official-checks.ts";
import { askImplementation } from "./onebot-checks.ts";
import { checkHost, checkQuietly } from "./passive-checks.ts";
import { checkPlugins } from "./plugin-checks.ts";
import { fault, good, warning } from "./telling.ts";
import { publicUrlOf, testWebhook } from "./webhook-self-test.ts";

/**
 * The checks that look outside, beside the passive ones of `checks/checks.ts`. Not all of them apply to each account.
 *
 * Of the machine:
 * - `host`, `node-version`: versions that OpenClaw and this plugin need
 * - `journal`, `disk-space`: whether what must survive a crash can be kept
 * - `gateway`: whether the gateway of this configuration answers
 * - `other-qq-plugins`: predecessors that are still on
 * - `dns`, `fake-ip`: where the names lead that the accounts call
 * - `accounts`: nobody is configured
 *
 * Of each account:
 * - `line`: what the running gateway says of it
 * - `secret-file`: who can read it
 * - `kept-answers`: answers that wait for their chat
 *
 * Of official bots:
 * - `platform`, `token`, `bot-profile`, `ip-allow-list`: the calls every bot needs
 * - `gateway-address`, `session-limit`: only without a webhook
 * - `clock`: this machine's against QQ's
 * - `webhook-validation`, `webhook-event`: the self-test on the gateway; with `--public-url` also `webhook-public-address`,
 *   `webhook-public-validation`, `webhook-public-event`
 *
 * Of personal accounts:
 * - `napcat-http`, `napcat-access`, `napcat-socket`, `napcat-socket-access`: both servers, and whether they take the token
 * - `napcat-login`, `napcat-account`: whether it is logged in, and as whom
 * - `napcat-software`, `napcat-format`: which implementation, and how it writes messages
 */

/** What is to be looked at. */
export interface Question {
  /** With its secrets resolved, as far as they can be here. */
  readonly cfg: OpenClawConfig;
  readonly env: Env;
  /** As the host writes account ids. All accounts when absent. */
  readonly accountId?: string;
  /** Where QQ reaches the gateway, with an account's webhookPath or without. */
  readonly publicUrl?: URL;
  /** Longest wait for one answer, ms. */
  readonly timeoutMs: number;
}

/** All findings: those of the machine first, then account by account. */
export async function diagnose(machine: Machine, question: Question): Promise<readonly Finding[]> {
  const { cfg, env, accountId, timeoutMs } = question;
  const accounts = listAccountIds(cfg)
    .map((id) => resolveAccount(cfg, id, env, "inspect"))
    .filter((account) => accountId === undefined || account.accountId === accountId)
    .filter((account) => isConfigured(account));
  const gateway = await askGateway(machine, timeoutMs);
  const journal = await viewJournal(machine);
  const inUse = accounts.filter(({ enabled }) => enabled);
  const [ofMachine, names, ...ofAccounts] = await Promise.all([
    checkMachine(machine, journal),
    checkNames(machine, inUse),
    ...accounts.map(async (account) => await checkAccount({ machine, question, account, journal, ...gateway })),
  ]);
  const none = accounts.length === 0 ? [warning({ check: "accounts", area: "config" }, texts.nothingConfigured)] : [];
  const ofHost = [...checkHost(machine.hostVersion), ...ofMachine, gateway.finding, checkPlugins(cfg)];
  return [...ofHost, ...names, ...none, ...ofAccounts.flat()];
}

interface Gateway {
  readonly finding: Finding;
  /** Absent when no gateway answers. */
  readonly statuses?: readonly ChannelAccountSnapshot[];
}

async function askGateway(machine: Machine, timeoutMs: number): Promise<Gateway> {
  const subject = { check: "gateway", area: "runtime" } as const;
  try {
    const statuses = await machine.accountStatuses(timeoutMs);
    return { finding: good(subject, texts.gatewayUp(machine.gatewayUrl)), statuses };
  } catch (error) {
    // The first line: the host's own advice follows it.
    const why = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    return { finding: fault(subject, texts.gatewayDown(machine.gatewayUrl, why)) };
  }
}

interface AccountCase {
  readonly machine: Machine;
  readonly question: Question;
  readonly account: QQAccount;
  readonly journal: JournalView;
  readonly statuses?: readonly ChannelAccountSnapshot[];
}

async function checkAccount(asked: AccountCase): Promise<readonly Finding[]> {
  const { machine, account, journal, statuses } = asked;
  const { cfg, env } = asked.question;
  const { accountId } = account;
  if (!account.enabled) return [good({ check: "line", area: "config", accountId }, texts.accountOff)];
  const snapshot = statuses?.find((status) => status.accountId === accountId);
  const quiet = checkQuietly({ account, snapshot, cfg, env });
  const outside = account.credentials.ok ? await askOutside(asked) : [];
  const errors = new Set([...quiet, ...outside].filter(({ level }) => level === "error").map(({ check }) => check));
  const known = new Set(quiet.filter(({ level }) => level !== "ok").map(({ check }) => check));
  return [
    ...quiet.filter((finding) => !isExplained(finding, errors, account)).map((finding) => eased(finding, outside)),
    ...checkLine(account, statuses),
    ...(await checkSecretFile(machine, account)),
    ...checkKept(account, journal),
    ...outside.filter(({ check }) => !known.has(check)),
  ];
}

/** The checks of what a line needs to come up, by road. */
const NEEDED: Readonly<Record<QQAccount["transport"], readonly string[]>> = {
  websocket: ["credentials", "platform", "token", "ip-allow-list", "gateway-address"],
  webhook: ["credentials", "token"],
  onebot: ["credentials", "napcat-socket", "napcat-socket-access", "napcat-account"],
};

/** One cause is told once: what the running line says of itself is left out where a check has found why. */
function isExplained({ check }: Finding, errors: ReadonlySet<string>, { transport }: QQAccount): boolean {
  if (check === "line") return NEEDED[transport].some((needed) => errors.has(needed));
  return (check === "napcat-offline" || check === "napcat-deaf") && errors.has("napcat-login");
}

/** Anybody can send forged callbacks: they are no fault where one that is signed with the account's secret is taken. */
function eased(finding: Finding, outside: readonly Finding[]): Finding {
  const isTaken = outside.some(({ check, level }) => /^webhook-(public-)?event$/.test(check) && level === "ok");
  return finding.check === "webhook-signature" && isTaken ? { ...finding, level: "warning" } : finding;
}

async function askOutside({ machine, question, account, statuses }: AccountCase): Promise<readonly Finding[]> {
  const { outside } = machine;
  const { timeoutMs, publicUrl } = question;
  if (account.transport === "onebot") return await askImplementation(account, outside, timeoutMs);
  const platform = askPlatform(account, outside, timeoutMs);
  if (account.transport !== "webhook") return await platform;
  const isUp = statuses?.find(({ accountId }) => accountId === account.accountId)?.connected === true;
  const local = `${machine.gatewayUrl}${account.webhookPath}`;
  const tests = [
    // Without a gateway, or while the line is down, there is nothing to test, and one finding says so.
    ...(isUp ? [{ road: "local", url: local, timeoutMs } as const] : []),
    ...(publicUrl ? [{ road: "public", url: publicUrlOf(publicUrl, account.webhookPath), timeoutMs } as const] : []),
  ];
  const tested = await Promise.all(tests.map(async (test) => await testWebhook(account, outside, test)));
  return [...(await platform), ...tested.flat()];
}
