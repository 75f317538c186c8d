import { openJournal } from "../database.ts";
import { openInbox } from "../inbox.ts";

export interface Body {
  readonly n: number;
}

/** An inbox in memory with a clock that a test sets; `other` is a second account in the same file. */
export function openQueue() {
  const clock = { now: 1_000 };
  const database = openJournal(":memory:");
  const now = (): number => clock.now;
  return {
    clock,
    database,
    queue: openInbox<Body>(database, "default", now),
    other: openInbox<Body>(database, "work", now),
  };
}
