import type { DatabaseSync } from "node:sqlite";
import { openRefs } from "./refs.ts";

/** The newest message that was taken in a conversation. */
export interface SavedMark {
  /** The conversation, as `formatTarget` writes it. */
  readonly lane: string;
  readonly messageId: string;
  /** When the message was written, ms since the epoch. */
  readonly at: number;
}

/** How far each conversation of one account was read: what is newer is asked for after a gap. */
export interface OneBotMarks {
  /** Conversations, the one with the newest message first. */
  marks(): readonly SavedMark[];
  mark(mark: SavedMark): void;
  /** Whether a message of a conversation is the account's own and was known as sent, in this run or one before. */
  isSent(messageId: string, lane: string): boolean;
  prune(now: number): void;
}

/** How long a quiet conversation's mark is kept, ms: what was missed before that nobody waits for. */
const MARK_TTL_MS = 30 * 24 * 3_600_000;

/** Most conversations that are told of: nobody reads the history of more of them after a gap. */
const MOST_TOLD = 200;

export function openOneBotMemory(database: DatabaseSync, account: string): OneBotMarks {
  const refs = openRefs(database, account);
  const select = database.prepare(
    "SELECT lane, message_id, at FROM onebot_marks WHERE account = ? ORDER BY at DESC LIMIT ?",
  );
  // Repetitions and what is read from history come in any order: a mark never goes back.
  const upsert = database.prepare(
    `INSERT INTO onebot_marks (account, lane, message_id, at) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET message_id = excluded.message_id, at = excluded.at WHERE excluded.at >= at`,
  );
  const prune = database.prepare("DELETE FROM onebot_marks WHERE account = ? AND at < ?");
  return {
    marks: () =>
      select.all(account, MOST_TOLD).map((row) => ({
        lane: String(row["lane"]),
        messageId: String(row["message_id"]),
        at: Number(row["at"]),
      })),
    mark: ({ lane, messageId, at }) => void upsert.run(account, lane, messageId, at),
    isSent: (messageId, lane) => refs.findIn(lane, messageId)?.own === true,
    prune: (now) => void prune.run(account, now - MARK_TTL_MS),
  };
}
