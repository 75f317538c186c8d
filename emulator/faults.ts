import type { Fault, HttpFault } from "./control.ts";

type FaultKind = Fault["do"];
type FaultOf<Kind extends FaultKind> = Extract<Fault, { do: Kind }>;

/** Faults that wait for their moment, oldest first. Those that happen at once never come in here. */
export interface FaultQueue {
  add(fault: Fault): void;
  /** Takes the oldest of these kinds that concerns the bot. */
  take<Kind extends FaultKind>(bot: string, ...kinds: Kind[]): FaultOf<Kind> | undefined;
  /** Takes one HTTP failure for a call, `line` being "METHOD /path". */
  takeHttp(line: string): HttpFault | undefined;
  /** Counts a call of an upload part; when this one is to fail, how many have failed with it. */
  failPart(call: "put" | "finish"): number | undefined;
  /** Mask of the intents that are not granted to the bot for now. */
  deniedIntents(bot: string): number;
  clear(): void;
}

const concerns = (fault: Fault, bot: string): boolean =>
  !("bot" in fault) || fault.bot === undefined || fault.bot === bot;

export function createFaultQueue(): FaultQueue {
  let waiting: Fault[] = [];
  let parts: { call: "put" | "finish"; every: number; calls: number }[] = [];
  let http: { call: string; left: number; answer: HttpFault }[] = [];

  return {
    add(fault) {
      if (fault.do === "http") http.push({ call: fault.call, left: fault.times ?? 1, answer: fault.answer });
      else if (fault.do === "fail-parts") parts.push({ call: fault.call, every: fault.every, calls: 0 });
      else waiting.push(fault);
    },
    take<Kind extends FaultKind>(bot: string, ...kinds: Kind[]) {
      const found = waiting.find(
        (fault): fault is FaultOf<Kind> => (kinds as FaultKind[]).includes(fault.do) && concerns(fault, bot),
      );
      if (found) waiting = waiting.filter((fault) => fault !== found);
      return found;
    },
    takeHttp(line) {
      const found = http.find((fault) => line.includes(fault.call));
      if (!found) return undefined;
      found.left -= 1;
      http = http.filter((fault) => fault.left > 0);
      return found.answer;
    },
    failPart(call) {
      const found = parts.find((each) => each.call === call);
      if (!found) return undefined;
      found.calls += 1;
      return found.calls % found.every === 0 ? found.calls / found.every : undefined;
    },
    deniedIntents: (bot) =>
      waiting.reduce(
        (mask, fault) => (fault.do === "deny-intents" && concerns(fault, bot) ? mask | fault.intents : mask),
        0,
      ),
    clear() {
      waiting = [];
      parts = [];
      http = [];
    },
  };
}
