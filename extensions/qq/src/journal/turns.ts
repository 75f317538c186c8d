import type { DatabaseSync } from "node:sqlite";

/** A turn of the agent that has begun: the event that began it, as it can be taken again. */
export interface OpenTurn {
  /** The event's identity, as the inbox has it. */
  readonly key: string;
  readonly lane: string;
  readonly text: string;
  /** Chat, as `formatTarget` writes it. */
  readonly target: string;
  /** ms since the epoch. */
  readonly beganAt: number;
}

/** The turns of one account that are under way, kept so that a crash cannot swallow one. */
export interface Turns {
  begin(turn: OpenTurn): void;
  end(key: string): void;
  /**
   * What was under way when the process ended, oldest first: the turns that the host had adopted. The event of any other
   * is still in the inbox, and comes from there again.
   */
  interrupted(): readonly OpenTurn[];
}

export function openTurns(database: DatabaseSync, account: string): Turns {
  const insert = database.prepare(
    "INSERT OR REPLACE INTO open_turns (account, id, lane, text, target, began_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM open_turns WHERE account = ? AND id = ?");
  const select = database.prepare(
    `SELECT open_turns.* FROM open_turns JOIN inbox USING (account, id)
      WHERE account = ? AND inbox.status = 'completed' ORDER BY began_at, id`,
  );
  return {
    begin: ({ key, lane, text, target, beganAt }) => {
      insert.run(account, key, lane, text, target, beganAt);
    },
    end: (key) => {
      remove.run(account, key);
    },
    interrupted: () =>
      select.all(account).map((row) => ({
        key: String(row["id"]),
        lane: String(row["lane"]),
        text: String(row["text"]),
        target: String(row["target"]),
        beganAt: Number(row["began_at"]),
      })),
  };
}
