import { mutateConfigFile, readConfigFileSnapshotForWrite } from "openclaw/plugin-sdk/config-mutation";
import type { BindConfig } from "./bind-run.ts";

/** The host's configuration file, written the way the host's own commands write it. */
export const hostConfig: BindConfig = {
  read: async () => (await readConfigFileSnapshotForWrite()).snapshot.sourceConfig,
  change: async (change) => {
    const { nextConfig } = await mutateConfigFile({
      base: "source",
      afterWrite: { mode: "auto" },
      mutate: (draft) => void Object.assign(draft, change(draft)),
    });
    return nextConfig;
  },
  hasFile: async (path) => await (await import("./secret-file.ts")).hasFile(path),
  writeSecret: async (path, secret) => await (await import("./secret-file.ts")).writeSecretFile(path, secret),
};
