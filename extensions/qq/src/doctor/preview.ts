import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { statusFindings } from "../checks/checks.ts";
import { isConfigured, listAccountIds, resolveAccount, type Env, type QQAccount } from "../config/account.ts";
import { hasReference } from "../config/secret-reference.ts";

/** What the host's own `openclaw doctor` prints of this channel: what the configuration alone shows. Empty when all is well. */
export function previewWarnings(cfg: OpenClawConfig, env: Env): string[] {
  return listAccountIds(cfg)
    .map((id) => resolveAccount(cfg, id, env, "inspect"))
    .filter((account) => account.enabled && isConfigured(account))
    .flatMap((account) => {
      // The host resolves no references here: whether one is good only the gateway and `openclaw qq doctor` know.
      const findings = statusFindings({ account, snapshot: undefined, cfg, env });
      return findings
        .filter(({ check }) => check !== "credentials" || !hasReferences(account))
        .map(({ saw, why, fix }) => {
          const parts = [saw, why, fix].flatMap((wording) => wording?.[account.locale] ?? []);
          return `- QQ ${account.accountId}: ${parts.join(account.locale === "zh" ? "；" : "; ")}`;
        });
    });
}

function hasReferences({ config }: QQAccount): boolean {
  return hasReference(config.appSecret) || hasReference(config.accessToken);
}
