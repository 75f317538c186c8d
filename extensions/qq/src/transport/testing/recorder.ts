import type { Accept, CallbackRefusal, LineReport, LineStatus, MessageWay, RawEvent } from "../transport.ts";
import type { Log } from "../log.ts";

/** Everything a line tells, in the order it is told. */
export interface Recorder {
  readonly log: Log;
  readonly report: LineReport;
  readonly accept: Accept;
  readonly lines: readonly string[];
  readonly statuses: readonly LineStatus[];
  readonly dropped: readonly string[];
  readonly refusedAs: readonly CallbackRefusal[];
  readonly ways: readonly MessageWay[];
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
  const refusedAs: CallbackRefusal[] = [];
  const ways: MessageWay[] = [];
  const accepted: RawEvent[] = [];
  const activity: number[] = [];
  const at = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
  const recorder: Recorder = {
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
    report: {
      status: (status) => void statuses.push(status),
      activity: (when) => void activity.push(when),
      dropped: (reason, refusal) => {
        dropped.push(reason);
        if (refusal) refusedAs.push(refusal);
      },
      heard: (way) => void ways.push(way),
    },
    accept: async (event) => {
      await recorder.onAccept(event);
      accepted.push(event);
    },
    onAccept: () => undefined,
    lines,
    statuses,
    dropped,
    refusedAs,
    ways,
    accepted,
    activity,
    get status() {
      return statuses.at(-1);
    },
  };
  return recorder;
}
