import type { DatabaseSync } from "node:sqlite";
import type { Sender } from "../message/inbound.ts";

/** How long a message can be quoted by its id, or recognised when it is quoted: 7 days, ms. */
const REF_TTL_MS = 7 * 24 * 3_600_000;
/** As much of a message as a quote needs, UTF-16 units. */
const EXCERPT_UNITS = 300;

/** A message that can be quoted. */
export interface MessageRef {
  /** What a quote names: an index (`REFIDX_...`) in C2C and groups, the message's id in guilds. */
  readonly ref: string;
  readonly messageId: string;
  /** The bot has written it. */
  readonly own: boolean;
  /** Who has written it; absent on the bot's own. */
  readonly sender?: Sender;
  readonly text: string;
}

/** Which message has which index: QQ quotes by the one and recalls by the other. */
export interface Refs {
  note(ref: MessageRef, at: number): void;
  /** By its index. */
  find(ref: string): MessageRef | undefined;
  /** The index of a message. */
  refOf(messageId: string): string | undefined;
  prune(now: number): void;
}

export function openRefs(database: DatabaseSync, account: string): Refs {
  const insert = database.prepare(
    "INSERT INTO message_refs (account, ref, message_id, own, sender, text, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const byRef = database.prepare("SELECT * FROM message_refs WHERE account = ? AND ref = ?");
  const byMessage = database.prepare("SELECT ref FROM message_refs WHERE account = ? AND message_id = ?");
  return {
    note: ({ ref, messageId, own, sender, text }, at) => {
      const author = sender ? JSON.stringify(sender) : null;
      insert.run(account, ref, messageId, own ? 1 : 0, author, text.slice(0, EXCERPT_UNITS).toWellFormed(), at);
    },
    find: (ref) => {
      const row = byRef.get(account, ref);
      if (!row) return undefined;
      const sender = readSender(row["sender"]);
      const said = { messageId: String(row["message_id"]), text: String(row["text"]) };
      return { ref, ...said, own: row["own"] === 1, ...(sender && { sender }) };
    },
    refOf: (messageId) => {
      const ref = byMessage.get(account, messageId)?.["ref"];
      return ref === undefined ? undefined : String(ref);
    },
    prune: (now) => {
      database.prepare("DELETE FROM message_refs WHERE account = ? AND at < ?").run(account, now - REF_TTL_MS);
    },
  };
}

function readSender(text: unknown): Sender | undefined {
  // The column holds what `note` has written.
  return typeof text === "string" ? (JSON.parse(text) as Sender) : undefined;
}
