import { expect, test } from "vitest";
import { createFakeClock } from "../../transport/testing/fake-clock.ts";
import { createRecorder } from "../../transport/testing/recorder.ts";
import { createDropLog } from "./drop-log.ts";

const HOUR = 3_600_000;

test("a line is written once an hour, with how often it came since", async () => {
  const clock = createFakeClock();
  const { log, lines } = createRecorder();
  const dropped = createDropLog(clock, log);
  for (let time = 0; time < 3; time++) dropped("message dropped a");
  dropped("message dropped b");
  await clock.advance(HOUR - 1);
  dropped("message dropped a");
  expect(lines).toEqual(["info message dropped a", "info message dropped b"]);
  await clock.advance(1);
  dropped("message dropped a");
  dropped("message dropped a");
  expect(lines.slice(2)).toEqual(["info message dropped a count=4"]);
});

test("so many lines are counted, and no more", () => {
  const { log, lines } = createRecorder();
  const dropped = createDropLog(createFakeClock(), log);
  for (let sender = 0; sender <= 5000; sender++) dropped(`sender=${sender}`);
  dropped("sender=1");
  expect(lines).toHaveLength(5001);
  dropped("sender=0");
  expect(lines).toHaveLength(5002);
});
