import type { DatabaseSync } from "node:sqlite";

/** How long the end of a review is waited for: 7 days, ms. */
const AUDIT_TTL_MS = 7 * 24 * 3_600_000;

/** Messages that QQ reviews before it shows them. */
export interface Audits {
  begin(auditId: string, target: string, now: number): void;
  /** Takes out a review that ended; the chat it was for, `undefined` when nobody knows of it. */
  end(auditId: string): string | undefined;
  prune(now: number): void;
}

export function openAudits(database: DatabaseSync, account: string): Audits {
  const insert = database.prepare(
    "INSERT INTO audits (account, audit_id, target, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const take = database.prepare("DELETE FROM audits WHERE account = ? AND audit_id = ? RETURNING target");
  return {
    begin: (auditId, target, now) => void insert.run(account, auditId, target, now),
    end: (auditId) => {
      const target = take.get(account, auditId)?.["target"];
      return target === undefined ? undefined : String(target);
    },
    prune: (now) => {
      database.prepare("DELETE FROM audits WHERE account = ? AND at < ?").run(account, now - AUDIT_TTL_MS);
    },
  };
}
