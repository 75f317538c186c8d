import { expect, test } from "vitest";
import type { LineFacts } from "../checks/facts.ts";
import { keepFacts } from "./line-facts.ts";

function keep() {
  const told: LineFacts[] = [];
  return { told, facts: keepFacts((found) => void told.push(found)) };
}

test("A6: refused callbacks are counted, and the status is told no more than a flood needs", () => {
  const { told, facts } = keep();
  for (let times = 0; times < 1000; times++) facts.refused("callback with a wrong signature");
  facts.refused("callback for another bot");
  expect(told).toHaveLength(11);
  expect(told.at(-1)?.refused).toEqual({ "callback with a wrong signature": 1000, "callback for another bot": 1 });
});

test("A6: a good callback ends what was refused before, and nothing else", () => {
  const { told, facts } = keep();
  facts.validated();
  facts.validated();
  facts.refused("callback with a wrong signature");
  facts.clockOff(412_000);
  expect(told.at(-1)).toMatchObject({ aheadMs: 412_000, validated: true });
  facts.good();
  facts.good();
  expect(told.at(-1)).toEqual({ validated: true });
  expect(told).toHaveLength(4);
  facts.refused("callback with a wrong signature");
  expect(told.at(-1)?.refused).toEqual({ "callback with a wrong signature": 1 });
});

const eventOf = (t: string, content = "hi"): string => JSON.stringify({ op: 0, t, d: { content } });

test("A6: which messages of groups come is learned from the event's name, never from what people write", () => {
  const { told, facts } = keep();
  facts.officialEvent(eventOf("C2C_MESSAGE_CREATE", '"t":"GROUP_MESSAGE_CREATE"'));
  expect(told).toEqual([]);
  facts.officialEvent(eventOf("GROUP_AT_MESSAGE_CREATE"));
  facts.officialEvent(eventOf("GROUP_AT_MESSAGE_CREATE"));
  expect(told).toEqual([{ groups: { mentions: true, all: false } }]);
  facts.officialEvent(eventOf("GROUP_MESSAGE_CREATE"));
  facts.officialEvent(eventOf("GROUP_MESSAGE_CREATE"));
  expect(told).toHaveLength(2);
  expect(told.at(-1)).toEqual({ groups: { mentions: true, all: true } });
});

const messageIn = (format: string): string =>
  JSON.stringify({ raw_message: '"message_format":"string"', message_format: format });

test("A6: whether messages come as CQ strings is told when it changes", () => {
  const { told, facts } = keep();
  for (const format of ["array", "string", "string", "array"]) facts.oneBotEvent(messageIn(format));
  facts.oneBotEvent(JSON.stringify({ post_type: "meta_event" }));
  expect(told).toEqual([{ cqStrings: true }, { cqStrings: false }]);
});

test("C2 A6: the intents that a line went without are kept until it has them", () => {
  const { told, facts } = keep();
  for (const why of ["ready", "ready, without INTERACTION", "ready, without INTERACTION", "ready"]) facts.ready(why);
  expect(told).toEqual([{ without: "INTERACTION" }, {}]);
});
