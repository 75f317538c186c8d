import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import type { Finding } from "../checks/finding.ts";
import type { QQAccount } from "../config/account.ts";
import type { JournalView, Machine } from "./machine.ts";
import { machineTexts as texts } from "./machine-texts.ts";
import { fault, good, warning, type Subject } from "./telling.ts";

/** Others may read it (the last bit of "group" and "others" of a Unix mode). */
const READABLE_BY_OTHERS = 0o004;

/** Who can read the file that an account's secret is in. */
export async function checkSecretFile(machine: Machine, account: QQAccount): Promise<readonly Finding[]> {
  const key = account.transport === "onebot" ? "tokenFile" : "appSecretFile";
  const path = account.config[key];
  if (account.secretSource !== "file" || path === undefined) return [];
  const mode = await machine.fileMode(path).catch(() => undefined);
  if (mode === undefined) return [];
  const subject: Subject = { check: "secret-file", area: "permissions", accountId: account.accountId };
  return (mode & READABLE_BY_OTHERS) === 0
    ? [good(subject, texts.secretFile)]
    : [warning(subject, texts.secretFileOpen(key, path))];
}

/**
 * `line` where the gateway that runs does not know the account, or its line is up; what else it says is told by
 * `checks/running.ts`. `statuses` is absent when there is no gateway.
 */
export function checkLine(
  account: QQAccount,
  statuses: readonly ChannelAccountSnapshot[] | undefined,
): readonly Finding[] {
  if (!statuses) return [];
  const subject: Subject = { check: "line", area: "runtime", accountId: account.accountId };
  const status = statuses.find(({ accountId }) => accountId === account.accountId);
  if (!status) return [fault(subject, texts.lineUnknown)];
  if (status.connected !== true || status.lastError) return [];
  return [good(subject, texts.lineUp(status.mode ?? account.transport))];
}

/** Answers of an account that wait for their chat. */
export function checkKept(account: QQAccount, journal: JournalView): readonly Finding[] {
  if (journal.kind !== "readable") return [];
  const subject: Subject = { check: "kept-answers", area: "runtime", accountId: account.accountId };
  const parts = journal.kept[account.accountId] ?? 0;
  return [parts === 0 ? good(subject, texts.nothingKept) : warning(subject, texts.kept(parts))];
}
