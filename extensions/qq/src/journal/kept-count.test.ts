import { expect, test } from "vitest";
import { openJournal } from "./database.ts";
import { countKept } from "./kept-count.ts";
import { openParked } from "./parked.ts";

test("parts that wait for their chat are counted by account, and no others", () => {
  const database = openJournal(":memory:");
  expect(countKept(database)).toEqual({});
  for (const [account, states] of [
    ["default", ["parked", "parked", "done", "open"]],
    ["work", ["done", "parked"]],
    ["idle", ["in-file"]],
  ] as const) {
    const parked = openParked(database, account);
    const parts = parked.begin(
      { id: "a1", target: "c2c:U1" },
      states.map((state) => ({ text: state })),
      1,
    );
    for (const [index, part] of parts.entries()) parked.mark(part, states[index] ?? "open");
  }
  expect(countKept(database)).toEqual({ default: 2, work: 1 });
  database.close();
});
