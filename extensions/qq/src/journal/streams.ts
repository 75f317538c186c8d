import type { DatabaseSync } from "node:sqlite";
import type { PassiveAnchor } from "../message/outbound.ts";

/** A message that was growing when it was written down here. */
export interface OpenStream {
  /** Id of the message. */
  readonly id: string;
  readonly userId: string;
  readonly anchor: PassiveAnchor;
  /** The step that was made last, or was under way: whether it arrived is not known. */
  readonly index: number;
  /** What that step said. */
  readonly text: string;
}

/** The messages of one account that grow just now, kept so that a crash leaves none unfinished in the chat. */
export interface Streams {
  /** Before each step but the first: only the answer to that one tells the id, and a crash in between leaves it unfinished. */
  save(stream: OpenStream): void;
  /** It is finished, or another has taken over what becomes of it. */
  drop(id: string): void;
  /** What was growing when the process ended. */
  left(): readonly OpenStream[];
}

export function openStreams(database: DatabaseSync, account: string): Streams {
  const insert = database.prepare(
    "INSERT OR REPLACE INTO open_streams (account, id, user_id, anchor, step, text) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM open_streams WHERE account = ? AND id = ?");
  const select = database.prepare("SELECT * FROM open_streams WHERE account = ?");
  return {
    save: ({ id, userId, anchor, index, text }) => {
      insert.run(account, id, userId, JSON.stringify(anchor), index, text);
    },
    drop: (id) => {
      remove.run(account, id);
    },
    left: () =>
      select.all(account).map((row) => ({
        id: String(row["id"]),
        userId: String(row["user_id"]),
        // The column holds what `save` has written.
        anchor: JSON.parse(String(row["anchor"])) as PassiveAnchor,
        index: Number(row["step"]),
        text: String(row["text"]),
      })),
  };
}
