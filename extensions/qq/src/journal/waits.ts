import type { DatabaseSync } from "node:sqlite";
import type { RawEvent } from "../transport/transport.ts";

/** Somebody who has been given a pairing code and will be told when it is approved. */
export interface Wait {
  readonly senderId: string;
  /** Chat to tell them in, as `formatTarget` writes it. */
  readonly target: string;
  /** When the code dies, ms since the epoch. */
  readonly until: number;
  /** The message that the code was the answer to, as it came: it is answered once its sender is approved. */
  readonly event: RawEvent;
}

/** The people of one account who wait for approval. Kept over a restart: approving the first owner causes one. */
export interface Waits {
  /** A sender waits once: what is added takes the place of what they waited with before. */
  add(wait: Wait): void;
  /** Whether it still stands: neither over nor replaced. Told apart from its sender's other waits by `until`. */
  holds(wait: Wait): boolean;
  /** Takes this wait away, and none that has replaced it. */
  remove(wait: Wait): void;
  list(now: number): readonly Wait[];
  /** Forgets those whose code has died. */
  prune(now: number): void;
}

export function openWaits(database: DatabaseSync, account: string): Waits {
  const prune = (now: number): void => {
    database.prepare("DELETE FROM pairing_waits WHERE account = ? AND until <= ?").run(account, now);
  };
  return {
    add: (wait) => {
      database
        .prepare(
          "INSERT OR REPLACE INTO pairing_waits (account, sender_id, target, until, event) VALUES (?, ?, ?, ?, ?)",
        )
        .run(account, wait.senderId, wait.target, wait.until, JSON.stringify(wait.event));
    },
    holds: ({ senderId, until }) =>
      database
        .prepare("SELECT 1 FROM pairing_waits WHERE account = ? AND sender_id = ? AND until = ?")
        .get(account, senderId, until) !== undefined,
    remove: ({ senderId, until }) => {
      database
        .prepare("DELETE FROM pairing_waits WHERE account = ? AND sender_id = ? AND until = ?")
        .run(account, senderId, until);
    },
    list: (now) => {
      prune(now);
      return database
        .prepare("SELECT sender_id, target, until, event FROM pairing_waits WHERE account = ? ORDER BY until")
        .all(account)
        .map((row) => ({
          senderId: String(row["sender_id"]),
          target: String(row["target"]),
          until: Number(row["until"]),
          // The column holds what `add` has written.
          event: JSON.parse(String(row["event"])) as RawEvent,
        }));
    },
    prune,
  };
}
