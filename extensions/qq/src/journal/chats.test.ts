import { beforeEach, describe, expect, test } from "vitest";
import { openAudits } from "./audits.ts";
import { listChats, openChats, type Chats } from "./chats.ts";
import { openJournal } from "./database.ts";
import { openRefs, type Refs } from "./refs.ts";
import { openRefusals } from "./refusals.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Noon in Beijing. */
const NOON = Date.parse("2026-11-20T12:00:00+08:00");

let journal: ReturnType<typeof openJournal>;
let chats: Chats;

beforeEach(() => {
  journal = openJournal(":memory:");
  chats = openChats(journal, "one");
});

describe("chats", () => {
  test("E1: of a chat that nobody knows of nothing is assumed", () => {
    expect(chats.isClosed("group:G")).toBe(false);
    expect(chats.proactiveBar("group:G", NOON)).toBeUndefined();
    expect(chats.source("dm:D")).toBeUndefined();
  });

  test("E1: one that the bot was removed from is closed until it is added, or somebody is heard", () => {
    chats.setOpen("group:G", false);
    expect(chats.isClosed("group:G")).toBe(true);
    expect(chats.proactiveBar("group:G", NOON)).toBe("closed");
    expect(chats.isClosed("group:H")).toBe(false);
    expect(openChats(journal, "two").isClosed("group:G")).toBe(false);
    chats.setOpen("group:G", true);
    expect(chats.isClosed("group:G")).toBe(false);
    chats.setOpen("group:G", false);
    chats.heard("group:G", NOON);
    expect(chats.isClosed("group:G")).toBe(false);
  });

  test("C3: what was written before the bot was removed, and is read only now, opens nothing", () => {
    chats.setOpen("group:G", false, NOON);
    chats.heard("group:G", NOON);
    expect(chats.isClosed("group:G")).toBe(true);
    chats.heard("group:G", NOON + 1);
    expect(chats.isClosed("group:G")).toBe(false);
  });

  test("F2: the switch for proactive messages holds until it is turned, a refusal for a day", () => {
    chats.setProactive("c2c:U", false);
    expect(chats.proactiveBar("c2c:U", NOON + 100 * DAY)).toBe("switched-off");
    chats.setProactive("c2c:U", true);
    expect(chats.proactiveBar("c2c:U", NOON)).toBeUndefined();
    chats.noteProactive("c2c:U", false, NOON);
    expect(chats.proactiveBar("c2c:U", NOON + DAY - 1)).toBe("refused-lately");
    expect(chats.proactiveBar("c2c:U", NOON + DAY)).toBeUndefined();
    chats.noteProactive("c2c:U", false, NOON);
    chats.setProactive("c2c:U", true);
    expect(chats.proactiveBar("c2c:U", NOON)).toBeUndefined();
  });

  test("F2: messages of a day are counted by the day in Beijing", () => {
    const nearMidnight = NOON + 12 * HOUR - 1;
    for (const at of [NOON, nearMidnight]) chats.noteProactive("c2c:U", true, at);
    expect(chats.proactiveBar("c2c:U", nearMidnight, 2)).toBe("used-up");
    expect(chats.proactiveBar("c2c:U", nearMidnight, 3)).toBeUndefined();
    expect(chats.proactiveBar("c2c:U", nearMidnight + 1, 2)).toBeUndefined();
    chats.noteProactive("c2c:U", true, nearMidnight + 1);
    expect(chats.proactiveBar("c2c:U", nearMidnight + 1, 1)).toBe("used-up");
  });

  test("F2: no configured number goes over QQ's own", () => {
    for (let n = 0; n < 1000; n += 1) chats.noteProactive("c2c:U", true, NOON);
    expect(chats.proactiveBar("c2c:U", NOON, 5000)).toBe("used-up");
  });

  test.each([
    [0, true],
    [1, true],
    [3, true],
    [7, true],
    [29, true],
    [30, false],
  ])("F11: a wake-up push %d days after the last message: %s, and one in that period", (days, taken) => {
    chats.heard("c2c:U", NOON);
    expect(chats.takeWakeUp("c2c:U", NOON + days * DAY)).toBe(taken);
    expect(chats.takeWakeUp("c2c:U", NOON + days * DAY)).toBe(false);
  });

  test("F11: a new message begins the periods anew; whom nobody has heard is not woken", () => {
    chats.heard("c2c:U", NOON);
    expect(chats.takeWakeUp("c2c:U", NOON)).toBe(true);
    chats.heard("c2c:U", NOON + 1);
    expect(chats.takeWakeUp("c2c:U", NOON + 2)).toBe(true);
    expect(chats.takeWakeUp("c2c:V", NOON)).toBe(false);
  });

  test("C3: who a guild DM is with is remembered", () => {
    chats.heard("dm:D", NOON, { userId: "1", guildId: "2" });
    chats.heard("dm:D", NOON + 1);
    expect(chats.source("dm:D")).toEqual({ userId: "1", guildId: "2" });
  });
});

describe("what else is known", () => {
  test("a chat in which nothing has happened for half a year is forgotten", () => {
    const chats = openChats(journal, "one");
    chats.heard("c2c:1", NOON);
    chats.setOpen("c2c:2", false, NOON + 1);
    chats.setMuted("group:3", NOON + 1);
    chats.prune(NOON + 180 * DAY);
    expect(listChats(journal, "one")).toContain("c2c:1");
    chats.prune(NOON + 180 * DAY + 1);
    expect([listChats(journal, "one"), chats.isClosed("c2c:2")]).toEqual([["group:3"], true]);
    chats.prune(NOON + 180 * DAY + 2);
    expect([listChats(journal, "one"), chats.isClosed("c2c:2")]).toEqual([[], false]);
  });

  test("F5: a message is found by its index and its index by its id, for a week", () => {
    const refs: Refs = openRefs(journal, "one");
    refs.note({ ref: "REFIDX_1", messageId: "m1", own: true, text: "x".repeat(299) + "😀" }, NOON);
    expect(refs.find("REFIDX_1")).toEqual({
      ref: "REFIDX_1",
      messageId: "m1",
      own: true,
      text: "x".repeat(299) + "\uFFFD",
    });
    const sender = { id: "U", name: "ming" };
    refs.note({ ref: "REFIDX_2", messageId: "m2", own: false, sender, text: "hi" }, NOON);
    expect(refs.find("REFIDX_2")).toEqual({ ref: "REFIDX_2", messageId: "m2", own: false, sender, text: "hi" });
    expect(refs.refOf("m1")).toBe("REFIDX_1");
    expect(openRefs(journal, "two").refOf("m1")).toBeUndefined();
    refs.prune(NOON + 7 * DAY);
    expect(refs.refOf("m1")).toBe("REFIDX_1");
    refs.prune(NOON + 7 * DAY + 1);
    expect(refs.refOf("m1")).toBeUndefined();
  });

  test("F5 E2: a message is known in its chat; a number that comes again in another names the newer one", () => {
    const refs = openRefs(journal, "one");
    const own = { ref: "7", messageId: "7", own: true, text: "mine", chat: "group:30001" };
    refs.note(own, NOON);
    refs.note({ ...own, own: false, text: "again" }, NOON);
    expect(refs.findIn("group:30001", "7")).toEqual(own);
    expect(refs.findIn("group:30002", "7")).toBeUndefined();
    const theirs = { ref: "7", messageId: "7", own: false, sender: { id: "20002" }, text: "hi", chat: "c2c:20002" };
    refs.note(theirs, NOON);
    expect(refs.findIn("c2c:20002", "7")).toEqual(theirs);
    expect(refs.findIn("group:30001", "7")).toBeUndefined();
  });

  test("F7: a refusal is known for a day", () => {
    const refusals = openRefusals(journal, "one");
    refusals.note("markdown group", NOON);
    expect(refusals.isKnown("markdown group", NOON + DAY - 1)).toBe(true);
    expect(refusals.isKnown("markdown c2c", NOON)).toBe(false);
    expect(refusals.isKnown("markdown group", NOON + DAY)).toBe(false);
    refusals.prune(NOON + DAY);
    expect(journal.prepare("SELECT count(*) AS n FROM refusals").get()).toEqual({ n: 0 });
  });

  test("F9: a review ends once", () => {
    const audits = openAudits(journal, "one");
    audits.begin("a", "channel:C", NOON);
    audits.begin("b", "channel:C", NOON);
    expect([audits.end("a"), audits.end("a")]).toEqual(["channel:C", undefined]);
    audits.prune(NOON + 7 * DAY + 1);
    expect(audits.end("b")).toBeUndefined();
  });
});
