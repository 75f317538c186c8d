import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet } from "../testing/fake-net.ts";
import { createSendQueue, type SendQueue } from "./send-queue.ts";

let clock: FakeClock;
let queue: SendQueue;
/** What began and ended, with the ms from the start. */
let seen: string[];
beforeEach(() => {
  clock = createFakeClock();
  queue = createSendQueue(
    createFakeNet(clock, () => 0.5),
    1000,
  );
  seen = [];
});
afterEach(() => expect(clock.sleepers).toBe(0));

const note = (what: string): void => void seen.push(`${what} ${clock.now() - FAKE_NOW}`);
const work = (name: string, ms: number) => async (): Promise<string> => {
  note(`${name} begins`);
  await clock.sleep(ms);
  note(`${name} ends`);
  return name;
};
const outcome = async (promise: Promise<unknown>): Promise<unknown> => await promise.catch((error: unknown) => error);

describe("sends of one account", () => {
  test("come one by one in order, with the gap and half of its half between them", async () => {
    const all = Promise.all(["a", "b", "c"].map(async (name) => await queue.send(work(name, 200))));
    await clock.advance(20_000);
    expect(await all).toEqual(["a", "b", "c"]);
    expect(seen).toEqual(["a begins 0", "a ends 200", "b begins 1450", "b ends 1650", "c begins 2900", "c ends 3100"]);
  });

  test("a pause that was long enough costs no other", async () => {
    await Promise.all([queue.send(work("a", 0)), clock.advance(5000)]);
    await Promise.all([queue.send(work("b", 0)), clock.advance(5000)]);
    expect(seen).toContain("b begins 5000");
  });

  test("one that fails lets the next go", async () => {
    const failed = outcome(queue.send(() => Promise.reject(new Error("no"))));
    const next = queue.send(work("b", 0));
    await clock.advance(20_000);
    expect(await failed).toEqual(new Error("no"));
    expect(await next).toBe("b");
  });

  test("one that takes half an hour keeps the others back for 10 s only", async () => {
    const slow = queue.send(work("slow", 1_800_000));
    const next = queue.send(work("next", 0));
    await clock.advance(1_800_000);
    expect(await Promise.all([slow, next])).toEqual(["slow", "next"]);
    expect(seen).toContain("next begins 11250");
  });

  test("F9: what is aborted while it waits was surely not sent, and takes no turn", async () => {
    const stop = new AbortController();
    const first = queue.send(work("a", 200));
    const given = outcome(queue.send(work("b", 0), stop.signal));
    const last = queue.send(work("c", 0));
    await clock.advance(100);
    stop.abort();
    await clock.advance(20_000);
    expect(await given).toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: false });
    await Promise.all([first, last]);
    expect(seen.filter((line) => line.includes("begins"))).toEqual(["a begins 0", "c begins 1450"]);
  });
});

describe("sends to one chat", () => {
  test("C6: wait for each other and for no other chat", async () => {
    const all = Promise.all([
      queue.inChat("group:1", work("a", 500)),
      queue.inChat("group:1", work("b", 0)),
      queue.inChat("group:2", work("x", 0)),
    ]);
    await clock.advance(1000);
    expect(await all).toEqual(["a", "b", "x"]);
    expect(seen).toEqual(["a begins 0", "x begins 0", "x ends 0", "a ends 500", "b begins 500", "b ends 500"]);
  });

  test("an abort of one that waits lets nobody overtake the one that runs", async () => {
    const stop = new AbortController();
    const first = queue.inChat("group:1", work("a", 500));
    const given = outcome(queue.inChat("group:1", work("b", 0), stop.signal));
    stop.abort();
    await clock.settle();
    const last = queue.inChat("group:1", work("c", 0));
    await clock.advance(1000);
    expect(await given).toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: false });
    await Promise.all([first, last]);
    expect(seen).toEqual(["a begins 0", "a ends 500", "c begins 500", "c ends 500"]);
  });
});
