import { expect, it } from "vitest";
import { count, sum } from "../../scripts/lib/report.ts";

const passed = { status: "passed", assertionResults: [{ status: "passed" }] };
const failed = { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] };
const broken = { status: "failed", assertionResults: [] };

it("counts tests", () => {
  const report = { numPassedTests: 2, numFailedTests: 1, testResults: [passed, failed] };
  expect(count(report, 1)).toEqual({ passed: 2, failed: 1 });
});

it("counts a file that could not be loaded as a failure", () => {
  const report = { numPassedTests: 1, numFailedTests: 0, testResults: [passed, broken] };
  expect(count(report, 1)).toEqual({ passed: 1, failed: 1 });
});

it("never takes a run that ended badly for a good one", () => {
  expect(count({ numPassedTests: 1, numFailedTests: 0, testResults: [passed] }, 1)).toEqual({ passed: 1, failed: 1 });
  expect(count(undefined, 1)).toEqual({ passed: 0, failed: 1 });
  expect(count(undefined, 0)).toEqual({ passed: 0, failed: 0 });
});

it("adds runs up", () => {
  expect(
    sum([
      { passed: 1, failed: 0 },
      { passed: 2, failed: 3 },
    ]),
  ).toEqual({ passed: 3, failed: 3 });
});
