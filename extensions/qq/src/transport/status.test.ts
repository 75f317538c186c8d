import { expect, it } from "vitest";
import { createStatusBoard } from "./status.ts";
import { createFakeClock, FAKE_NOW } from "./testing/fake-clock.ts";
import { createRecorder } from "./testing/recorder.ts";

it("since is when the state began, not when its reason changed", async () => {
  const clock = createFakeClock();
  const seen = createRecorder();
  const status = createStatusBoard(clock, seen.report);
  status.connecting("first");
  await clock.advance(1000);
  status.connecting("second");
  status.ready("up");
  await clock.advance(1000);
  status.waiting("down", 7);
  status.stopped("over");
  expect(seen.statuses).toEqual([
    { state: "connecting", since: FAKE_NOW, why: "first" },
    { state: "connecting", since: FAKE_NOW, why: "second" },
    { state: "ready", since: FAKE_NOW + 1000, why: "up" },
    { state: "waiting", since: FAKE_NOW + 2000, why: "down", retryAt: 7 },
    { state: "stopped", since: FAKE_NOW + 2000, why: "over" },
  ]);
});
