import { CHANNEL_INGRESS_RETENTION_DEFAULTS } from "openclaw/plugin-sdk/channel-outbound";
import { expect, test } from "vitest";
import { openJournal } from "../journal/database.ts";
import { openInbox } from "../journal/inbox.ts";
import { OVERTAKEN_MS, REPEATABLE_MS } from "../transport/onebot/reach.ts";

/** Far more than anybody can write to one account within a minute. */
const PER_MINUTE = 10_000;

test("C4 G2: what is read from history a second time is kept out for as long as it may be read, however much came", async () => {
  const { pruneIntervalMs: _, ...retention } = CHANNEL_INGRESS_RETENTION_DEFAULTS;
  const database = openJournal(":memory:");
  let now = 0;
  const inbox = openInbox<object>(database, "default", () => now);
  // One transaction: each row would be a commit of its own.
  database.exec("BEGIN");
  for (let n = 0; n < PER_MINUTE; n++) {
    now = Math.floor((n * OVERTAKEN_MS) / PER_MINUTE);
    await inbox.enqueue(`message:group:30001:${n}`, {}, { laneKey: "group:30001" });
    await inbox.complete(`message:group:30001:${n}`);
  }
  database.exec("COMMIT");
  now = REPEATABLE_MS;
  expect(await inbox.prune({ ...retention, now })).toBe(0);
  expect(await inbox.enqueue("message:group:30001:0", {})).toMatchObject({ kind: "completed", duplicate: true });
  database.close();
});
