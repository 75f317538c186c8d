// Not beside the journal: an installed folder is scanned by the host, tests and all, and starting processes is a finding.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { openInbox } from "../../extensions/qq/src/journal/inbox.ts";
import { tempJournal } from "../../extensions/qq/src/journal/testing/temp-journal.ts";

const JOURNAL = new URL("../../extensions/qq/src/journal/", import.meta.url);

/** Enqueues without end and says after each event that it is stored. */
const child = `
  import { writeSync } from "node:fs";
  const [file, database, inbox] = process.argv.slice(1);
  const { openJournal } = await import(database);
  const { openInbox } = await import(inbox);
  const queue = openInbox(openJournal(file), "default", () => 1);
  for (let n = 0; ; n++) {
    await queue.enqueue("e" + n, { n });
    writeSync(1, "e" + n + "\\n");
  }
`;

test("G1: kill -9 at any moment loses no event that was reported as stored", async () => {
  const journal = tempJournal();
  const modules = ["database.ts", "inbox.ts"].map((name) => new URL(name, JOURNAL).href);
  const args = ["--no-warnings", "--input-type=module", "-e", child, journal.file, ...modules];
  const writer = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void writer.kill("SIGKILL"));
  const exit = once(writer, "exit");
  const reported: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    reported.push(line);
    if (reported.length === 50) writer.kill("SIGKILL");
  }
  expect(await exit).toEqual([null, "SIGKILL"]);
  expect(reported.length).toBeGreaterThanOrEqual(50);

  const queue = openInbox<{ n: number }>(journal.open(), "default", () => 1_000);
  const stored = await queue.listPending({ limit: "all" });
  expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(reported));
  expect(stored.every(({ id, payload }) => id === `e${payload.n}`)).toBe(true);
  expect(await queue.enqueue(reported[0] ?? "", { n: 0 })).toMatchObject({ duplicate: true });
});
