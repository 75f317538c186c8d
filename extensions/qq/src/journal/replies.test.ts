import { describe, expect, test } from "vitest";
import { REPLY_LIMITS } from "../protocol/official/limits.ts";
import { openJournal } from "./database.ts";
import { openReplies, type Replies } from "./replies.ts";
import { tempJournal } from "./testing/temp-journal.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const target = "c2c:A";

function open(replies: Replies, msgId: string, receivedAt = 0, scene: keyof typeof REPLY_LIMITS = "c2c", to = target) {
  replies.open({ msgId, target: to, receivedAt, limit: REPLY_LIMITS[scene] });
}

function inMemory(): Replies {
  return openReplies(openJournal(":memory:"), "default");
}

/** Claims until nothing is left, and says which numbers came. */
function claimAll(replies: Replies, now = 1, reserve = 0): number[] {
  const numbers: number[] = [];
  for (let claim = replies.claim({ target, reserve }, now); claim; claim = replies.claim({ target, reserve }, now)) {
    numbers.push(claim.msgSeq);
    if (numbers.length > 99) break;
  }
  return numbers;
}

describe("how many", () => {
  test.each([
    ["c2c", [1, 2, 3, 4]],
    ["group", [1, 2, 3, 4, 5]],
  ] as const)("F3: a %s message takes the replies numbered %j and no more", (scene, numbers) => {
    const replies = inMemory();
    open(replies, "m", 0, scene);
    expect(claimAll(replies)).toEqual(numbers);
    expect(replies.claim({ target }, 2)).toBeUndefined();
  });

  test.each(["channel", "dm"] as const)("a guild's %s message takes any number of replies", (scene) => {
    const replies = inMemory();
    open(replies, "m", 0, scene);
    expect(claimAll(replies)).toHaveLength(100);
  });

  test("a reserve leaves replies for what is yet to come, and a final answer takes them", () => {
    const replies = inMemory();
    open(replies, "m");
    expect(claimAll(replies, 1, 1)).toEqual([1, 2, 3]);
    expect(replies.claim({ target, reserve: 4 }, 1)).toBeUndefined();
    expect(claimAll(replies)).toEqual([4]);
  });

  test("F3: 1,000 claims are 1,000 distinct pairs of message and number", () => {
    const replies = inMemory();
    const seen = new Set<string>();
    for (let n = 0; n < 250; n++) open(replies, `m${n}`, n);
    for (let n = 0; n < 1_000; n++) {
      const claim = replies.claim({ target, part: `part${n}` }, 1_000);
      if (claim) seen.add(`${claim.msgId} ${claim.msgSeq}`);
    }
    expect(seen.size).toBe(1_000);
    expect(replies.claim({ target }, 1_000)).toBeUndefined();
  });
});

describe("which message", () => {
  test("C6: the newest of the same chat, then the one before it", () => {
    const replies = inMemory();
    open(replies, "old", 10);
    open(replies, "new", 20);
    open(replies, "middle", 15);
    open(replies, "elsewhere", 30, "group", "group:A");
    const ids = Array.from({ length: 12 }, () => replies.claim({ target }, 100)?.msgId);
    expect(ids).toEqual([...Array(4).fill("new"), ...Array(4).fill("middle"), ...Array(4).fill("old")]);
    expect(replies.claim({ target }, 100)).toBeUndefined();
    expect(replies.claim({ target: "group:A" }, 100)?.msgId).toBe("elsewhere");
    expect(replies.claim({ target: "c2c:a" }, 100)).toBeUndefined();
  });

  test("another account's messages are not this one's", () => {
    const database = openJournal(":memory:");
    const [one, two] = [openReplies(database, "one"), openReplies(database, "two")];
    open(one, "m");
    expect(two.claim({ target }, 1)).toBeUndefined();
    open(two, "m");
    expect(one.claim({ target, part: "p" }, 1)).toEqual({ msgId: "m", msgSeq: 1 });
    expect(two.knows("p")).toBe(false);
    expect(two.claim({ target, part: "p" }, 1)).toEqual({ msgId: "m", msgSeq: 1 });
    two.close({ msgId: "m", msgSeq: 1 });
    expect(one.claim({ target }, 1)).toEqual({ msgId: "m", msgSeq: 2 });
  });

  test.each([
    ["c2c", 60 * MINUTE],
    ["group", 5 * MINUTE],
  ] as const)("a %s message is used until five seconds before its window shuts", (scene, windowMs) => {
    const replies = inMemory();
    open(replies, "m", 1_000, scene);
    expect(replies.claim({ target }, 1_000 + windowMs - 5_001)).toBeDefined();
    expect(replies.claim({ target }, 1_000 + windowMs - 5_000)).toBeUndefined();
    expect(replies.claim({ target }, 1_000 + windowMs)).toBeUndefined();
  });

  test("opening a message again neither renews its window nor its replies", () => {
    const replies = inMemory();
    open(replies, "m", 0);
    expect(claimAll(replies)).toHaveLength(4);
    open(replies, "m", 30 * MINUTE);
    expect(replies.claim({ target }, 31 * MINUTE)).toBeUndefined();
  });
});

describe("a part of an answer", () => {
  test("F3: claims the same number at every try, also after a restart", () => {
    const journal = tempJournal();
    const database = journal.open();
    const before = openReplies(database, "default");
    open(before, "m");
    expect(before.knows("p1")).toBe(false);
    expect(before.claim({ target, part: "p1" }, 1)).toEqual({ msgId: "m", msgSeq: 1 });
    expect(before.claim({ target, part: "p2" }, 1)).toEqual({ msgId: "m", msgSeq: 2 });
    database.close();

    const after = openReplies(journal.open(), "default");
    open(after, "newer", 50);
    expect(after.knows("p1")).toBe(true);
    expect(after.claim({ target, part: "p1" }, 2)).toEqual({ msgId: "m", msgSeq: 1 });
    expect(after.claim({ target, part: "p1" }, 3 * HOUR)).toEqual({ msgId: "m", msgSeq: 1 });
    expect(after.claim({ target, part: "p3" }, 60)).toEqual({ msgId: "newer", msgSeq: 1 });
    after.close({ msgId: "newer", msgSeq: 1 });
    expect(after.claim({ target, part: "p4" }, 60)).toEqual({ msgId: "m", msgSeq: 3 });
  });

  test("a part that got no claim is not known, and claims when there is something to claim", () => {
    const replies = inMemory();
    expect(replies.claim({ target, part: "p" }, 1)).toBeUndefined();
    expect(replies.knows("p")).toBe(false);
    open(replies, "m");
    expect(replies.claim({ target, part: "p" }, 1)).toEqual({ msgId: "m", msgSeq: 1 });
  });

  test("claims anew when the platform shut its message", () => {
    const replies = inMemory();
    open(replies, "old", 10);
    open(replies, "new", 20);
    expect(replies.claim({ target, part: "p" }, 100)).toEqual({ msgId: "new", msgSeq: 1 });
    replies.close({ msgId: "new", msgSeq: 1 });
    expect(replies.knows("p")).toBe(false);
    expect(replies.claim({ target, part: "p" }, 100)).toEqual({ msgId: "old", msgSeq: 1 });
    replies.close({ msgId: "old", msgSeq: 1 });
    expect(replies.claim({ target, part: "p" }, 100)).toBeUndefined();
    open(replies, "new", 20);
    expect(replies.claim({ target, part: "p" }, 100)).toBeUndefined();
  });
});

describe("prune", () => {
  test("forgets messages out of every window, and keeps the numbers of parts for a week", () => {
    const database = openJournal(":memory:");
    const replies = openReplies(database, "default");
    open(replies, "m");
    replies.claim({ target, part: "p" }, 1);
    open(replies, "recent", HOUR);
    replies.prune(2 * HOUR + 1);
    const anchors = database.prepare("SELECT msg_id FROM reply_anchors");
    expect(anchors.all()).toEqual([{ msg_id: "recent" }]);
    expect(replies.claim({ target, part: "p" }, 2 * HOUR)).toEqual({ msgId: "m", msgSeq: 1 });
    replies.prune(7 * 24 * HOUR + 2);
    expect(replies.knows("p")).toBe(false);
    expect(anchors.all()).toEqual([]);
  });

  test("does not forget that a message is shut while it could still be used", () => {
    const replies = inMemory();
    open(replies, "m");
    replies.close({ msgId: "m", msgSeq: 1 });
    replies.prune(30 * MINUTE);
    open(replies, "m");
    expect(replies.claim({ target }, 31 * MINUTE)).toBeUndefined();
  });

  test("a part of a shut message does not come back to it when the message is forgotten", () => {
    const replies = inMemory();
    open(replies, "m");
    replies.claim({ target, part: "p" }, 1);
    replies.close({ msgId: "m", msgSeq: 1 });
    replies.prune(3 * HOUR);
    expect(replies.knows("p")).toBe(false);
    expect(replies.claim({ target, part: "p" }, 3 * HOUR)).toBeUndefined();
  });

  test("leaves other accounts alone", () => {
    const database = openJournal(":memory:");
    const [one, two] = [openReplies(database, "one"), openReplies(database, "two")];
    open(two, "m");
    one.prune(9 * HOUR);
    expect(two.claim({ target }, 1)).toEqual({ msgId: "m", msgSeq: 1 });
  });
});

test("F3: of two messages in one second the later one to come is answered", () => {
  const replies = openReplies(openJournal(":memory:"), "one");
  const second = Date.parse("2026-11-20T09:30:01Z");
  for (const msgId of ["z", "a", "m"]) {
    replies.open({ msgId, target: "c2c:U", receivedAt: second, limit: { windowMs: 60_000, replies: 4 } });
  }
  replies.open({ msgId: "older", target: "c2c:U", receivedAt: second - 1000, limit: { windowMs: 60_000, replies: 4 } });
  expect(replies.claim({ target: "c2c:U" }, second)).toEqual({ msgId: "m", msgSeq: 1 });
});
