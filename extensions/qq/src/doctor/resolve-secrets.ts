import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { resolveCommandSecretRefsViaGateway } from "openclaw/plugin-sdk/runtime";
import { hasReference } from "../config/secret-reference.ts";
import { channelSecrets } from "../config/secrets.ts";

/** The configuration with its secret references resolved, by the gateway or here; one that cannot be is left as it is. */
export async function resolveSecrets(cfg: OpenClawConfig): Promise<OpenClawConfig> {
  if (!hasReference(cfg.channels?.["qq"])) return cfg;
  try {
    const { resolvedConfig } = await resolveCommandSecretRefsViaGateway({
      config: cfg,
      commandName: "qq doctor",
      targetIds: new Set(channelSecrets.secretTargetRegistryEntries.map(({ id }) => id)),
      mode: "read_only_status",
      scrubUnresolvedSecretRefs: false,
    });
    return resolvedConfig;
  } catch {
    return cfg;
  }
}
