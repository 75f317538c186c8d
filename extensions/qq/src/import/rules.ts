import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { Wording } from "../errors.ts";
import { isBlank, type KeyFate, type Move, type Moved, type Patch, type Rule, type Section } from "./moved.ts";
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

/**
 * What was said with keys that mean something only together: an account's own over those of the base, so that what
 * narrows the base narrows the account too. Nothing of the base where the account says nothing: then it inherits.
 */
export function saidOf({ old, beneath }: Move, keys: readonly string[]): Section {
  const own = Object.fromEntries(Object.entries(old).filter(([, value]) => !isBlank(value)));
  return keys.some((key) => Object.hasOwn(own, key)) ? { ...beneath, ...own } : own;
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
  const entries = Object.entries(Object(oldAccounts) as Record<string, unknown>);
  const wrong = entries.flatMap(([id]) => (isAccountName(id) ? [] : `${path}.accounts.${id}: ${NAME_NEEDED}`));
  for (const [id, entry] of entries.filter(([one]) => isAccountName(one))) {
    const account = { id, inherited: base, beneath: rest, basePath: path };
    accounts[id] = readEntry(Object(entry) as Section, `${path}.accounts.${id}`, reading, fates, account);
  }
  if (typeof defaultAccount !== "string" || isBlank(defaultAccount)) return { base, accounts, fates, wrong };
  fates.push({ from: `${path}.defaultAccount`, to: "defaultAccount" });
  return { base, accounts, defaultAccount: defaultAccount.trim(), fates, wrong };
}

const NAME_NEEDED = "rename this account first: a-z, 0-9, - and _, beginning with a letter or a digit";

/**
 * Whether an account can be called that: the host knows it by its normalized id, and takes what it cannot normalize
 * for the default account.
 */
export function isAccountName(name: string): boolean {
  if (!/^[a-z0-9][\w-]*$/i.test(name)) return false;
  return name.toLowerCase() === DEFAULT_ACCOUNT_ID || normalizeAccountId(name) !== DEFAULT_ACCOUNT_ID;
}

/** An account of the old section, with what the base says to it. */
interface Account {
  readonly id: string;
  readonly inherited: Section;
  /** The old base and where it stands. */
  readonly beneath: Section;
  readonly basePath: string;
}

function readEntry(old: Section, path: string, { rules, after }: Reading, fates: KeyFate[], account?: Account): Patch {
  const patch: Patch = {};
  const isOfBase = (from: string): boolean => !isSet(old, from) && isSet(account?.beneath, from);
  const about = (from: string): Pick<KeyFate, "from" | "account" | "unset"> => ({
    from: `${isOfBase(from) ? account?.basePath : path}.${from}`,
    ...(account && { account: account.id }),
    ...(!isSet(old, from) && !isOfBase(from) && { unset: true }),
  });
  const move = {
    old,
    beneath: account?.beneath ?? {},
    patch,
    inherited: account?.inherited ?? {},
    take(from: string, to: string, value: unknown, note?: Wording) {
      patch[to] = value;
      fates.push({ ...about(from), to, ...(note && { why: note }) });
    },
    drop(from: string, reason: Wording) {
      // Of the base's own keys it was said there.
      if (!isOfBase(from)) fates.push({ ...about(from), why: reason });
    },
  };
  for (const [key, value] of Object.entries(old)) {
    if (isBlank(value)) continue;
    // A key may be named like something every object has.
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    (rule ?? dropped(why.unknownKey))(value, move, key);
  }
  for (const rule of after) rule(move);
  for (const [key, value] of Object.entries(old)) {
    if (!isBlank(value) && !isTold(`${path}.${key}`, fates)) move.drop(key, why.noEffect);
  }
  return patch;
}

/** Whether the section says something with the key, or with the one that it stands in. */
function isSet(section: Section | undefined, from: string): boolean {
  return !isBlank(section?.[from.split(".", 1)[0] ?? from]);
}

function isTold(key: string, fates: readonly KeyFate[]): boolean {
  return fates.some(({ from }) => from === key || from.startsWith(`${key}.`));
}
