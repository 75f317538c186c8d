import type { DatabaseSync } from "node:sqlite";

/** What has come in a lane and waits for its turn: what it says may concern the one that is taken now. */
export interface LaneAhead {
  /** The events of the lane that nobody has taken yet, of those whose text has `part` in it, oldest first. */
  texts(lane: string, part: string): readonly string[];
}

export function openLaneAhead(database: DatabaseSync, account: string): LaneAhead {
  const select = database.prepare(
    `SELECT json_extract(payload, '$.event.text') AS text FROM inbox
      WHERE account = ? AND status = 'pending' AND lane = ? AND instr(payload, ?) > 0 ORDER BY received_at, id`,
  );
  return {
    texts: (lane, part) => select.all(account, lane, part).map(({ text }) => String(text)),
  };
}
