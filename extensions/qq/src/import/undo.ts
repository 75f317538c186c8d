import { isDeepStrictEqual } from "node:util";
import type { Backup } from "./backup.ts";
import type { Section } from "./moved.ts";
import { getAt } from "./paths.ts";
import type { Change } from "./plan.ts";

/** What putting things back would do. */
export interface UndoPlan {
  readonly changes: readonly Change[];
  /** Paths that were changed after the import: they are not what it wrote any more. */
  readonly changedSince: readonly string[];
}

/** The changes of a backup, the other way round. */
export function planUndo(cfg: Section, backup: Backup): UndoPlan {
  const changes = backup.changes.map(({ path, before }): Change => {
    const now = getAt(cfg, path);
    return {
      path,
      ...(now !== undefined && { before: now }),
      ...(before !== undefined && { after: before }),
    };
  });
  const changedSince = backup.changes
    .filter(({ path, after }) => !isDeepStrictEqual(getAt(cfg, path), after))
    .map(({ path }) => path.join("."));
  return { changes, changedSince };
}
