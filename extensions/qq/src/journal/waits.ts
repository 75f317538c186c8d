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
  add(wait: Wait): void;
  remove(senderId: string): void;
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
    remove: (senderId) => {
      database.prepare("DELETE FROM pairing_waits WHERE account = ? AND sender_id = ?").run(account, senderId);
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
