import { expect, test } from "vitest";
import { createManualClock, createMovableClock } from "./clock.ts";

test("what falls due on the way runs in order, each at its own time", () => {
  const clock = createManualClock(0);
  const ran: [string, number][] = [];
  clock.after(20, () => ran.push(["late", clock.now()]));
  clock.after(10, () => {
    ran.push(["early", clock.now()]);
    clock.after(5, () => ran.push(["between", clock.now()]));
  });
  clock.after(31, () => ran.push(["never", clock.now()]));
  clock.advance(30);
  expect(ran).toEqual([
    ["early", 10],
    ["between", 15],
    ["late", 20],
  ]);
  expect(clock.now()).toBe(30);
});

test("a clock laid over another runs along with it, and ahead without it", () => {
  const base = createManualClock(0);
  const ahead = createMovableClock(base);
  const ran: string[] = [];
  base.after(100, () => ran.push("base"));
  ahead.after(100, () => ran.push("ahead"));
  ahead.advance(60);
  expect([base.now(), ahead.now()]).toEqual([0, 60]);
  base.advance(40);
  expect([base.now(), ahead.now()]).toEqual([40, 100]);
  expect(ran).toEqual(["ahead"]);
});

test("what was called off, or stopped, or never due, does not run", () => {
  const clock = createManualClock(0);
  const ran: string[] = [];
  clock.after(1, () => ran.push("called off"))();
  clock.after(Number.POSITIVE_INFINITY, () => ran.push("never"));
  clock.advance(10);
  clock.after(1, () => ran.push("stopped"));
  clock.stop();
  clock.advance(10);
  expect(ran).toEqual([]);
});
