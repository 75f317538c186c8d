import { chmod, writeFile } from "node:fs/promises";
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
  writeSecret: async (path, secret) => {
    await writeFile(path, `${secret}\n`, { mode: 0o600 });
    // The mode above is for a new file only.
    await chmod(path, 0o600);
  },
};
