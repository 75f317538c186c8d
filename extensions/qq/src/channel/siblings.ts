import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { listAccountIds, resolveAccount, type Env } from "../config/account.ts";

/** Whether a QQ number is configured as the `selfId` of another account: one that has not connected yet has not said its own. */
export function isConfiguredElsewhere(cfg: OpenClawConfig, env: Env, accountId: string, userId: string): boolean {
  return listAccountIds(cfg).some((id) => {
    if (id === accountId) return false;
    const account = resolveAccount(cfg, id, env, "inspect");
    return account.transport === "onebot" && account.enabled && account.addresses.selfId === userId;
  });
}
