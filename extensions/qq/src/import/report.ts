import type { Locale } from "../texts.ts";
import { asSection } from "./moved.ts";
import type { PlacedFate } from "./place.ts";
import type { Change, Plan, PlannedMove } from "./plan.ts";
import { say } from "./report-texts.ts";

const SECRETS: ReadonlySet<string> = new Set(["appSecret", "clientSecret", "accessToken", "token", "mediaProxyToken"]);

/** What stands for a secret in everything that is shown. */
const MASK = "********";

/** The value with every text at or below a secret's key hidden. A reference to a secret is not one and stays. */
function masked(value: unknown, key = ""): unknown {
  if (typeof value === "string") return isSecretKey(key) ? MASK : withoutUrlSecrets(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, key));
  const section = asSection(value);
  if (!section) return value;
  return Object.fromEntries(Object.entries(section).map(([name, one]) => [name, masked(one, name)]));
}

/** Addresses carry tokens in their query or fragment, and passwords before the host. */
function withoutUrlSecrets(text: string): string {
  if (!text.includes("://")) return text;
  return text.replace(/(:\/\/)[^\s/?#]*@/g, `$1${MASK}@`).replace(/([?&#][^\s=&#]*=)[^\s&#]+/g, `$1${MASK}`);
}

/** A foreign section may hold keys of services we know nothing of. */
function isSecretKey(key: string): boolean {
  return SECRETS.has(key) || (/secret|token|password|api_?key/i.test(key) && !key.endsWith("File"));
}

/** The plan as lines for people. */
export function planLines(plan: Plan, locale: Locale, isDryRun: boolean): readonly string[] {
  if (plan.moves.length === 0) return [say.nothing[locale]];
  const moves = plan.moves.flatMap((move) => moveLines(move, locale));
  if (plan.wrong.length > 0) return [...moves, "", say.wrong[locale], ...plan.wrong.map((line) => `  ${line}`)];
  if (plan.changes.length === 0) return moves;
  const heading = isDryRun ? say.willWrite[locale] : say.written[locale];
  return [...moves, "", heading, ...plan.changes.flatMap((change) => changeLines(change, locale))];
}

function moveLines(move: PlannedMove, locale: Locale): readonly string[] {
  const { predecessor, fates, conflicts, disabled, bindings } = move;
  const taken = fates.filter(({ to }) => to !== undefined);
  const dropped = fates.filter(({ to }) => to === undefined);
  return [
    say.movingFrom(predecessor.path.join("."), predecessor.known)[locale],
    ...section(say.taken[locale], taken, locale),
    ...section(say.dropped[locale], dropped, locale),
    ...conflicts.map((path) => `  ! ${say.conflict(path)[locale]}`),
    ...disabled.map((plugin) => `  ${say.disabled(plugin)[locale]}`),
    ...(bindings > 0 ? [`  ${say.bindings(String(bindings))[locale]}`] : []),
  ];
}

function section(heading: string, fates: readonly PlacedFate[], locale: Locale): readonly string[] {
  return fates.length === 0 ? [] : [`  ${heading}:`, ...fates.map((fate) => `    ${fateLine(fate, locale)}`)];
}

function fateLine({ from, to, unset, why }: PlacedFate, locale: Locale): string {
  const old = unset ? `${from} ${say.unset[locale]}` : from;
  const moved = to === undefined ? old : `${old} -> ${to}`;
  return why === undefined ? moved : `${moved}${locale === "zh" ? "：" : ": "}${why[locale]}`;
}

/** The path with its new value, as JSON, secrets hidden. */
export function changeLines({ path, after }: Change, locale: Locale): readonly string[] {
  const name = path.join(".");
  if (after === undefined) return [`  ${name}: ${say.removed[locale]}`];
  const shown = JSON.stringify(masked(after, path.at(-1)), undefined, 2).split("\n");
  return shown.map((line, index) => (index === 0 ? `  ${name}: ${line}` : `  ${line}`));
}

/** The plan for programs: keys are stable, secrets hidden. */
export function planJson(plan: Plan): object {
  return {
    moves: plan.moves.map(({ predecessor, fates, conflicts, disabled, bindings }) => ({
      from: predecessor.id,
      path: predecessor.path.join("."),
      taken: fates.filter(({ to }) => to !== undefined),
      dropped: fates.filter(({ to }) => to === undefined),
      conflicts,
      disabled,
      bindings,
    })),
    changes: plan.changes.map(({ path, after }) => ({
      path: path.join("."),
      ...(after === undefined ? { removed: true } : { value: masked(after, path.at(-1)) }),
    })),
    wrong: plan.wrong,
  };
}
