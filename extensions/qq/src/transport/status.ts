import type { Clock } from "./clock.ts";
import type { LineReason, LineReport, LineStatus } from "./transport.ts";

/** Says what a line is doing: the one place that knows since when. */
export interface StatusBoard {
  connecting(why: string, reason?: LineReason): void;
  /** `without` as in `LineStatus`. */
  ready(why: string, without?: readonly string[]): void;
  offline(why: string): void;
  deaf(why: string): void;
  waiting(why: string, retryAt: number, reason?: LineReason): void;
  stopped(why: string): void;
}

/** `since` stays when only the reason changes. */
export function createStatusBoard(clock: Clock, report: LineReport): StatusBoard {
  let state: LineStatus["state"] | undefined;
  let since = 0;
  const enter = (next: LineStatus["state"]): number => {
    if (state !== next) since = clock.now();
    state = next;
    return since;
  };
  return {
    connecting: (why, reason) =>
      report.status({ state: "connecting", since: enter("connecting"), why, ...(reason && { reason }) }),
    ready: (why, without) =>
      report.status({ state: "ready", since: enter("ready"), why, ...(without?.length && { without }) }),
    offline: (why) => report.status({ state: "offline", since: enter("offline"), why }),
    deaf: (why) => report.status({ state: "deaf", since: enter("deaf"), why }),
    waiting: (why, retryAt, reason) =>
      report.status({ state: "waiting", since: enter("waiting"), why, retryAt, ...(reason && { reason }) }),
    stopped: (why) => report.status({ state: "stopped", since: enter("stopped"), why }),
  };
}
