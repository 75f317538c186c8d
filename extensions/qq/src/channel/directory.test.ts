import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openChats } from "../journal/chats.ts";
import { openJournal } from "../journal/database.ts";
import { directory, journalFile } from "./directory.ts";
import { setQQRuntime } from "./runtime.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "qq-directory-"));
  // Where the journal is: all that a directory asks of the host.
  setQQRuntime({ state: { resolveStateDir: () => state } } as unknown as Parameters<typeof setQQRuntime>[0]);
});
afterEach(() => rmSync(state, { recursive: true }));

type Wish = Parameters<NonNullable<typeof directory.listPeers>>[0];

async function list(
  what: "listPeers" | "listGroups",
  more: Partial<Wish> = {},
): Promise<readonly string[] | undefined> {
  // What else a wish holds is for other channels.
  const wish = { cfg: {}, accountId: "default", query: null, limit: null, ...more } as Wish;
  return (await directory[what]?.(wish))?.map(({ id }) => id);
}

test("F11: lists an account's chats as targets, the latest first, while a gateway writes", async () => {
  const journal = openJournal(journalFile());
  const chats = openChats(journal, "default");
  for (const [at, target] of ["c2c:A", "group:G", "dm:D", "channel:C", "c2c:B", "c2c:GONE"].entries()) {
    chats.heard(target, at + 1);
  }
  chats.setOpen("c2c:GONE", false, 9);
  openChats(journal, "other").heard("c2c:X", 1);
  expect(await list("listPeers")).toEqual(["c2c:B", "dm:D", "c2c:A"]);
  expect(await list("listGroups")).toEqual(["channel:C", "group:G"]);
  expect(await list("listPeers", { query: "D" })).toEqual(["dm:D"]);
  expect(await list("listPeers", { limit: 1 })).toEqual(["c2c:B"]);
  expect(await list("listPeers", { accountId: "other" })).toEqual(["c2c:X"]);
  journal.close();
});

test("F11: is empty before the gateway has ever run, and leaves nothing behind", async () => {
  expect(await list("listPeers")).toEqual([]);
  openJournal(journalFile()).close();
  expect(await list("listPeers")).toEqual([]);
});
