import { beforeEach, expect, it } from "vitest";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createHold, type Hold } from "./hold.ts";

let clock: FakeClock;
let hold: Hold;
let went: number | undefined;
beforeEach(() => {
  clock = createFakeClock();
  hold = createHold(clock);
  went = undefined;
});
const wait = async (shards: readonly number[]): Promise<void> => {
  void hold.wait(shards).then(() => (went = clock.now() - FAKE_NOW));
  await clock.settle();
};

it("a line that does not run, or is up, holds nothing", async () => {
  await wait([0]);
  expect(went).toBe(0);
  hold.began(1);
  hold.up(0);
  went = undefined;
  await wait([0]);
  expect(went).toBe(0);
});

it("F9: a send waits until the socket is back", async () => {
  hold.began(1);
  await wait([0]);
  await clock.advance(2000);
  expect(went).toBeUndefined();
  hold.up(0);
  await clock.settle();
  expect(went).toBe(2000);
  expect(clock.sleepers).toBe(0);
});

it("and 15 s from the loss at most: a gateway that stays away costs later sends nothing", async () => {
  hold.began(1);
  hold.up(0);
  hold.down(0);
  await clock.advance(5000);
  hold.down(0);
  await wait([0]);
  await clock.advance(9999);
  expect(went).toBeUndefined();
  await clock.advance(1);
  expect(went).toBe(15_000);
  went = undefined;
  await wait([0]);
  expect(went).toBe(15_000);
});

it("waits for its own shards only, and for all of them", async () => {
  hold.began(3);
  hold.up(0);
  await wait([0]);
  expect(went).toBe(0);
  went = undefined;
  await wait([1, 2]);
  hold.up(1);
  await clock.settle();
  expect(went).toBeUndefined();
  hold.up(2);
  await clock.settle();
  expect(went).toBe(0);
});

it("ends with the line, and with the caller's signal", async () => {
  hold.began(1);
  await wait([0]);
  hold.ended();
  await clock.settle();
  expect(went).toBe(0);
  hold.began(1);
  const stop = new AbortController();
  const held = hold.wait([0], stop.signal);
  stop.abort();
  await expect(held).rejects.toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: false });
  expect(clock.sleepers).toBe(0);
});
