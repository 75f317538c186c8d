import { expect, test } from "vitest";
import { openOneBotMemory } from "./onebot-marks.ts";
import { openRefs } from "./refs.ts";
import { tempJournal } from "./testing/temp-journal.ts";

test("C4: how far each conversation was read is there after a restart, for that account only", () => {
  const journal = tempJournal();
  const memory = openOneBotMemory(journal.open(), "default");
  expect(memory.marks()).toEqual([]);
  memory.mark({ lane: "c2c:20001", messageId: "812450734", at: 1_790_000_000_000 });
  memory.mark({ lane: "group:30001", messageId: "5", at: 1_790_000_001_000 });
  const database = journal.open();
  expect(openOneBotMemory(database, "default").marks()).toEqual([
    { lane: "group:30001", messageId: "5", at: 1_790_000_001_000 },
    { lane: "c2c:20001", messageId: "812450734", at: 1_790_000_000_000 },
  ]);
  expect(openOneBotMemory(database, "work").marks()).toEqual([]);
});

test("C4: a mark goes on within its second, and never back", () => {
  const memory = openOneBotMemory(tempJournal().open(), "default");
  const told = (): unknown => memory.marks()[0];
  memory.mark({ lane: "group:30001", messageId: "2", at: 2000 });
  memory.mark({ lane: "group:30001", messageId: "1", at: 1000 });
  expect(told()).toEqual({ lane: "group:30001", messageId: "2", at: 2000 });
  memory.mark({ lane: "group:30001", messageId: "3", at: 2000 });
  expect(told()).toEqual({ lane: "group:30001", messageId: "3", at: 2000 });
});

test("C4: the mark of a conversation that has been quiet for a month is forgotten, for that account only", () => {
  const database = tempJournal().open();
  const [memory, other] = ["default", "work"].map((account) => openOneBotMemory(database, account));
  const month = 30 * 24 * 3_600_000;
  for (const each of [memory, other]) each?.mark({ lane: "group:30001", messageId: "1", at: 1000 });
  memory?.mark({ lane: "group:30002", messageId: "2", at: 2000 });
  memory?.prune(1000 + month);
  expect(memory?.marks()).toHaveLength(2);
  memory?.prune(1001 + month);
  expect(memory?.marks().map(({ lane }) => lane)).toEqual(["group:30002"]);
  expect(other?.marks()).toHaveLength(1);
});

test("F9: what the account has sent is known after a restart, what others have sent is not its own", () => {
  const journal = tempJournal();
  const refs = openRefs(journal.open(), "default");
  const chat = "group:30001";
  refs.note({ ref: "1", messageId: "1", own: true, text: "", chat }, 0);
  refs.note({ ref: "2", messageId: "2", own: false, text: "", chat }, 0);
  const memory = openOneBotMemory(journal.open(), "default");
  expect(["1", "2", "3"].map((id) => memory.isSent(id, chat))).toEqual([true, false, false]);
  expect(memory.isSent("1", "group:30002")).toBe(false);
});
