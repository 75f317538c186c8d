import { describe, expect, test } from "vitest";
import { openJournal } from "./database.ts";
import { openSessions } from "./sessions.ts";
import { tempJournal } from "./testing/temp-journal.ts";
import { openWaits } from "./waits.ts";

describe("sessions", () => {
  test("C2: the last session is there after a restart, and gone when it is over", () => {
    const journal = tempJournal();
    const database = journal.open();
    const before = openSessions(database, "default:102");
    expect(before.load()).toBeUndefined();
    before.save({ sessionId: "s1", seq: 7, savedAt: 100 });
    before.save({ sessionId: "s1", seq: 8, savedAt: 200 });
    database.close();

    const after = openSessions(journal.open(), "default:102");
    expect(after.load()).toEqual({ sessionId: "s1", seq: 8, savedAt: 200 });
    after.save(undefined);
    expect(after.load()).toBeUndefined();
    after.save(undefined);
  });

  test("belong to one account and one AppID", () => {
    const database = openJournal(":memory:");
    const bots = ["default:102", "default:103", "work:102"].map((bot) => openSessions(database, bot));
    for (const [index, sessions] of bots.entries()) sessions.save({ sessionId: `s${index}`, seq: index, savedAt: 1 });
    bots[1]?.save(undefined);
    expect(bots.map((sessions) => sessions.load()?.sessionId)).toEqual(["s0", undefined, "s2"]);
  });

  test("a sequence of zero and a large one come back as they were", () => {
    const sessions = openSessions(openJournal(":memory:"), "b");
    for (const seq of [0, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
      sessions.save({ sessionId: "s", seq, savedAt: 1 });
      expect(sessions.load()?.seq).toBe(seq);
    }
  });
});

describe("waits", () => {
  const event = { key: "message:1", lane: "c2c:A", text: "{}" };
  const wait = { senderId: "A", target: "c2c:A", until: 1_000, event };

  test("D1: who waits is known after a restart, soonest to end first", () => {
    const journal = tempJournal();
    const database = journal.open();
    const before = openWaits(database, "default");
    before.add(wait);
    before.add({ ...wait, senderId: "B", until: 500 });
    database.close();
    expect(openWaits(journal.open(), "default").list(0)).toEqual([{ ...wait, senderId: "B", until: 500 }, wait]);
  });

  test("a new code replaces the old one; a wait ends by removal or when its code dies", () => {
    const waits = openWaits(openJournal(":memory:"), "default");
    waits.add(wait);
    waits.add({ ...wait, until: 2_000 });
    expect(waits.list(1_999)).toEqual([{ ...wait, until: 2_000 }]);
    expect(waits.list(2_000)).toEqual([]);
    expect(waits.list(0)).toEqual([]);
    waits.add(wait);
    expect(waits.holds(wait)).toBe(true);
    for (const other of [
      { ...wait, senderId: "B" },
      { ...wait, senderId: "a" },
      { ...wait, until: 500 },
    ]) {
      waits.remove(other);
      expect([waits.holds(other), waits.list(0)]).toEqual([false, [wait]]);
    }
    waits.remove(wait);
    expect([waits.holds(wait), waits.list(0)]).toEqual([false, []]);
  });

  test("accounts do not see each other's", () => {
    const database = openJournal(":memory:");
    const [one, two] = [openWaits(database, "one"), openWaits(database, "two")];
    one.add(wait);
    two.remove(wait);
    expect(two.holds(wait)).toBe(false);
    expect(two.list(9_999)).toEqual([]);
    expect(one.list(0)).toEqual([wait]);
  });
});
