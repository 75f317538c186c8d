import { describe, expect, test } from "vitest";
import { openButtons, type KeptButton } from "./buttons.ts";
import { openJournal } from "./database.ts";
import { tempJournal } from "./testing/temp-journal.ts";

const DAY = 24 * 3_600_000;
const yes: KeptButton = {
  id: "yes",
  target: "c2c:U",
  action: { kind: "say", text: "是的，/status 🎉" },
  set: "s",
  expiresAt: DAY,
};
const no: KeptButton = { ...yes, id: "no", onlyFor: ["M"], action: { kind: "say", text: "no" } };
const again: KeptButton = { id: "again", target: "c2c:U", action: yes.action, expiresAt: DAY };

describe("buttons", () => {
  test("F10: mean the same after a restart, and nothing to another account", () => {
    const journal = tempJournal();
    const database = journal.open();
    for (const button of [yes, no, again]) openButtons(database, "default").add(button);
    database.close();
    const reopened = journal.open();
    const after = openButtons(reopened, "default");
    expect(["yes", "no", "again"].map((id) => after.find(id))).toEqual([yes, no, again]);
    expect(after.find("forged")).toBeUndefined();
    expect(openButtons(reopened, "work").find("yes")).toBeUndefined();
  });

  test("F10: of a set are pressed once, and the same press again says the same", () => {
    const buttons = openButtons(openJournal(":memory:"), "default");
    for (const button of [yes, no, { ...yes, id: "other", set: "t" }, again]) buttons.add(button);
    expect(buttons.use(yes, "press-1")).toBe(true);
    expect(buttons.use(yes, "press-1")).toBe(true);
    expect(buttons.use(yes, "press-2")).toBe(false);
    expect(buttons.use(no, "press-2")).toBe(false);
    expect(buttons.use({ ...yes, id: "other", set: "t" }, "press-2")).toBe(true);
    expect([1, 2].map((press) => buttons.use(again, `press-${press}`))).toEqual([true, true]);
  });

  test("F10: are known for a week after they are no longer good", () => {
    const buttons = openButtons(openJournal(":memory:"), "default");
    buttons.add(yes);
    buttons.prune(8 * DAY);
    expect(buttons.find("yes")).toEqual(yes);
    buttons.prune(8 * DAY + 1);
    expect(buttons.find("yes")).toBeUndefined();
  });
});
