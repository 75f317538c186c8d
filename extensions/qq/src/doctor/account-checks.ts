import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import type { Finding } from "../checks/finding.ts";
import type { QQAccount } from "../config/account.ts";
import type { Wording } from "../errors.ts";
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

/** What the running gateway says of an account's line. `statuses` is absent when there is no gateway. */
export function checkLine(
  account: QQAccount,
  statuses: readonly ChannelAccountSnapshot[] | undefined,
): readonly Finding[] {
  if (!statuses) return [];
  const subject: Subject = { check: "line", area: "runtime", accountId: account.accountId };
  const status = statuses.find(({ accountId }) => accountId === account.accountId);
  if (!status) return [fault(subject, texts.lineUnknown)];
  if (status.connected === true) return [good(subject, texts.lineUp(status.mode ?? account.transport))];
  return [fault(subject, texts.lineDown(reasonOf(status)))];
}

/** The gateway says it in the account's own language. */
function reasonOf({ lastError, stateReason }: ChannelAccountSnapshot): Wording {
  const told = lastError ?? stateReason;
  return told ? { en: told, zh: told } : { en: "it has not begun", zh: "尚未启动" };
}

/** Answers of an account that wait for their chat. */
export function checkKept(account: QQAccount, journal: JournalView): readonly Finding[] {
  if (journal.kind !== "readable") return [];
  const subject: Subject = { check: "kept-answers", area: "runtime", accountId: account.accountId };
  const parts = journal.kept[account.accountId] ?? 0;
  return [parts === 0 ? good(subject, texts.nothingKept) : warning(subject, texts.kept(parts))];
}
