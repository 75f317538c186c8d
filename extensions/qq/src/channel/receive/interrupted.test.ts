import { beforeEach, describe, expect, test } from "vitest";
import { openJournal } from "../../journal/database.ts";
import { openInbox } from "../../journal/inbox.ts";
import { openParked } from "../../journal/parked.ts";
import { openTurns } from "../../journal/turns.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../../transport/testing/fake-clock.ts";
import { createRecorder } from "../../transport/testing/recorder.ts";
import type { RawEvent } from "../../transport/transport.ts";
import { resumeInterrupted, turnIdOf } from "./interrupted.ts";
import type { RunningAccount } from "../running.ts";

const turn = { key: "message:m1", lane: "c2c:U1", text: "{}", target: "c2c:U1", beganAt: FAKE_NOW };

let clock: FakeClock;
let running: RunningAccount;
let admitted: RawEvent[];
let queue: ReturnType<typeof openInbox>;
const admit = async (event: RawEvent): Promise<void> => void admitted.push(event);

beforeEach(async () => {
  clock = createFakeClock();
  admitted = [];
  const journal = openJournal(":memory:");
  queue = openInbox(journal, "default", () => clock.now());
  running = {
    clock,
    log: createRecorder().log,
    parked: openParked(journal, "default"),
    turns: openTurns(journal, "default"),
    signal: new AbortController().signal,
  } as unknown as RunningAccount;
  await queue.enqueue(turn.key, {}, { laneKey: turn.lane });
  running.turns.begin(turn);
});

async function adopt(): Promise<void> {
  const claim = await queue.claim(turn.key);
  if (claim) await queue.complete(claim);
}

describe("a turn that a crash cut off", () => {
  test("G1: is begun again when the host has not taken it up, once", async () => {
    await adopt();
    const resumed = resumeInterrupted(running, admit);
    await clock.advance(79_000);
    expect(admitted).toEqual([]);
    await clock.advance(10_000);
    await resumed;
    expect(admitted).toEqual([{ key: "message:m1#again", lane: turn.lane, text: turn.text }]);
    expect(running.turns.interrupted()).toEqual([]);
    const again = { ...turn, key: "message:m1#again#again" };
    const ids = [turn, ...admitted, again].map((event) => turnIdOf(event, "m1"));
    expect(ids).toEqual(["m1", "m1#again", "m1#again#again"]);
  });

  test("G2: is left alone when its answer had begun, or begins now", async () => {
    await adopt();
    const resumed = resumeInterrupted(running, admit);
    await clock.advance(30_000);
    running.parked.begin({ id: "q:0", target: turn.target }, [{ text: "the answer" }], clock.now());
    await clock.advance(60_000);
    await resumed;
    expect(admitted).toEqual([]);
    expect(running.turns.interrupted()).toEqual([]);
  });

  test("G2: is left to the inbox when the host had not adopted it", async () => {
    await resumeInterrupted(running, admit);
    expect(admitted).toEqual([]);
  });

  test("G1: is kept for the next start when the account stops meanwhile", async () => {
    await adopt();
    const stop = new AbortController();
    const resumed = resumeInterrupted({ ...running, signal: stop.signal }, admit);
    await clock.advance(20_000);
    stop.abort();
    await resumed;
    await clock.advance(100_000);
    expect(admitted).toEqual([]);
    expect(running.turns.interrupted()).toHaveLength(1);
  });

  test.each([
    ["another turn's answer in the same chat is no sign of its own", "message:m2", 1],
    ["its own is one, wherever it is heard of", "message:m1", 0],
  ])("G1 G2: %s", async (_what, key, admissions) => {
    await adopt();
    running.parked.begin({ id: "q:0", target: turn.target, turn: key }, [{ text: "an answer" }], clock.now());
    const resumed = resumeInterrupted(running, admit);
    await clock.advance(90_000);
    await resumed;
    expect(admitted).toHaveLength(admissions);
  });

  test("G1: an answer from before the turn is no sign of one", async () => {
    running.parked.begin({ id: "q:0", target: turn.target }, [{ text: "an older answer" }], FAKE_NOW - 1);
    await adopt();
    const resumed = resumeInterrupted(running, admit);
    await clock.advance(90_000);
    await resumed;
    expect(admitted).toHaveLength(1);
  });
});
