import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openChats } from "./chats.ts";
import { transaction } from "./database.ts";
import { openInbox } from "./inbox.ts";
import { openParked } from "./parked.ts";
import { openRefs } from "./refs.ts";
import { openWaits } from "./waits.ts";
import { openReplies } from "./replies.ts";
import { tempJournal } from "./testing/temp-journal.ts";

const now = (): number => 1_000;

describe("the file", () => {
  test("G1: a commit is on disk before it returns", () => {
    const database = tempJournal().open();
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(database.prepare("PRAGMA busy_timeout").get()).toEqual({ timeout: 5_000 });
  });

  test("is made with its directory, which only its owner may read", () => {
    const journal = tempJournal();
    journal.open();
    expect(statSync(journal.file).isFile()).toBe(true);
    const directory = statSync(journal.file.replace(/[^/\\]+$/, ""));
    if (process.platform !== "win32") expect(directory.mode & 0o777).toBe(0o700);
  });

  test("of a newer version is refused by a sentence, and stays as it is", () => {
    const journal = tempJournal();
    const database = journal.open();
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => journal.open()).toThrow(
      /^the QQ journal was written by a newer version of this plugin \(99 > \d+\); update the plugin$/,
    );
    const raw = new DatabaseSync(journal.file);
    expect(raw.prepare("PRAGMA user_version").get()).toEqual({ user_version: 99 });
    raw.close();
  });

  test("that is no journal is refused, not overwritten", () => {
    const journal = tempJournal();
    const database = journal.open();
    database.exec(
      "PRAGMA journal_mode = DELETE; DROP TABLE inbox; CREATE TABLE inbox (other TEXT); PRAGMA user_version = 0",
    );
    database.close();
    expect(() => journal.open()).toThrow(/no such column/);
  });

  test("two connections write to it in turns", async () => {
    const journal = tempJournal();
    const one = openInbox<number>(journal.open(), "one", now);
    const two = openInbox<number>(journal.open(), "two", now);
    await Promise.all([1, 2, 3].flatMap((n) => [one.enqueue(`e${n}`, n), two.enqueue(`e${n}`, n)]));
    expect(await one.listPending()).toHaveLength(3);
    expect(await two.listPending()).toHaveLength(3);
  });

  test("a transaction that throws keeps nothing and leaves the connection usable", () => {
    const database = tempJournal().open();
    const insert = (): unknown =>
      database.exec("INSERT INTO gateway_sessions (bot, session_id, seq, saved_at) VALUES ('b', 's', 1, 1)");
    const failing = (): unknown =>
      transaction(database, () => {
        insert();
        throw new Error("no");
      });
    expect(failing).toThrow("no");
    expect(database.prepare("SELECT count(*) AS n FROM gateway_sessions").get()).toEqual({ n: 0 });
    transaction(database, insert);
    expect(database.prepare("SELECT count(*) AS n FROM gateway_sessions").get()).toEqual({ n: 1 });
  });
});

describe("after a restart", () => {
  test("G1: every row is as it was", async () => {
    const journal = tempJournal();
    const database = journal.open();
    const before = openInbox<string>(database, "default", now);
    for (const id of ["pending", "claimed", "completed", "failed"]) {
      await before.enqueue(id, `{"text":"${id} 你好 "}`, { laneKey: id, receivedAt: 5 });
    }
    await before.claim("claimed");
    await before.complete("completed");
    await before.fail("failed", { reason: "bad" });
    database.close();

    const after = openInbox<string>(journal.open(), "default", now);
    expect(await after.listPending()).toMatchObject([
      { id: "pending", payload: '{"text":"pending 你好 "}', laneKey: "pending", receivedAt: 5 },
    ]);
    expect(await after.listClaims()).toMatchObject([{ id: "claimed" }]);
    expect(await after.listFailed?.()).toMatchObject([{ id: "failed", reason: "bad" }]);
    expect(await after.enqueue("completed", "again")).toMatchObject({ kind: "completed", duplicate: true });
  });

  test("G1: what a dead process held is taken back, and the dead process's claim is worth nothing", async () => {
    const journal = tempJournal();
    const dead = openInbox<string>(journal.open(), "default", now);
    await dead.enqueue("e", "text");
    const claim = await dead.claim("e", { ownerId: "dead" });

    const alive = openInbox<string>(journal.open(), "default", now);
    expect(await alive.claimNext()).toBeNull();
    expect(await alive.recoverStaleClaims({ shouldRecover: ({ claim }) => claim.ownerId === "dead" })).toBe(1);
    expect(await alive.claimNext()).toMatchObject({ id: "e", payload: "text", attempts: 1 });
    expect(await dead.complete(claim ?? "")).toBe(false);
    expect(await alive.listClaims()).toHaveLength(1);
  });
});

test("G1: a journal of version 2 keeps what it holds, and takes what is new", () => {
  const journal = tempJournal();
  const old = journal.open();
  old.exec(
    "PRAGMA user_version = 2; DROP TABLE reply_anchors; DROP TABLE answer_parts; DROP TABLE chats; DROP TABLE message_refs; DROP TABLE refusals; DROP TABLE audits;",
  );
  old.exec(`
    CREATE TABLE reply_anchors (account TEXT, msg_id TEXT, target TEXT, received_at INTEGER, expires_at INTEGER,
      replies INTEGER, used INTEGER DEFAULT 0, PRIMARY KEY (account, msg_id)) WITHOUT ROWID;
    CREATE TABLE answer_parts (account TEXT, answer TEXT, part INTEGER, target TEXT, text TEXT, state TEXT,
      began_at INTEGER, PRIMARY KEY (account, answer, part)) WITHOUT ROWID;
    CREATE TABLE peers (account TEXT, target TEXT, refused_at INTEGER, PRIMARY KEY (account, target));
    INSERT INTO reply_anchors VALUES ('a', 'm1', 'c2c:U', 0, 100, 4, 1);
    INSERT INTO answer_parts VALUES ('a', 'q:0', 0, 'c2c:U', 'kept', 'parked', 0);
  `);
  old.close();
  const database = journal.open();
  expect(openReplies(database, "a").claim({ target: "c2c:U" }, 50)).toEqual({ msgId: "m1", msgSeq: 2 });
  expect(
    openParked(database, "a")
      .waiting("c2c:U")
      .map(({ text }) => text),
  ).toEqual(["kept"]);
});

test("G1: a journal of version 3 keeps what it holds, and takes what personal accounts need", () => {
  const journal = tempJournal();
  const old = journal.open();
  openParked(old, "a").begin({ id: "q:0", target: "c2c:U" }, [{ text: "kept" }], 1);
  openChats(old, "a").heard("c2c:U", 5);
  old.exec(`
    PRAGMA user_version = 3; DROP TABLE contact_requests; DROP TABLE onebot_marks;
    ALTER TABLE answer_parts DROP COLUMN attempt; ALTER TABLE answer_parts DROP COLUMN turn; ALTER TABLE chats DROP COLUMN muted_until;
    INSERT INTO message_refs (account, ref, message_id, own, text, at) VALUES ('a', 'REFIDX_1', 'm1', 1, 'said', 1);
    ALTER TABLE message_refs DROP COLUMN target;
  `);
  old.close();
  const database = journal.open();
  const parked = openParked(database, "a");
  const [part] = parked.read("q:0");
  if (part) parked.tryNow(part, { since: 1, message: { content: { kind: "text", text: "kept" } } });
  expect(parked.read("q:0")[0]).toMatchObject({ text: "kept", state: "trying", attempt: { since: 1 } });
  const refs = openRefs(database, "a");
  refs.note({ ref: "REFIDX_1", messageId: "m1", own: true, text: "again", chat: "c2c:U" }, 2);
  expect(refs.find("REFIDX_1")).toEqual({ ref: "REFIDX_1", messageId: "m1", own: true, text: "said" });
  const chats = openChats(database, "a");
  chats.setMuted("c2c:U", 9);
  expect([chats.hasWritten("c2c:U"), chats.mutedUntil("c2c:U", 8), chats.mutedUntil("c2c:U", 9)]).toEqual([
    true,
    9,
    undefined,
  ]);
});

test("G1: a journal of version 4 keeps its answers; who waits for approval is forgotten, for the message is not there", () => {
  const journal = tempJournal();
  const old = journal.open();
  openParked(old, "a").begin({ id: "q:0", target: "c2c:U" }, [{ text: "kept" }], 1);
  old.exec(`
    PRAGMA user_version = 4; ALTER TABLE answer_parts DROP COLUMN turn; ALTER TABLE pairing_waits DROP COLUMN event;
    INSERT INTO pairing_waits (account, sender_id, target, until) VALUES ('a', 'U', 'c2c:U', 100);
  `);
  old.close();
  const database = journal.open();
  const parked = openParked(database, "a");
  expect(parked.read("q:0")).toMatchObject([{ text: "kept" }]);
  expect(parked.begin({ id: "q:1", target: "c2c:U", turn: "m1" }, [{ text: "new" }], 2)).toHaveLength(1);
  const waits = openWaits(database, "a");
  expect(waits.list(0)).toEqual([]);
  const wait = { senderId: "U", target: "c2c:U", until: 100, event: { key: "k", lane: "c2c:U", text: "{}" } };
  waits.add(wait);
  expect(waits.list(0)).toEqual([wait]);
});
