import { expect, it } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createRefusedIntents, type RefusalMemory } from "./refused-intents.ts";

function createMemory(): RefusalMemory & { readonly noted: string[] } {
  const noted: string[] = [];
  return { noted, note: (what) => void noted.push(what), isKnown: (what) => noted.includes(what) };
}

it("C2: reviews are not asked for again after a restart, what somebody may have applied for is", () => {
  const memory = createMemory();
  const before = createRefusedIntents(createFakeClock(), memory);
  for (const name of ["MESSAGE_AUDIT", "DIRECT_MESSAGE", "INTERACTION"] as const) {
    before.note(name);
    expect(before.isKnown(name)).toBe(true);
  }
  const after = createRefusedIntents(createFakeClock(), memory);
  expect(after.isKnown("MESSAGE_AUDIT")).toBe(true);
  expect(after.isKnown("DIRECT_MESSAGE")).toBe(false);
  expect(after.isKnown("INTERACTION")).toBe(false);
  expect(memory.noted).toEqual(["intent MESSAGE_AUDIT"]);
});

it("C2: without direct messages and groups there is no channel: they are asked for whatever was refused", () => {
  const refused = createRefusedIntents(createFakeClock(), undefined);
  refused.note("GROUP_AND_C2C_EVENT");
  expect(refused.isKnown("GROUP_AND_C2C_EVENT")).toBe(false);
});

it("C2: a memory that fails costs an Identify and nothing else", () => {
  const broken: RefusalMemory = {
    note: () => {
      throw new Error("disk full");
    },
    isKnown: () => {
      throw new Error("disk full");
    },
  };
  const refused = createRefusedIntents(createFakeClock(), broken);
  expect(refused.isKnown("MESSAGE_AUDIT")).toBe(false);
  refused.note("MESSAGE_AUDIT");
  expect(refused.isKnown("MESSAGE_AUDIT")).toBe(true);
});
