import { env } from "./src/config/env.ts";
import { legacyConfigRules, moveInOrphans } from "./src/import/doctor.ts";

// The host's doctor loads this file by its name, without the rest of the plugin.
export { legacyConfigRules };

/** Settings that another QQ plugin has left behind become ours. */
export function normalizeCompatibilityConfig<Config extends object>({ cfg }: { readonly cfg: Config }) {
  return moveInOrphans(cfg, env);
}
