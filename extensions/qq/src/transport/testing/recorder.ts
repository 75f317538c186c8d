import type { Accept, LineReport, LineStatus, RawEvent } from "../transport.ts";
import type { Log } from "../log.ts";

/** Everything a line tells, in the order it is told. */
export interface Recorder {
  readonly log: Log;
  readonly report: LineReport;
  readonly accept: Accept;
  readonly lines: readonly string[];
  readonly statuses: readonly LineStatus[];
  readonly dropped: readonly string[];
  readonly accepted: readonly RawEvent[];
  readonly activity: readonly number[];
  /** What `accept` does with the event before it counts as stored. */
  onAccept: (event: RawEvent) => Promise<void> | void;
  readonly status: LineStatus | undefined;
}

export function createRecorder(): Recorder {
  const lines: string[] = [];
  const statuses: LineStatus[] = [];
  const dropped: string[] = [];
  const accepted: RawEvent[] = [];
  const activity: number[] = [];
  const at = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
  const recorder: Recorder = {
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
    report: {
      status: (status) => void statuses.push(status),
      activity: (when) => void activity.push(when),
      dropped: (reason) => void dropped.push(reason),
    },
    accept: async (event) => {
      await recorder.onAccept(event);
      accepted.push(event);
    },
    onAccept: () => undefined,
    lines,
    statuses,
    dropped,
    accepted,
    activity,
    get status() {
      return statuses.at(-1);
    },
  };
  return recorder;
}
