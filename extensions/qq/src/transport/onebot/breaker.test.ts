import { beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createBreaker, type Breaker } from "./breaker.ts";

const MINUTE = 60_000;
let clock: FakeClock;
let breaker: Breaker;
beforeEach(() => {
  clock = createFakeClock();
  breaker = createBreaker(clock);
});

/** How long a chat is closed, ms; 0 when it is open. */
function closedFor(chat = "group:1"): number {
  try {
    breaker.admit(chat, "send_group_msg");
    return 0;
  } catch (error) {
    expect(error).toMatchObject({ kind: "temporary", retry: "later", mayHaveArrived: false });
    expect(error).toMatchObject({ refusal: { heldBack: true, call: "send_group_msg" } });
    return (error as { refusal: { retryAfterMs: number } }).refusal.retryAfterMs;
  }
}

test("F9: three sends without an answer close a chat for 5 minutes, and no other", () => {
  for (let count = 1; count <= 3; count++) {
    expect(closedFor()).toBe(0);
    breaker.unanswered("group:1");
  }
  expect(closedFor()).toBe(5 * MINUTE);
  expect(closedFor("group:2")).toBe(0);
});

test("an answer in between begins the count anew", () => {
  breaker.unanswered("group:1");
  breaker.unanswered("group:1");
  breaker.answered("group:1");
  breaker.unanswered("group:1");
  expect(closedFor()).toBe(0);
});

test("the probe that fails doubles the pause up to an hour; the one that is answered opens the chat", async () => {
  for (let count = 1; count <= 3; count++) breaker.unanswered("group:1");
  for (const minutes of [5, 10, 20, 40, 60, 60]) {
    expect(closedFor()).toBe(minutes * MINUTE);
    await clock.advance(minutes * MINUTE);
    expect(closedFor()).toBe(0);
    breaker.unanswered("group:1");
  }
  breaker.answered("group:1");
  expect(closedFor()).toBe(0);
});
