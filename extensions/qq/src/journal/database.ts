import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Bumped with every change of the tables below; a file of a newer version is refused, never guessed at. */
const VERSION = 5;

const TABLES = `
  CREATE TABLE IF NOT EXISTS inbox (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    lane TEXT,
    payload TEXT,
    received_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    last_error TEXT,
    claim_token TEXT,
    claim_owner TEXT,
    claimed_at INTEGER,
    reason TEXT,
    PRIMARY KEY (account, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS inbox_open ON inbox (account, status, received_at, id) WHERE status IN ('pending', 'claimed');
  CREATE INDEX IF NOT EXISTS inbox_ended ON inbox (account, status, updated_at) WHERE status IN ('completed', 'failed');

  CREATE TABLE IF NOT EXISTS reply_anchors (
    account TEXT NOT NULL,
    msg_id TEXT NOT NULL,
    target TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    replies INTEGER,
    used INTEGER NOT NULL DEFAULT 0,
    kind TEXT NOT NULL DEFAULT 'message',
    PRIMARY KEY (account, msg_id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS reply_anchors_of_target ON reply_anchors (account, target, received_at);
  CREATE INDEX IF NOT EXISTS reply_anchors_by_age ON reply_anchors (expires_at);

  CREATE TABLE IF NOT EXISTS reply_parts (
    account TEXT NOT NULL,
    part TEXT NOT NULL,
    msg_id TEXT NOT NULL,
    msg_seq INTEGER NOT NULL,
    claimed_at INTEGER NOT NULL,
    PRIMARY KEY (account, part)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS reply_parts_by_age ON reply_parts (claimed_at);

  CREATE TABLE IF NOT EXISTS gateway_sessions (
    bot TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    saved_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS gateway_addresses (
    bot TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    shards INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    asked_at TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS answer_parts (
    account TEXT NOT NULL,
    answer TEXT NOT NULL,
    part INTEGER NOT NULL,
    target TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    extra TEXT,
    attempt TEXT,
    turn TEXT,
    PRIMARY KEY (account, answer, part)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS answer_parts_of_target ON answer_parts (account, target, began_at);
  CREATE INDEX IF NOT EXISTS answer_parts_by_age ON answer_parts (began_at);

  CREATE TABLE IF NOT EXISTS open_turns (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    lane TEXT NOT NULL,
    text TEXT NOT NULL,
    target TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    PRIMARY KEY (account, id)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS open_streams (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    anchor TEXT NOT NULL,
    step INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (account, id)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS chats (
    account TEXT NOT NULL,
    target TEXT NOT NULL,
    heard_at INTEGER,
    refused_at INTEGER,
    proactive_off INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0,
    proactive_day TEXT,
    proactive_count INTEGER NOT NULL DEFAULT 0,
    woken TEXT,
    source TEXT,
    muted_until INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, target)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS message_refs (
    account TEXT NOT NULL,
    ref TEXT NOT NULL,
    message_id TEXT NOT NULL,
    own INTEGER NOT NULL,
    sender TEXT,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    target TEXT,
    PRIMARY KEY (account, ref)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS message_refs_by_id ON message_refs (account, message_id);
  CREATE INDEX IF NOT EXISTS message_refs_by_age ON message_refs (at);

  CREATE TABLE IF NOT EXISTS refusals (
    account TEXT NOT NULL,
    what TEXT NOT NULL,
    refused_at INTEGER NOT NULL,
    PRIMARY KEY (account, what)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS audits (
    account TEXT NOT NULL,
    audit_id TEXT NOT NULL,
    target TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, audit_id)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS buttons (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    action TEXT NOT NULL,
    only_for TEXT,
    button_set TEXT,
    used_by TEXT,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (account, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS buttons_of_set ON buttons (account, button_set) WHERE button_set IS NOT NULL;
  CREATE INDEX IF NOT EXISTS buttons_by_age ON buttons (expires_at);

  CREATE TABLE IF NOT EXISTS contact_requests (
    account TEXT NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    request TEXT NOT NULL,
    decision TEXT,
    PRIMARY KEY (account, number),
    UNIQUE (account, id)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS pairing_waits (
    account TEXT NOT NULL,
    sender_id TEXT NOT NULL,
    target TEXT NOT NULL,
    until INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (account, sender_id)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS onebot_marks (
    account TEXT NOT NULL,
    lane TEXT NOT NULL,
    message_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, lane)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS onebot_marks_by_age ON onebot_marks (account, at);
`;

/** From version 2 on, tables keep what they hold: only what is new is added. */
const FROM_2 = `
  ALTER TABLE reply_anchors ADD COLUMN kind TEXT NOT NULL DEFAULT 'message';
  ALTER TABLE answer_parts ADD COLUMN extra TEXT;
  ALTER TABLE answer_parts ADD COLUMN attempt TEXT;
  ALTER TABLE answer_parts ADD COLUMN turn TEXT;
  DROP TABLE peers;
`;

/** Personal accounts came with version 4. */
const FROM_3 = `
  ALTER TABLE answer_parts ADD COLUMN attempt TEXT;
  ALTER TABLE answer_parts ADD COLUMN turn TEXT;
  ALTER TABLE chats ADD COLUMN muted_until INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE message_refs ADD COLUMN target TEXT;
`;

/** With version 5 an answer knows its turn. */
const FROM_4 = "ALTER TABLE answer_parts ADD COLUMN turn TEXT;";

const CHANGES: Readonly<Record<number, string>> = { 2: FROM_2, 3: FROM_3, 4: FROM_4 };

/** A wait for approval came to hold an event with version 5. None lives longer than an hour. */
const BEFORE_5 = "DROP TABLE IF EXISTS pairing_waits;";

/**
 * Opens the journal: one SQLite file for all accounts, each with a connection of its own.
 *
 * A commit is on disk before it returns (WAL with `synchronous=FULL`): that is what lets an event be acknowledged.
 * Throws when the file cannot be opened or was written by a newer version.
 */
export function openJournal(file: string): DatabaseSync {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file);
  try {
    database.exec(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-1024;",
    );
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens the journal beside the gateway that writes it; `undefined` where there is none of this version. */
export function openForReading(file: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined;
  const database = new DatabaseSync(file, { readOnly: true });
  if (database.prepare("PRAGMA user_version").get()?.["user_version"] === VERSION) return database;
  database.close();
  return undefined;
}

function migrate(database: DatabaseSync): void {
  const row = database.prepare("PRAGMA user_version").get();
  const version = Number(row?.["user_version"] ?? 0);
  if (version > VERSION) {
    throw new Error(
      `the QQ journal was written by a newer version of this plugin (${version} > ${VERSION}); update the plugin`,
    );
  }
  if (version === VERSION) return;
  const changes = CHANGES[version] ?? "";
  transaction(database, () => database.exec(`${changes} ${BEFORE_5} ${TABLES} PRAGMA user_version=${VERSION};`));
}

/** Runs `work` in one write transaction: all of it is kept or none. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
