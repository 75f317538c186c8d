import { expect, test } from "vitest";
import type { LineStatus } from "../transport/transport.ts";
import { watchLine } from "./watch-line.ts";

test("F9: a line is up while it is ready, or brings no messages; what it reports goes on", () => {
  const seen: LineStatus[] = [];
  const told: LineStatus[] = [];
  const report = { status: (status: LineStatus) => void told.push(status), activity: () => {}, dropped: () => {} };
  const line = watchLine(report, (status) => void seen.push(status));
  expect(line.isUp()).toBe(false);
  const states = ["connecting", "ready", "offline", "deaf", "stopped"] as const;
  const up = states.map((state) => {
    line.report.status({ state, since: 0, why: state });
    return line.isUp();
  });
  expect(up).toEqual([false, true, false, true, false]);
  expect([seen, told].map((statuses) => statuses.map(({ state }) => state))).toEqual([states, states]);
});
