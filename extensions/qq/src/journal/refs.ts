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
  /** The chat it stands in, as `formatTarget` writes it; absent on what a version before 4 of the journal kept. */
  readonly chat?: string;
}

/** Which message has which index: QQ quotes by the one and recalls by the other. */
export interface Refs {
  note(ref: MessageRef, at: number): void;
  /** By its index. */
  find(ref: string): MessageRef | undefined;
  /** By its index, where it is known to stand in that chat: on personal accounts whoever quotes can name any number. */
  findIn(chat: string, ref: string): MessageRef | undefined;
  /** The index of a message. */
  refOf(messageId: string): string | undefined;
  prune(now: number): void;
}

export function openRefs(database: DatabaseSync, account: string): Refs {
  // Numbers of OneBot begin anew with some restarts: what has one in another chat now is another message.
  const insert = database.prepare(
    `INSERT INTO message_refs (account, ref, message_id, own, sender, text, at, target) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET message_id = excluded.message_id, own = excluded.own, sender = excluded.sender,
         text = excluded.text, at = excluded.at, target = excluded.target WHERE target <> excluded.target`,
  );
  const byRef = database.prepare("SELECT * FROM message_refs WHERE account = ? AND ref = ?");
  const byMessage = database.prepare("SELECT ref FROM message_refs WHERE account = ? AND message_id = ?");
  const find = (ref: string): MessageRef | undefined => {
    const row = byRef.get(account, ref);
    if (!row) return undefined;
    const { target } = row;
    const sender = readSender(row["sender"]);
    const said = { messageId: String(row["message_id"]), text: String(row["text"]) };
    const chat = typeof target === "string" ? { chat: target } : {};
    return { ref, ...said, own: row["own"] === 1, ...(sender && { sender }), ...chat };
  };
  return {
    note: ({ ref, messageId, own, sender, text, chat }, at) => {
      const author = sender ? JSON.stringify(sender) : null;
      const excerpt = text.slice(0, EXCERPT_UNITS).toWellFormed();
      insert.run(account, ref, messageId, own ? 1 : 0, author, excerpt, at, chat ?? null);
    },
    find,
    findIn: (chat, ref) => {
      const found = find(ref);
      return found?.chat === chat ? found : undefined;
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
