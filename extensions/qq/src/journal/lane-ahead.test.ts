import { expect, test } from "vitest";
import { openJournal } from "./database.ts";
import { openInbox } from "./inbox.ts";
import { openLaneAhead } from "./lane-ahead.ts";

test("what waits in a lane is seen by those who look ahead, what is under way or over is not", async () => {
  const journal = openJournal(":memory:");
  const inbox = openInbox(journal, "a", () => 1);
  const put = (id: string, laneKey: string, text: string) =>
    inbox.enqueue(id, { version: 1, event: { key: id, lane: laneKey, text } }, { laneKey });
  await put("1", "g", '{"notice_type":"group_recall"}');
  await put("2", "g", '{"post_type":"message"}');
  await put("3", "h", '{"notice_type":"group_recall"}');
  const ahead = openLaneAhead(journal, "a");
  expect(ahead.texts("g", "_recall")).toEqual(['{"notice_type":"group_recall"}']);
  expect(openLaneAhead(journal, "b").texts("g", "_recall")).toEqual([]);
  await inbox.claim("1");
  expect(ahead.texts("g", "_recall")).toEqual([]);
});
