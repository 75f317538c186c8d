import { localeOf } from "../texts.ts";
import { asSection, type Section } from "./moved.ts";
import { planImport, type Plan } from "./plan.ts";
import { getAt, withAt } from "./paths.ts";
import { predecessors, sectionOf } from "./predecessors.ts";
import { planLines } from "./report.ts";

// Where another plugin's settings stand and that plugin is gone, the host takes the whole configuration for invalid and
// runs no command but its doctor. So the doctor moves them in, by the same plan as `openclaw qq import`.

const MESSAGE =
  "settings of another QQ plugin stand here: openclaw doctor --fix moves them to channels.qq (此处是其他 QQ 插件的配置，运行 openclaw doctor --fix 可迁移到 channels.qq)";

/** Tells the host's validation what it is that it refuses. */
export const legacyConfigRules = ["qq", "napcat"].map((id) => ({
  path: ["channels", id],
  message: MESSAGE,
  match: (_value: unknown, root: Record<string, unknown>): boolean => isOrphaned(root, id),
}));

/** Moves in what no plugin serves any more; leaves everything else, and every valid configuration, as it is. */
export function moveInOrphans<Config extends object>(
  cfg: Config,
  env: Readonly<Record<string, string | undefined>>,
): { readonly config: Config; readonly changes: string[] } {
  let next: Section = cfg as Section;
  const changes: string[] = [];
  for (const id of ["qq", "napcat"]) {
    if (!isOrphaned(next, id)) continue;
    const plan = planImport(next, { from: id, force: false });
    if (plan.wrong.length > 0) continue;
    for (const { path, after } of plan.changes) next = withAt(next, path, after);
    changes.push(lines(plan, env));
  }
  // The same configuration with other values at the paths of the plan.
  return { config: next as Config, changes };
}

function isOrphaned(cfg: Section, id: string): boolean {
  const predecessor = predecessors.find((one) => one.id === id);
  if (!predecessor || sectionOf(cfg, predecessor) === undefined) return false;
  const entries = asSection(getAt(cfg, ["plugins", "entries"])) ?? {};
  return !predecessor.plugins.some((plugin) => plugin in entries && asSection(entries[plugin])?.["enabled"] !== false);
}

function lines(plan: Plan, env: Readonly<Record<string, string | undefined>>): string {
  const locale = localeOf(env);
  return [...planLines(plan, locale, false)].join("\n");
}
