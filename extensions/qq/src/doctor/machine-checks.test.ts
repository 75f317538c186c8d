import { expect, test } from "vitest";
import { checkMachine, viewJournal } from "./machine-checks.ts";
import { createFakeMachine, type FakeMachine } from "./testing/fake-machine.ts";

const MB = 1024 * 1024;

async function findings(change: (machine: FakeMachine) => void) {
  const machine = createFakeMachine();
  change(machine);
  return await checkMachine(machine, await viewJournal(machine));
}

const level = async (check: string, change: (machine: FakeMachine) => void) =>
  (await findings(change)).find((finding) => finding.check === check)?.level;

test.each([
  ["24.15.9", "error"],
  ["24.16.0", "ok"],
  ["24.21.0", "ok"],
  ["25.9.0", "error"],
  ["26.0.0", "error"],
  ["26.1.0", "ok"],
  ["28.0.0", "ok"],
] as const)("A6: Node.js %s is %s", async (version, expected) => {
  expect(await level("node-version", (machine) => void (machine.nodeVersion = version))).toBe(expected);
});

const journal = async (view: FakeMachine["view"]) => await level("journal", (machine) => void (machine.view = view));

test("A6: a journal that is not there, is there, is too large, cannot be read", async () => {
  expect(await journal({ kind: "none" })).toBe("ok");
  expect(await journal({ kind: "readable", bytes: 3 * MB, kept: {} })).toBe("ok");
  expect(await journal({ kind: "readable", bytes: 1025 * MB, kept: {} })).toBe("warning");
  expect(await journal({ kind: "unreadable", why: "another version" })).toBe("error");
  const failing = await findings(
    (machine) => void (machine.journal = async () => await Promise.reject(new Error("EIO"))),
  );
  expect(failing.find(({ check }) => check === "journal")?.saw.en).toBe("the journal cannot be read: Error: EIO");
});

test("A6: a disk that is full is an error; one whose size is unknown is no finding", async () => {
  expect(await level("disk-space", (machine) => void (machine.free = 255 * MB))).toBe("error");
  expect(await level("disk-space", (machine) => void (machine.free = 256 * MB))).toBe("ok");
  expect(
    await level("disk-space", (machine) => {
      machine.freeBytes = async () => await Promise.reject(new Error("ENOSYS"));
    }),
  ).toBeUndefined();
});
