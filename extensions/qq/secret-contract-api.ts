import { channelSecrets } from "./src/config/secrets.ts";

// The host loads this file by its name, without the rest of the plugin, to resolve secret references.
export const { secretTargetRegistryEntries, collectRuntimeConfigAssignments } = channelSecrets;
