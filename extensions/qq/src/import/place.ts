import { isDeepStrictEqual } from "node:util";
import { IDENTITY_KEYS } from "../config/identity-keys.ts";
import { asSection, type KeyFate, type Moved, type Patch, type Section } from "./moved.ts";
import { why } from "./texts.ts";

/** A fate with the full path of the new key. */
export type PlacedFate = Omit<KeyFate, "account">;

export interface PlaceOptions {
  /** Account of `channels.qq` for what was the old default account; chosen when absent. */
  readonly account?: string | undefined;
  /** What stands there already may be overwritten. */
  readonly force: boolean;
  /** Name for the default account where the base is taken. */
  readonly fallback: string;
}

export interface Placed {
  /** `channels.qq` afterwards. */
  readonly channel: Patch;
  readonly fates: readonly PlacedFate[];
  /** Paths of accounts that are set up already; where there are any, nothing was placed. */
  readonly conflicts: readonly string[];
}

/** Keys that say which QQ account it is. */
const IDENTITY = ["appId", "httpUrl", "wsUrl", "reversePath"];
/** Never shared by two accounts. */
const OWN: readonly string[] = [...IDENTITY_KEYS, "name"];

/** Where one account goes: `undefined` is the base. */
interface Target {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly patch: Patch;
}

/**
 * Puts moved settings beside what stands in `channels.qq`. Nothing that stands there is overwritten without `force`:
 * with a conflict nothing is placed at all.
 */
export function place(existing: Section | undefined, moved: Moved, options: PlaceOptions): Placed {
  const wanted = targets(existing, moved, options);
  const clashes = wanted.flatMap((target) => occupant(existing, target) ?? []);
  if (clashes.length > 0 && !options.force) {
    const conflicts = [...new Set(clashes.map(({ account }) => pathOf(account)))];
    return { channel: { ...existing }, fates: [], conflicts };
  }
  let channel: Patch = { ...existing };
  const fates: PlacedFate[] = [];
  for (const target of wanted) {
    const to = (occupant(existing, target) ?? { account: target.to }).account;
    const there = to === undefined ? channel : asSection(asSection(channel["accounts"])?.[to]);
    const kept = options.force ? new Set<string>() : keptKeys(there, target.patch);
    const entry = { ...there, ...without(target.patch, kept) };
    channel = withEntry(channel, to, to === undefined ? entry : { ...emptyLists(channel, target.patch), ...entry });
    fates.push(...placedFates(moved, target.from, to, kept));
  }
  if (!wanted.some(({ from }) => from === undefined)) fates.push(...placedFates(moved, undefined, "*", new Set()));
  if (moved.defaultAccount !== undefined) channel["defaultAccount"] ??= moved.defaultAccount;
  return { channel, fates, conflicts: [] };
}

/** The fates of the old account `from`, whose keys stand in the account `account` now. */
function placedFates(
  moved: Moved,
  from: string | undefined,
  account: string | undefined,
  kept: ReadonlySet<string>,
): readonly PlacedFate[] {
  const own = moved.fates.filter((fate) => fate.account === from);
  return own.map(({ from: old, to, unset, why: reason }): PlacedFate => {
    const fate = { from: old, ...(unset && { unset }), ...(reason && { why: reason }) };
    if (to === undefined) return fate;
    if (kept.has(to)) return { ...fate, why: why.kept };
    return { ...fate, to: pathOf(to === "defaultAccount" ? undefined : account, to) };
  });
}

/** The accounts that are moved, each with all it needs where it goes. */
function targets(existing: Section | undefined, moved: Moved, options: PlaceOptions): readonly Target[] {
  const accounts = Object.entries(moved.accounts);
  const occupied =
    existing !== undefined && Object.keys(existing).some((key) => OWN.includes(key) || key === "accounts");
  const identified = IDENTITY.some((key) => moved.base[key] !== undefined);
  const name = options.account ?? (occupied && !sameBot(existing, moved.base) ? options.fallback : undefined);
  // What the old base said to its accounts must not speak to those that were here before.
  const shared = occupied || name !== undefined ? withoutOwn(moved.base) : {};
  const own = accounts.map(([id, patch]) => ({ from: id, to: id, patch: { ...shared, ...patch } }));
  const keepBase = identified || !occupied || accounts.length === 0;
  return keepBase ? [{ from: undefined, to: name, patch: moved.base }, ...own] : own;
}

/** The account in the way, `undefined` for the base: the same bot anywhere, or another account of that name. */
function occupant(existing: Section | undefined, { to, patch }: Target): { account: string | undefined } | undefined {
  if (existing === undefined) return undefined;
  if (sameBot(existing, patch)) return { account: undefined };
  const accounts = Object.entries(asSection(existing["accounts"]) ?? {});
  const found = accounts.find(([id, entry]) => id === to || sameBot(asSection(entry), patch));
  return found && { account: found[0] };
}

function sameBot(entry: Section | undefined, patch: Patch): boolean {
  const key = IDENTITY.find((name) => name !== "reversePath" && patch[name] !== undefined);
  return key !== undefined && entry?.[key] !== undefined && isSame(entry[key], patch[key]);
}

/** An AppID may stand there as a number. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one).replaceAll('"', "") === JSON.stringify(other).replaceAll('"', "");
}

/** Keys that mean something only together: half of each would open what neither opened. */
const TOGETHER = [
  ["dmPolicy", "allowFrom"],
  ["groupPolicy", "groupAllowFrom", "groups"],
];

const LISTS = [
  ["dmPolicy", "allowFrom"],
  ["groupPolicy", "groupAllowFrom"],
] as const;

/** Lists of the base that an account with a policy of its own must not inherit: they may say `"*"`. */
function emptyLists(base: Section, patch: Patch): Patch {
  const inherited = LISTS.filter(([policy, list]) => patch[policy] !== undefined && base[list] !== undefined);
  return Object.fromEntries(inherited.map(([, list]) => [list, []]));
}

/** Keys that are not taken over, because something else was meant by what stands in the entry. */
function keptKeys(there: Section | undefined, patch: Patch): ReadonlySet<string> {
  const differing = Object.keys(patch).filter(
    (key) => there?.[key] !== undefined && !isDeepStrictEqual(there[key], patch[key]),
  );
  const bundles = TOGETHER.filter((keys) => keys.some((key) => differing.includes(key)));
  return new Set([...differing, ...bundles.flat()]);
}

function without(patch: Patch, keys: ReadonlySet<string>): Patch {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !keys.has(key)));
}

function withEntry(channel: Patch, account: string | undefined, entry: Patch): Patch {
  if (account === undefined) return { ...channel, ...entry };
  return { ...channel, accounts: { ...asSection(channel["accounts"]), [account]: entry } };
}

function withoutOwn(base: Patch): Patch {
  return Object.fromEntries(Object.entries(base).filter(([key]) => !OWN.includes(key) && key !== "enabled"));
}

function pathOf(account: string | undefined, key?: string): string {
  const entry = account === undefined ? "channels.qq" : `channels.qq.accounts.${account}`;
  return key === undefined ? entry : `${entry}.${key}`;
}
