import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import type { Env, QQAccount } from "../config/account.ts";
import type { Area, Finding, Level } from "./finding.ts";

/** What a check looks at. */
export interface Checked {
  readonly account: QQAccount;
  /** The account's status; absent when no gateway was asked. */
  readonly snapshot: ChannelAccountSnapshot | undefined;
  readonly cfg: OpenClawConfig;
  readonly env: Env;
}

/** A finding in words. */
export type Told = Required<Pick<Finding, "saw" | "why" | "fix">>;

/** Files a finding under the account that it is about. */
export function find(
  { account }: Pick<Checked, "account">,
  check: string,
  level: Level,
  area: Area,
  told: Told,
): Finding {
  return { check, level, area, accountId: account.accountId, ...told };
}

/** Where the account stands in the configuration, for `fix`. */
export function pathOf({ account, cfg }: Pick<Checked, "account" | "cfg">): string {
  const channel = cfg.channels?.["qq"] as { accounts?: Readonly<Record<string, unknown>> } | undefined;
  const key = Object.keys(channel?.accounts ?? {}).find((name) => name.toLowerCase() === account.accountId);
  return key === undefined ? "channels.qq" : `channels.qq.accounts.${key}`;
}
