import type { DatabaseSync } from "node:sqlite";

/** How long a chat that refused a proactive message is not asked again, ms: its owner may change their mind. */
const REFUSAL_TTL_MS = 24 * 3_600_000;

/** What is known of the chats of one account. */
export interface Peers {
  /** Whether the chat is known to refuse messages that answer nothing. */
  refusesProactive(target: string, now: number): boolean;
  /** The chat has just refused one, or taken one. */
  noteProactive(target: string, taken: boolean, now: number): void;
}

export function openPeers(database: DatabaseSync, account: string): Peers {
  const select = database.prepare("SELECT refused_at FROM peers WHERE account = ? AND target = ?");
  const refuse = database.prepare("INSERT OR REPLACE INTO peers (account, target, refused_at) VALUES (?, ?, ?)");
  const forget = database.prepare("DELETE FROM peers WHERE account = ? AND target = ?");
  return {
    refusesProactive: (target, now) => {
      const row = select.get(account, target);
      return row !== undefined && Number(row["refused_at"]) > now - REFUSAL_TTL_MS;
    },
    noteProactive: (target, taken, now) => {
      if (taken) forget.run(account, target);
      else refuse.run(account, target, now);
    },
  };
}
