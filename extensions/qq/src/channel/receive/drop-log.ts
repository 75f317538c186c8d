import type { Clock } from "../../transport/clock.ts";
import type { Log } from "../../transport/log.ts";

/** How long a line that was written is only counted when it comes again, ms. */
const QUIET_MS = 3_600_000;
/** Most lines that are counted at a time; the oldest is forgotten, and would be written anew. */
const MOST_COUNTED = 5000;

/** Writes why a message was dropped: whoever may not talk here can write as much as they like. */
export type DropLog = (line: string) => void;

/** Each line is written at once, and again after an hour at the earliest, with how often it came since. */
export function createDropLog(clock: Clock, log: Log): DropLog {
  const told = new Map<string, { readonly quietUntil: number; again: number }>();
  return (line) => {
    const known = told.get(line);
    if (known) known.again += 1;
    if (known && clock.now() < known.quietUntil) return;
    told.delete(line);
    told.set(line, { quietUntil: clock.now() + QUIET_MS, again: 0 });
    for (const oldest of told.keys()) {
      if (told.size <= MOST_COUNTED) break;
      told.delete(oldest);
    }
    log.info(known ? `${line} count=${known.again}` : line);
  };
}
