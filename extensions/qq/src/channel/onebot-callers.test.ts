import { beforeEach, describe, expect, test } from "vitest";
import { createCallers, type Callers, type Entry } from "./onebot-callers.ts";
import type { OpenTarget } from "./onebot-route.ts";

const NAPCAT = "10.0.0.2";
let callers: Callers;
beforeEach(() => {
  callers = createCallers({
    known: { requests: 20 },
    stranger: { requests: 2, bytes: 10, allBytes: 25 },
    allBytes: 60,
  });
});

function enter(address: string): Entry {
  const entry = callers.enter(address);
  if (!entry) throw new Error("turned away");
  return entry;
}

/** An account that counts how often its line was told that events were missed. */
function createTarget(): OpenTarget & { missed: number } {
  const target = { missed: 0, detached: <T>(work: () => T) => work(), line: { missed: () => void target.missed++ } };
  // Nothing else of it is read here.
  return target as unknown as OpenTarget & { missed: number };
}

describe("C4 G4: a stranger", () => {
  test("has few requests at once, of one address; who leaves makes room", () => {
    const first = enter("a");
    enter("a");
    expect(callers.enter("a")).toBeUndefined();
    enter("b");
    first.leave();
    enter("a");
  });

  test("may hold few bytes, and all strangers together leave room for who is known", () => {
    callers.signed(NAPCAT);
    const [first, second] = [enter("a"), enter("a")];
    expect([first.hold(6), second.hold(4), second.hold(1)]).toEqual([true, true, false]);
    expect(enter("b").hold(10)).toBe(true);
    expect([enter("c").hold(6), enter("c").hold(5)]).toEqual([false, true]);
    expect(enter(NAPCAT).hold(35)).toBe(true);
    first.leave();
    expect(enter("d").hold(6)).toBe(true);
  });
});

test("C4: who has signed rightly has many requests at once, and their bytes are bounded too", () => {
  callers.signed(NAPCAT);
  const entries = Array.from({ length: 20 }, () => enter(NAPCAT));
  expect(callers.enter(NAPCAT)).toBeUndefined();
  expect(entries.filter((entry) => entry.hold(5))).toHaveLength(12);
  for (const entry of entries) entry.leave();
  expect(enter(NAPCAT).hold(60)).toBe(true);
});

describe("G1: an event that was turned away", () => {
  test("is read from history when its sender is known", () => {
    const [one, other] = [createTarget(), createTarget()];
    callers.signed(NAPCAT);
    callers.owe(NAPCAT, [one]);
    expect([one.missed, other.missed]).toEqual([1, 0]);
  });

  test("is read once its sender has signed, so that a stranger causes nothing", () => {
    const [one, other] = [createTarget(), createTarget()];
    for (const target of [one, one, other]) callers.owe(NAPCAT, [target]);
    callers.owe("a", [one]);
    expect(one.missed).toBe(0);
    callers.signed(NAPCAT);
    callers.signed(NAPCAT);
    expect([one.missed, other.missed]).toEqual([1, 1]);
  });

  test("is forgotten when too many strangers want to be remembered", () => {
    const one = createTarget();
    callers.owe(NAPCAT, [one]);
    for (let n = 0; n < 256; n++) callers.owe(`a${n}`, [one]);
    callers.signed(NAPCAT);
    expect(one.missed).toBe(0);
  });
});
