import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet } from "../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import { createIntake, type Arrival, type Intake } from "./intake.ts";

let clock: FakeClock;
let seen: Recorder;
let stop: AbortController;
let full: number;
let intake: Intake;

beforeEach(() => {
  clock = createFakeClock();
  seen = createRecorder();
  stop = new AbortController();
  full = 0;
  const outside = createFakeNet(clock);
  intake = createIntake({ ...seen, outside, stored: () => undefined, full: () => void full++, signal: stop.signal });
});

const event = (lane: string, n: number, text = "{}"): Arrival => ({ event: { key: `${lane}:${n}`, lane, text } });
const keys = (): string[] => seen.accepted.map(({ key }) => key);
/** Takes it as a connection does, which does not wait. */
const take = (arrival: Arrival): void => void intake.take(arrival).catch(() => undefined);

describe("G1: what has come", () => {
  it("is stored lane by lane: one that is slow holds up its own lane only", async () => {
    const slow = Promise.withResolvers<void>();
    seen.onAccept = async ({ key }) => {
      if (key === "a:1") await slow.promise;
    };
    for (const arrival of [event("a", 1), event("a", 2), event("b", 1)]) take(arrival);
    await clock.settle();
    expect(keys()).toEqual(["b:1"]);
    slow.resolve();
    await clock.settle();
    expect(keys()).toEqual(["b:1", "a:1", "a:2"]);
  });

  it("and cannot be stored is tried again for as long as it takes, in its order, and said once", async () => {
    seen.onAccept = () => {
      throw Object.assign(new Error("private words"), { code: "SQLITE_BUSY" });
    };
    let failed: unknown;
    void intake.take(event("a", 1)).catch((error: unknown) => (failed = error));
    take(event("a", 2));
    await clock.advance(3_600_000);
    expect(failed).toMatchObject({ code: "QQ_TRANSPORT", message: expect.stringContaining("SQLITE_BUSY") });
    expect(seen.lines.filter((line) => line.startsWith("error"))).toHaveLength(1);
    expect(seen.lines.join("\n")).not.toContain("private words");
    seen.onAccept = () => undefined;
    await clock.advance(30_000);
    expect(keys()).toEqual(["a:1", "a:2"]);
    expect(seen.lines.at(-1)).toBe("info onebot events are stored again");
  });

  it("is bounded: what has no room is refused, and told of", async () => {
    seen.onAccept = async () => await new Promise(() => undefined);
    for (let n = 0; n < 2000; n++) take(event("a", n));
    expect(full).toBe(0);
    await expect(intake.take(event("a", 2000))).rejects.toThrow("faster than they are stored");
    expect(full).toBe(1);
  });

  it("is bounded in size too", async () => {
    seen.onAccept = async () => await new Promise(() => undefined);
    for (let n = 0; n < 4; n++) take(event("a", n, "x".repeat(8 * 1024 * 1024)));
    await expect(intake.take(event("a", 9, "x"))).rejects.toThrow();
    expect(full).toBe(1);
  });

  it("G2: and is known is not stored again", async () => {
    await intake.take(event("a", 1));
    await intake.take(event("a", 1));
    await intake.takeMissed(event("a", 1));
    expect(keys()).toEqual(["a:1"]);
    expect(intake.knows("a:1")).toBe(true);
  });

  it("in a lane that is held waits behind what was missed, until every hold is over", async () => {
    const [first, second] = [intake.hold("a"), intake.hold("a")];
    take(event("a", 3));
    take(event("b", 1));
    await clock.settle();
    expect(intake.isAwaited("a")).toBe(true);
    await intake.takeMissed(event("a", 2));
    first();
    first();
    await clock.settle();
    expect(keys()).toEqual(["b:1", "a:2"]);
    second();
    await clock.settle();
    expect(keys()).toEqual(["b:1", "a:2", "a:3"]);
    await intake.idle();
  });

  it("is idle only when nothing waits, and gives up when it is stopped", async () => {
    seen.onAccept = () => {
      throw new Error("no");
    };
    take(event("a", 1));
    let isIdle = false;
    void intake.idle().then(() => (isIdle = true));
    await clock.advance(10_000);
    expect(isIdle).toBe(false);
    stop.abort();
    await clock.settle();
    expect(isIdle).toBe(true);
    expect(clock.sleepers).toBe(0);
  });
});
