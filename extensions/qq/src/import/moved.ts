import type { Wording } from "../errors.ts";

/** A section of somebody's configuration, of which nothing is known yet. */
export type Section = Readonly<Record<string, unknown>>;

/** Keys of the base of `channels.qq`, or of one of its accounts, with their values. */
export type Patch = Record<string, unknown>;

/** What became of one key of the old section. */
export interface KeyFate {
  /** Path of the old key, such as `channels.napcat.url`. */
  readonly from: string;
  /** The old key was not set: what followed from that is told all the same. */
  readonly unset?: true;
  /** Account of the old section that it stood in; absent for the base. */
  readonly account?: string;
  /** Key that took its value, relative to the new entry, such as `groups`; absent where it was dropped. */
  readonly to?: string;
  /** Why it was dropped, or what is different now. */
  readonly why?: Wording;
}

/** An old section in the words of `channels.qq`, before it is put beside what stands there already. */
export interface Moved {
  readonly base: Patch;
  readonly accounts: Readonly<Record<string, Patch>>;
  readonly defaultAccount?: string;
  readonly fates: readonly KeyFate[];
  /** What must be mended in the old section first; with anything here nothing may be written. */
  readonly wrong: readonly string[];
}

/** The entry that one rule reads and writes. */
export interface Move {
  /** All keys of the old entry. */
  readonly old: Section;
  /** All keys of the old base, for an account; empty for the base itself. */
  readonly beneath: Section;
  readonly patch: Patch;
  /** What an account takes over from the base; empty for the base itself. */
  readonly inherited: Section;
  /** Writes `to`, and notes that the old key went there. */
  take(from: string, to: string, value: unknown, why?: Wording): void;
  /** Notes that the old key has no successor, and why. */
  drop(from: string, why: Wording): void;
}

/** Moves one key of the old entry; `key` is its name. Never called for a key that is absent, null or empty. */
export type Rule = (value: unknown, move: Move, key: string) => void;

/** The object itself, or undefined where it is something else. */
export function asSection(value: unknown): Section | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Section) : undefined;
}

/** Nothing was said with it: absent, null, or an empty text, list or object, as forms leave them. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  return typeof value === "object" && Object.keys(value).length === 0;
}
