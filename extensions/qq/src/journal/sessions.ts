import type { DatabaseSync } from "node:sqlite";

/** A gateway session that can be resumed. `seq` is that of the last event stored. */
export interface SavedSession {
  readonly sessionId: string;
  readonly seq: number;
  /** When it was last known to live, ms since the epoch. */
  readonly savedAt: number;
}

/** The last gateway session of one bot, so that a restart resumes it and misses nothing. */
export interface Sessions {
  load(): SavedSession | undefined;
  save(session: SavedSession | undefined): void;
}

/** `bot` names account and AppID: a session is worth nothing to another bot that takes the account over. */
export function openSessions(database: DatabaseSync, bot: string): Sessions {
  const select = database.prepare("SELECT session_id, seq, saved_at FROM gateway_sessions WHERE bot = ?");
  const upsert = database.prepare(
    "INSERT INTO gateway_sessions (bot, session_id, seq, saved_at) VALUES (?, ?, ?, ?) ON CONFLICT (bot) DO UPDATE SET session_id = excluded.session_id, seq = excluded.seq, saved_at = excluded.saved_at",
  );
  return {
    load: () => {
      const row = select.get(bot);
      return row && { sessionId: String(row["session_id"]), seq: Number(row["seq"]), savedAt: Number(row["saved_at"]) };
    },
    save: (session) => {
      if (session) upsert.run(bot, session.sessionId, session.seq, session.savedAt);
      else database.prepare("DELETE FROM gateway_sessions WHERE bot = ?").run(bot);
    },
  };
}
