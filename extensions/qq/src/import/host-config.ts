import { mutateConfigFile, readConfigFileSnapshotForWrite } from "openclaw/plugin-sdk/config-mutation";
import type { Section } from "./moved.ts";
import { withAt } from "./paths.ts";
import type { Change } from "./plan.ts";

/** The host's configuration as its author wrote it: `${NAME}` is not replaced, defaults are not filled in. */
export async function readAuthored(): Promise<Section> {
  const { snapshot } = await readConfigFileSnapshotForWrite();
  return (snapshot.authoredConfig ?? snapshot.parsed ?? {}) as Section;
}

/** Writes changes through the host, which checks the whole result first, keeps a copy of the file and reloads. */
export async function writeChanges(changes: readonly Change[]): Promise<void> {
  await mutateConfigFile({
    base: "source",
    afterWrite: { mode: "auto" },
    writeOptions: { allowConfigSizeDrop: true },
    mutate(draft) {
      let next: Section = { ...draft };
      for (const { path, after } of changes) next = withAt(next, path, after);
      // The host hands out a draft of its own type, to be changed in place.
      const target = draft as Record<string, unknown>;
      for (const [key] of changes.map(({ path }) => path)) if (key !== undefined) target[key] = next[key];
    },
  });
}
