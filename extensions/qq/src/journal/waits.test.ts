import { expect, test } from "vitest";
import { tempJournal } from "./testing/temp-journal.ts";
import { openWaits } from "./waits.ts";

test("D1: who waits for approval is forgotten when their code has died, of that account only", () => {
  const database = tempJournal().open();
  const [waits, other] = [openWaits(database, "one"), openWaits(database, "two")];
  const event = { key: "message:c2c:20001:1", lane: "c2c:20001", text: "{}" };
  const wait = { senderId: "20001", target: "c2c:20001", until: 1000, event };
  for (const each of [waits, other]) each.add(wait);
  waits.prune(999);
  expect(waits.list(0)).toEqual([wait]);
  waits.prune(1000);
  expect(waits.list(0)).toEqual([]);
  expect(other.list(0)).toEqual([wait]);
});
