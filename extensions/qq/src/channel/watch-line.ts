import type { LineReport, LineStatus } from "../transport/transport.ts";

/** Keeps in mind whether a line is up, from what it reports; one that brings no messages still sends. `seen` is told each state. */
export function watchLine(
  report: LineReport,
  seen: (status: LineStatus) => void,
): { readonly report: LineReport; readonly isUp: () => boolean } {
  let isUp = false;
  const status: LineReport["status"] = (next) => {
    isUp = next.state === "ready" || next.state === "deaf";
    seen(next);
    report.status(next);
  };
  return { report: { ...report, status }, isUp: () => isUp };
}
