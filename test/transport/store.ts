import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { openJournal } from "../../extensions/qq/src/journal/database.ts";
import { openInbox } from "../../extensions/qq/src/journal/inbox.ts";
import type { Accept, RawEvent } from "../../extensions/qq/src/transport/transport.ts";

/** The journal file of one test, and what can go wrong with it. */
export interface Store {
  readonly accept: Accept;
  /** How many events have been brought, repetitions counted. */
  readonly accepted: number;
  /** Called when an event may have been stored. */
  stored: () => void;
  /** Opens the file; the connection that comes back is the reader's, and stays whole when the journal breaks. */
  open(): DatabaseSync;
  close(): void;
  /** Nothing is stored from now on, until the function that comes back is called. */
  hold(): () => void;
  breakJournal(): void;
  mendJournal(): void;
  /** Keys as they were stored, repetitions too: the journal sorts by the millisecond only. */
  readonly order: readonly string[];
  /** Keys of the events in the journal. */
  keys(): readonly string[];
  /** Rows of the inbox that are so. */
  count(where: string): number;
}

export function createStore(now: () => number): Store {
  const directory = mkdtempSync(join(tmpdir(), "qq-transport-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "journal.sqlite");
  let accepted = 0;
  let held = Promise.resolve();
  let writer: DatabaseSync | undefined;
  let inbox: ReturnType<typeof openInbox<RawEvent>> | undefined;
  let reader: DatabaseSync | undefined;
  const order: string[] = [];
  const store: Store = {
    order,
    async accept(event) {
      accepted += 1;
      await held;
      // One inbox for one file: it keeps events of one millisecond in their order.
      inbox ??= openInbox<RawEvent>(opened(writer), "default", now);
      await inbox.enqueue(event.key, event, { laneKey: event.lane });
      order.push(event.key);
      store.stored();
    },
    get accepted() {
      return accepted;
    },
    stored: () => {},
    open() {
      writer = openJournal(file);
      inbox = undefined;
      return (reader = openJournal(file));
    },
    close() {
      for (const database of [writer, reader]) if (database?.isOpen) database.close();
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    breakJournal: () => opened(writer).close(),
    mendJournal() {
      writer = openJournal(file);
      inbox = undefined;
    },
    keys: () =>
      opened(reader)
        .prepare("SELECT id FROM inbox ORDER BY received_at")
        .all()
        .map(({ id }) => String(id)),
    count: (where) => Number(opened(reader).prepare(`SELECT count(*) AS n FROM inbox WHERE ${where}`).get()?.["n"]),
  };
  return store;
}

function opened(database: DatabaseSync | undefined): DatabaseSync {
  if (!database) throw new Error("the journal was never opened");
  return database;
}
