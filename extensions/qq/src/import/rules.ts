import type { Wording } from "../errors.ts";
import { isBlank, type KeyFate, type Moved, type Patch, type Rule, type Section } from "./moved.ts";
import { why } from "./texts.ts";

/** The value as it is, under the name `to`. */
export function same(to?: string, note?: Wording): Rule {
  return (value, move, key) => move.take(key, to ?? key, value, note);
}

/** Nothing here does that. */
export function dropped(reason: Wording): Rule {
  return (_value, move, key) => move.drop(key, reason);
}

/** Taken by another key's rule, which reads it beside its own; that rule says so. */
export const together: Rule = () => {};

/** A switch, in the loose forms that people and forms write it. */
export function onOff(to?: string, note?: Wording): Rule {
  return (value, move, key) => {
    const said = asSwitch(value);
    if (said === undefined) move.drop(key, why.notUnderstood);
    else move.take(key, to ?? key, said, note);
  };
}

/** A number that is not negative; `limit` is the most that is taken here. */
export function number(to?: string, limit = Number.MAX_SAFE_INTEGER, scale = 1): Rule {
  return (value, move, key) => {
    const said = Math.round(Number(String(value).trim()) * scale);
    if (!Number.isSafeInteger(said) || said < 0) move.drop(key, why.notUnderstood);
    else move.take(key, to ?? key, Math.min(said, limit), said > limit ? why.capped(limit) : undefined);
  };
}

export function asSwitch(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = String(value).trim().toLowerCase();
  if (["true", "1", "yes", "y", "on"].includes(word)) return true;
  return ["false", "0", "no", "n", "off"].includes(word) ? false : undefined;
}

/** Ids as text, each once: of a list, or of one text with commas or spaces between them. */
export function asIds(value: unknown): readonly string[] {
  const parts = Array.isArray(value) ? value.map(String) : asText(value).split(/[\s,，、;；]+/);
  const bare = parts.map((part) => part.trim().replace(/^["']|["']$/g, ""));
  return [...new Set(bare.filter((part) => part !== ""))];
}

/** A text or a number as text; nothing of anything else. */
function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** How the sections of one kind of predecessor are read. */
export interface Reading {
  readonly rules: Readonly<Record<string, Rule>>;
  /** Rules that need several keys at once, after the others. */
  readonly after: readonly ((move: Parameters<Rule>[1]) => void)[];
}

/**
 * Reads a section with the accounts in it. A key without a rule is dropped.
 * @param path where the section stands, such as `channels.napcat`
 */
export function readSection(section: Section, path: string, reading: Reading): Moved {
  const fates: KeyFate[] = [];
  const { accounts: oldAccounts, defaultAccount, ...rest } = section;
  const base = readEntry(rest, path, reading, fates);
  const accounts: Record<string, Patch> = {};
  for (const [id, entry] of Object.entries(Object(oldAccounts) as Record<string, unknown>)) {
    const own = Object(entry) as Section;
    accounts[id] = readEntry(own, `${path}.accounts.${id}`, reading, fates, { id, inherited: base });
  }
  if (typeof defaultAccount !== "string" || isBlank(defaultAccount)) return { base, accounts, fates };
  fates.push({ from: `${path}.defaultAccount`, to: "defaultAccount" });
  return { base, accounts, defaultAccount: defaultAccount.trim(), fates };
}

/** An account of the old section, with what the base says to it. */
interface Account {
  readonly id: string;
  readonly inherited: Section;
}

function readEntry(old: Section, path: string, { rules, after }: Reading, fates: KeyFate[], account?: Account): Patch {
  const patch: Patch = {};
  const about = (from: string): Pick<KeyFate, "from" | "account" | "unset"> => ({
    from: `${path}.${from}`,
    ...(account && { account: account.id }),
    ...(isBlank(old[from.split(".", 1)[0] ?? from]) && { unset: true }),
  });
  const move = {
    old,
    patch,
    inherited: account?.inherited ?? {},
    take(from: string, to: string, value: unknown, note?: Wording) {
      patch[to] = value;
      fates.push({ ...about(from), to, ...(note && { why: note }) });
    },
    drop: (from: string, reason: Wording) => void fates.push({ ...about(from), why: reason }),
  };
  for (const [key, value] of Object.entries(old)) {
    if (isBlank(value)) continue;
    // A key may be named like something every object has.
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    (rule ?? dropped(why.unknownKey))(value, move, key);
  }
  for (const rule of after) rule(move);
  return patch;
}
