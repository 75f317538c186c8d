import type { Clock } from "./clock.ts";
import type { Fault } from "./control.ts";

/** Faults that begin at once and go on for a while. */
export type TimedFault = Extract<Fault, { do: "blackhole" | "delay-dispatch" }>;

/** The timed faults that have begun. */
export interface TimedFaults {
  begin(fault: TimedFault): void;
  /** How long such a fault still befalls the bot, ms; 0 when none does. */
  left(kind: TimedFault["do"], bot: string): number;
  clear(): void;
}

export function createTimedFaults(clock: Clock): TimedFaults {
  let begun: { readonly fault: TimedFault; readonly until: number }[] = [];
  return {
    begin: (fault) => void begun.push({ fault, until: clock.now() + fault.ms }),
    left(kind, bot) {
      const now = clock.now();
      begun = begun.filter(({ until }) => until > now);
      const concerned = begun.filter(({ fault }) => fault.do === kind && (fault.bot ?? bot) === bot);
      return Math.max(0, ...concerned.map(({ until }) => until - now));
    },
    clear: () => void (begun = []),
  };
}
