import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createPace, type Limit, type Pace } from "./pace.ts";

const five: Limit = { key: "five", rate: { count: 5, perMs: 1000 } };
const twenty: Limit = { key: "twenty", rate: { count: 20, perMs: 60_000 } };

let clock: FakeClock;
let pace: Pace;
/** What went out, with the ms from the start. */
let made: (readonly [name: string, ms: number])[];
let refused: unknown[];
beforeEach(() => {
  clock = createFakeClock();
  pace = createPace(clock);
  made = [];
  refused = [];
});
afterEach(() => expect(clock.sleepers).toBe(0));

function take(name: string, limits: readonly Limit[], signal?: AbortSignal, takes = 0): void {
  const work = async (): Promise<void> => {
    made.push([name, clock.now() - FAKE_NOW]);
    if (takes > 0) await clock.sleep(takes);
  };
  pace.run(limits, "POST /x", work, signal).catch((error: unknown) => refused.push(error));
}
const times = (): number[] => made.map(([, ms]) => ms);

/** The most calls that any stretch of `perMs` has seen. */
function densest(perMs: number): number {
  return Math.max(...times().map((from) => times().filter((at) => at >= from && at < from + perMs).length));
}

describe("a limit", () => {
  it("lets as many through at once as it has, and the rest in order as soon as it may", async () => {
    for (let n = 0; n < 12; n++) take(`${n}`, [five]);
    await clock.advance(5000);
    expect(made.map(([name]) => name)).toEqual(Array.from({ length: 12 }, (_, n) => `${n}`));
    expect(times()).toEqual([0, 0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000, 2000, 2000]);
  });

  it("is kept in every stretch of its length, however the calls come", async () => {
    for (let n = 0; n < 40; n++) {
      take(`${n}`, [five]);
      await clock.advance((n * 137) % 400);
    }
    await clock.advance(10_000);
    expect(made).toHaveLength(40);
    expect(densest(1000)).toBeLessThanOrEqual(5);
  });

  it("refuses what would wait longer than 10 s, at once and by itself, and counts it for nothing", async () => {
    for (let n = 0; n < 20; n++) take(`${n}`, [twenty]);
    take("one too many", [twenty]);
    await clock.settle();
    expect(made).toHaveLength(20);
    expect(refused).toMatchObject([
      {
        kind: "rate-limited",
        retry: "later",
        mayHaveArrived: false,
        refusal: { heldBack: true, status: 0, retryAfterMs: 60_000 },
        message: expect.stringMatching(/held back here.*POST \/x, again in 60 s/),
      },
    ]);
    await clock.advance(50_000);
    take("in time", [twenty]);
    await clock.advance(10_000);
    expect(made.at(-1)).toEqual(["in time", 60_000]);
  });

  it("counts a call from its start to its answer: it arrives some time between", async () => {
    for (let n = 0; n < 7; n++) take(`${n}`, [five], undefined, 400);
    await clock.advance(5000);
    expect(times()).toEqual([0, 0, 0, 0, 0, 1400, 1400]);
  });

  it("a call without an answer holds one place and no more", async () => {
    take("hangs", [five], undefined, 8000);
    for (let n = 0; n < 9; n++) take(`${n}`, [five]);
    await clock.advance(4000);
    expect(times()).toEqual([0, 0, 0, 0, 0, 1000, 1000, 1000, 1000, 2000]);
    await clock.advance(4000);
  });

  it("is nobody else's: another chat goes on", async () => {
    for (let n = 0; n < 21; n++) take("a", [{ ...twenty, key: "chat a" }]);
    take("b", [{ ...twenty, key: "chat b" }]);
    await clock.settle();
    expect(made.filter(([name]) => name === "b")).toEqual([["b", 0]]);
    expect(refused).toHaveLength(1);
  });

  it("gives the place of one that gave up to the next", async () => {
    const stop = new AbortController();
    for (let n = 0; n < 5; n++) take("first", [five]);
    take("given up", [five], stop.signal);
    await clock.advance(100);
    stop.abort();
    await clock.settle();
    expect(refused).toMatchObject([{ code: "QQ_TRANSPORT", mayHaveArrived: false }]);
    for (let n = 0; n < 5; n++) take("next", [five]);
    await clock.advance(2000);
    expect(times().slice(5)).toEqual([1000, 1000, 1000, 1000, 1000]);
  });

  it("that is held waits for all, those already waiting included, and refuses when that is long", async () => {
    for (let n = 0; n < 16; n++) take(`${n}`, [five]);
    await clock.advance(500);
    pace.hold([five], 3000);
    await clock.settle();
    take("late", [five]);
    await clock.advance(7000);
    expect(made.slice(5).map(([name]) => name)).toEqual([...Array.from({ length: 11 }, (_, n) => `${n + 5}`), "late"]);
    expect(Math.min(...times().slice(5))).toBe(3500);
    expect(Math.max(...times())).toBeLessThanOrEqual(3500 + 2 * 1000);
    expect(densest(1000)).toBeLessThanOrEqual(5);
    pace.hold([five], 60_000);
    take("refused", [five]);
    await clock.settle();
    expect(refused).toMatchObject([{ refusal: { retryAfterMs: 60_000 } }]);
  });

  it("that is held for long rejects those who wait already", async () => {
    for (let n = 0; n < 6; n++) take(`${n}`, [five]);
    await clock.settle();
    pace.hold([five], 60_000);
    await clock.settle();
    expect(refused).toMatchObject([{ refusal: { heldBack: true, retryAfterMs: 60_000 } }]);
  });
});

it("a call under two limits keeps both, and one that waits under its own lets others pass", async () => {
  const bot: Limit = { key: "bot", rate: { count: 30, perMs: 60_000 } };
  for (let n = 0; n < 20; n++) take("a", [{ ...twenty, key: "chat a" }, bot]);
  await clock.advance(55_000);
  take("a again", [{ ...twenty, key: "chat a" }, bot]);
  for (let n = 0; n < 10; n++) take("b", [{ ...twenty, key: "chat b" }, bot]);
  await clock.advance(20_000);
  expect(made.filter(([name]) => name === "a again")).toEqual([["a again", 60_000]]);
  expect(made.filter(([name]) => name === "b").map(([, ms]) => ms)).toEqual([
    ...Array.from({ length: 9 }, () => 55_000),
    60_000,
  ]);
  expect(densest(60_000)).toBeLessThanOrEqual(30);
});

it("thousands of chats are forgotten when their minute is over", async () => {
  for (let n = 0; n < 3000; n++) take(`${n}`, [{ ...five, key: `chat ${n}` }]);
  await clock.advance(5000);
  take("last", [five]);
  await clock.settle();
  expect(made).toHaveLength(3001);
});
