import type { DatabaseSync } from "node:sqlite";

/** How long a refusal is taken as still true, ms: rights are granted and domains registered, and nobody tells the bot. */
const REFUSAL_TTL_MS = 24 * 3_600_000;

/**
 * What the platform has refused to this bot for what it is, not for what it said: so that the next message need not
 * be refused to find out. `what` names it, such as `markdown group` or `url group example.com`.
 */
export interface Refusals {
  note(what: string, now: number): void;
  isKnown(what: string, now: number): boolean;
  prune(now: number): void;
}

export function openRefusals(database: DatabaseSync, account: string): Refusals {
  const insert = database.prepare("INSERT OR REPLACE INTO refusals (account, what, refused_at) VALUES (?, ?, ?)");
  const select = database.prepare("SELECT 1 FROM refusals WHERE account = ? AND what = ? AND refused_at > ?");
  return {
    note: (what, now) => void insert.run(account, what, now),
    isKnown: (what, now) => select.get(account, what, now - REFUSAL_TTL_MS) !== undefined,
    prune: (now) => {
      database.prepare("DELETE FROM refusals WHERE account = ? AND refused_at <= ?").run(account, now - REFUSAL_TTL_MS);
    },
  };
}
