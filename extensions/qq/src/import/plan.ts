import { isDeepStrictEqual } from "node:util";
import { fit } from "./fit.ts";
import { asSection, type Section } from "./moved.ts";
import { getAt, withAt, type Path } from "./paths.ts";
import { place, type PlacedFate } from "./place.ts";
import { ownPart, predecessors, sectionOf, type Predecessor } from "./predecessors.ts";
import { readSection } from "./rules.ts";

export interface PlanOptions {
  /** Only this predecessor; all that are found when absent. */
  readonly from?: string | undefined;
  /** Account of `channels.qq` for the old default account. */
  readonly account?: string | undefined;
  /** Overwrites accounts that are set up already. */
  readonly force: boolean;
}

/** One predecessor's part of the plan. */
export interface PlannedMove {
  readonly predecessor: Predecessor;
  readonly fates: readonly PlacedFate[];
  /** Accounts that are set up already; where there are any, nothing of this predecessor is moved. */
  readonly conflicts: readonly string[];
  /** Plugins that are switched off, so that two do not fight for one bot. */
  readonly disabled: readonly string[];
  /** How many entries of `bindings` name our channel now. */
  readonly bindings: number;
}

/** A value of the configuration before and after, by its path; absent where there is nothing. */
export interface Change {
  readonly path: Path;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface Plan {
  readonly moves: readonly PlannedMove[];
  /** What is written, and nothing else is. */
  readonly changes: readonly Change[];
  /** What the schema refuses of the result; with anything here nothing may be written. */
  readonly wrong: readonly string[];
}

/** What moving in would do to a configuration. Changes nothing itself. */
export function planImport(cfg: Section, options: PlanOptions): Plan {
  let next: Section = cfg;
  const moves: PlannedMove[] = [];
  const wrong: string[] = [];
  for (const predecessor of predecessors) {
    if (options.from !== undefined && options.from !== predecessor.id) continue;
    const section = sectionOf(next, predecessor);
    if (section === undefined) continue;
    const moved = readSection(section, predecessor.path.join("."), predecessor.reading);
    const existing = ownPart(asSection(getAt(next, QQ)), predecessor);
    const { account, force } = options;
    const placed = place(existing, moved, { account, force, fallback: predecessor.id });
    if (placed.conflicts.length > 0) {
      moves.push({ predecessor, fates: [], conflicts: placed.conflicts, disabled: [], bindings: 0 });
      continue;
    }
    const fitted = fit(placed.channel, placed.fates);
    wrong.push(...moved.wrong, ...fitted.wrong);
    const done = retire(withAt(next, QQ, fitted.channel), predecessor);
    moves.push({ predecessor, fates: fitted.fates, conflicts: [], ...done.told });
    next = done.cfg;
  }
  return { moves, wrong, changes: changesOf(cfg, next, moves) };
}

const QQ: Path = ["channels", "qq"];
const BINDINGS: Path = ["bindings"];

/** Takes the predecessor out of the configuration. */
function retire(cfg: Section, { id, path, channel, plugins }: Predecessor) {
  let next = id === "qq" ? cfg : withAt(cfg, path, undefined);
  const disabled = plugins.filter((plugin) => asSection(getAt(next, entryOf(plugin)))?.["enabled"] !== undefined);
  for (const plugin of disabled) next = withAt(next, [...entryOf(plugin), "enabled"], false);
  const bindings = renamed(getAt(next, BINDINGS), channel);
  if (bindings.count > 0) next = withAt(next, BINDINGS, bindings.list);
  return { cfg: next, told: { disabled, bindings: bindings.count } };
}

/** Rules that send a chat of the old channel to an agent send the same chat of ours there. */
function renamed(bindings: unknown, channel: string): { readonly list: readonly unknown[]; readonly count: number } {
  const old = Array.isArray(bindings) ? (bindings as readonly unknown[]) : [];
  const isOld = (entry: unknown): boolean => getAt(entry, ["match", "channel"]) === channel && channel !== "qq";
  const list = old.map((entry) => (isOld(entry) ? withAt(asSection(entry) ?? {}, ["match", "channel"], "qq") : entry));
  return { list, count: old.filter(isOld).length };
}

function changesOf(cfg: Section, next: Section, moves: readonly PlannedMove[]): readonly Change[] {
  const plugins = moves.flatMap(({ disabled }) => disabled.map(entryOf));
  const paths = [QQ, ...moves.map(({ predecessor }) => predecessor.path), ...plugins, BINDINGS];
  const inner = (path: Path): boolean => paths.some((other) => other !== path && isBelow(path, other));
  return paths
    .filter((path, index) => !inner(path) && paths.findIndex((other) => isDeepStrictEqual(other, path)) === index)
    .map((path) => change(path, getAt(cfg, path), getAt(next, path)))
    .filter(({ before, after }) => !isDeepStrictEqual(before, after));
}

function change(path: Path, before: unknown, after: unknown): Change {
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function isBelow(path: Path, other: Path): boolean {
  return path.length > other.length && other.every((key, index) => key === path[index]);
}

function entryOf(plugin: string): Path {
  return ["plugins", "entries", plugin];
}
