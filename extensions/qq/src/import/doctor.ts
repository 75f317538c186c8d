import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { localeOf } from "../texts.ts";
import { asSection, type Section } from "./moved.ts";
import { planImport, type Plan } from "./plan.ts";
import { getAt, withAt } from "./paths.ts";
import { predecessors, sectionOf, type Predecessor } from "./predecessors.ts";
import { say } from "./report-texts.ts";
import { planLines } from "./report.ts";

// Where another plugin's settings stand and that plugin is gone, the host takes the whole configuration for invalid and
// runs no command but its doctor. So the doctor moves them in, by the same plan as `openclaw qq import`. The host calls
// this to look as well as to mend, so nothing is written here; it keeps the file as it was when it writes (openclaw.json.bak).

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

/** Whether nothing that is switched on can be the plugin whose settings these are. */
function isOrphaned(cfg: Section, id: string): boolean {
  const predecessor = predecessors.find((one) => one.id === id);
  if (!predecessor || sectionOf(cfg, predecessor) === undefined) return false;
  const entries = Object.entries(asSection(getAt(cfg, ["plugins", "entries"])) ?? {});
  const isServed = entries.some(([name, entry]) => mayServe(name, predecessor) && getAt(entry, ["enabled"]) !== false);
  return !isServed && !loadPaths(cfg).some((path) => !isOurs(path));
}

/** A plugin may be called anything; one that serves QQ and is neither this one nor one for another section may serve it. */
function mayServe(name: string, { plugins, path }: Predecessor): boolean {
  if (plugins.includes(name)) return true;
  const isKnown = name === "qq" || predecessors.some((one) => one.path !== path && one.plugins.includes(name));
  return !isKnown && /qq|napcat|onebot|lagrange|llbot|tencent/i.test(name);
}

/** What plugins lie there, and which channels they serve, is not known here. */
function loadPaths(cfg: Section): readonly string[] {
  const paths = getAt(cfg, ["plugins", "load", "paths"]);
  return Array.isArray(paths) ? paths.map(String) : [];
}

/** The folder of this very plugin, built or not; a folder around it may hold others. */
function isOurs(path: string): boolean {
  const inside = relative(resolve(path), dirname(fileURLToPath(import.meta.url)));
  return inside === "" || ["dist", "src"].includes(inside.split(sep, 1)[0] ?? "");
}

function lines(plan: Plan, env: Readonly<Record<string, string | undefined>>): string {
  const locale = localeOf(env);
  return [...planLines(plan, locale, false), say.hostKeeps[locale]].join("\n");
}
