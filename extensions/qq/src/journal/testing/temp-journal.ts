import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { openJournal } from "../database.ts";

export interface TempJournal {
  readonly file: string;
  /** Opens the file once more, as another process or a later run would. */
  open(): DatabaseSync;
}

/** A journal file of its own for one test; it is closed and removed when the test ends. */
export function tempJournal(): TempJournal {
  const directory = mkdtempSync(join(tmpdir(), "qq-journal-"));
  const file = join(directory, "qq", "journal.sqlite");
  const opened: DatabaseSync[] = [];
  onTestFinished(() => {
    for (const database of opened) if (database.isOpen) database.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    file,
    open: () => {
      const database = openJournal(file);
      opened.push(database);
      return database;
    },
  };
}
