import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { isConfigured, listAccountIds, resolveAccount, type QQAccount } from "../config/account.ts";
import { env } from "../config/env.ts";
import { localeOf } from "../texts.ts";
import { wizardTexts } from "./texts.ts";

/** The accounts that somebody has set up, complete or not. */
export function configuredAccounts(cfg: OpenClawConfig): readonly QQAccount[] {
  const accounts = listAccountIds(cfg).map((id) => resolveAccount(cfg, id, env, "inspect"));
  return accounts.filter((account) => isConfigured(account));
}

/** An account in a list, in a few words: its name in the configuration, and which bot or address it is. */
export function accountLabel(account: QQAccount): string {
  const { accountId, name } = account;
  const where =
    account.transport === "onebot"
      ? (account.addresses.selfId ??
        account.addresses.wsUrl ??
        account.addresses.httpUrl ??
        account.addresses.reversePath)
      : account.appId;
  return [accountId, [name, account.transport, where].filter((part) => part !== undefined).join(", ")].join(": ");
}

/** What the host's list of channels shows of QQ. */
export function wizardStatus(cfg: OpenClawConfig) {
  const locale = localeOf(env);
  const accounts = configuredAccounts(cfg);
  const configured = accounts.length > 0;
  const lines = configured ? accounts.map(accountLabel) : [wizardTexts.notConfigured[locale]];
  return {
    channel: "qq" as const,
    configured,
    statusLines: lines.map((line) => `QQ: ${line}`),
    selectionHint: configured ? wizardTexts.configured[locale] : wizardTexts.hint[locale],
  };
}
