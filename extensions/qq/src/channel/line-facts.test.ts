import { expect, test } from "vitest";
import type { LineFacts } from "../checks/facts.ts";
import { keepFacts } from "./line-facts.ts";

function keep() {
  const told: LineFacts[] = [];
  return { told, facts: keepFacts((found) => void told.push(found)) };
}

test("A6: refused callbacks are counted, and the status is told no more than a flood needs", () => {
  const { told, facts } = keep();
  for (let times = 0; times < 1000; times++) facts.refused("wrong-signature");
  facts.refused("another-bot");
  expect(told).toHaveLength(11);
  expect(told.at(-1)?.refused).toEqual({ "wrong-signature": 1000, "another-bot": 1 });
});

test("A6: a good callback ends what was refused before, and nothing else", () => {
  const { told, facts } = keep();
  facts.validated(0, true);
  facts.validated(0, true);
  facts.refused("wrong-signature");
  facts.clockOff(412_000, "a");
  facts.clockOff(412_000, "b");
  expect(told.at(-1)).toMatchObject({ aheadMs: 412_000, validated: true });
  facts.good();
  facts.good();
  expect(told.at(-1)).toEqual({ validated: true });
  expect(told).toHaveLength(4);
  facts.refused("wrong-signature");
  expect(told.at(-1)?.refused).toEqual({ "wrong-signature": 1 });
});

test("A6: an offset is told when two callbacks have it, and again when it has changed by a second", () => {
  const { told, facts } = keep();
  const recording = "a";
  for (const aheadMs of [412_000, 412_000, 700_000]) facts.clockOff(aheadMs, recording);
  expect(told).toEqual([]);
  // Another recording, of another day.
  facts.clockOff(90_000_000, "b");
  expect(told).toEqual([]);
  facts.clockOff(-412_400, "c");
  facts.clockOff(-412_100, "d");
  facts.clockOff(-411_900, "e");
  facts.clockOff(-413_100, "f");
  expect(told).toEqual([{ aheadMs: -412_000 }, { aheadMs: -413_000 }]);
  facts.good();
  facts.clockOff(-412_000, "g");
  expect(told.at(-1)).toEqual({});
});

test("A6: an unsigned validation is told with its time, once a minute, and a signed one for good", () => {
  const { told, facts } = keep();
  for (const at of [100_000, 159_999, 160_000]) facts.validated(at, false);
  expect(told).toEqual([{ askedAt: 100_000 }, { askedAt: 160_000 }]);
  facts.validated(170_000, true);
  facts.validated(300_000, false);
  expect(told.slice(2)).toEqual([{ askedAt: 160_000, validated: true }]);
});

test("A6: which messages of groups come is told once for each kind", () => {
  const { told, facts } = keep();
  facts.heard("group-mention");
  facts.heard("group-mention");
  expect(told).toEqual([{ groups: { mentions: true, all: false } }]);
  facts.heard("group-message");
  facts.heard("group-message");
  expect(told).toHaveLength(2);
  expect(told.at(-1)).toEqual({ groups: { mentions: true, all: true } });
});

test("A6: whether messages come as CQ strings is told when it changes", () => {
  const { told, facts } = keep();
  for (const way of ["segments", "cq-string", "cq-string", "segments"] as const) facts.heard(way);
  expect(told).toEqual([{ cqStrings: true }, { cqStrings: false }]);
});

test("C2 A6: the intents that a line went without are kept until it has them", () => {
  const { told, facts } = keep();
  for (const without of [undefined, ["INTERACTION"], ["INTERACTION"], undefined]) facts.ready(without);
  expect(told).toEqual([{ without: ["INTERACTION"] }, {}]);
});
