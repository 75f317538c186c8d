import { QQError } from "../../errors.ts";
import type { OutboundMessage, SentMessage } from "../../message/outbound.ts";
import type { Target } from "../../message/target.ts";
import type { Clock } from "../clock.ts";
import { firstOf, untilAborted } from "../deadline.ts";
import type { Log } from "../log.ts";
import {
  canVanish,
  isProvable,
  repeatAt,
  suspiciousWindow,
  type Answered,
  type Doubted,
  type Drop,
  type SuspiciousWindow,
} from "./suspicion.ts";

/**
 * Finds out which messages QQ has accepted and not shown around a drop of the gateway, and sends those again.
 *
 * A message with a `msg_seq` is sent again as it was. Refused as a duplicate (40054005), it had been booked and shown.
 * Answered with an id, the one before was swallowed and this one may be too: it stays in doubt until a duplicate
 * proves it or the repeats are used up. Proactive messages cannot be told from new ones and are only counted.
 * In memory: a restart forgets the doubt, and the host repeats on its own what it has no answer for.
 */
export interface Doubts {
  /** QQ has answered a message with an id. */
  answered(target: Target, message: OutboundMessage): void;
  /** The connection was lost; `doubtFrom` as in `SessionEnd`. */
  down(doubtFrom: number | undefined): void;
  up(): void;
  /** Settles doubts until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface DoubtOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly send: (target: Target, message: OutboundMessage, signal: AbortSignal) => Promise<SentMessage>;
}

/** Most messages that are remembered, and for how long those are that nobody doubts, ms: a dead socket is found in less. */
const MOST_MESSAGES = 64;
const REMEMBER_MS = 180_000;

interface Tally {
  proved: number;
  /** Sent again and answered with an id, at least once. */
  swallowed: number;
  unproved: number;
  proactive: number;
}

export function createDoubts({ clock, log, send }: DoubtOptions): Doubts {
  let recent: Answered[] = [];
  let doubted: Doubted[] = [];
  let window: SuspiciousWindow | undefined;
  let drop: Drop | undefined;
  let upAt: number | undefined;
  let tally = emptyTally();
  let woken = Promise.withResolvers<void>();

  const wake = (): void => {
    woken.resolve();
    woken = Promise.withResolvers();
  };
  const doubt = (answered: Answered): void => {
    if (!isProvable(answered)) tally.proactive++;
    else if (doubted.length < MOST_MESSAGES) doubted.push({ ...answered, repeats: 0 });
    else tally.unproved++;
  };
  const isSuspicious = (at: number): boolean => window !== undefined && at >= window.from && at <= window.until;

  /** When something is to be done next, ms since the epoch; nothing while the line is down. */
  const nextAt = (): number | undefined => {
    const up = upAt;
    if (up === undefined || !window) return undefined;
    return doubted.length > 0 ? Math.min(...doubted.map((one) => repeatAt(one, up) ?? up)) : window.until;
  };

  const repeat = async (one: Doubted, signal: AbortSignal): Promise<void> => {
    const outcome = await tryAgain(send, one, signal);
    if (signal.aborted) return;
    doubted = doubted.filter((other) => other !== one);
    if (outcome === "proved") tally.proved++;
    if (outcome === "refused") tally.unproved++;
    if (outcome !== "answered" && outcome !== "failed") return;
    if (outcome === "answered" && one.repeats === 0) tally.swallowed++;
    const again = { ...one, repeats: one.repeats + 1 };
    if (repeatAt(again, 0) === undefined) tally.unproved++;
    else doubted.push(again);
  };

  const settle = (): void => {
    window = undefined;
    tally.unproved += doubted.length;
    doubted = [];
    report(log, tally);
    tally = emptyTally();
  };

  const step = async (signal: AbortSignal): Promise<void> => {
    const at = nextAt();
    if (at === undefined) return await untilAborted(woken.promise, signal).catch(() => undefined);
    if (at > clock.now()) return await firstOf(clock, at - clock.now(), woken.promise, signal);
    const due = doubted.find((one) => repeatAt(one, upAt ?? 0) === at);
    if (due) await repeat(due, signal);
    else settle();
  };

  return {
    answered(target, message) {
      const one = { target, message, at: clock.now() };
      if (!canVanish(one)) return;
      recent = [...recent, one].filter(({ at }) => at > one.at - REMEMBER_MS).slice(-MOST_MESSAGES);
      if (upAt === undefined || !isSuspicious(one.at)) return;
      recent.pop();
      doubt(one);
      wake();
    },
    down(doubtFrom) {
      // Only a line that was up has messages to doubt; a try that comes to nothing makes the drop no better.
      if (upAt !== undefined) drop = { at: clock.now(), doubtFrom };
      else if (drop) drop = { ...drop, doubtFrom: drop.doubtFrom ?? drop.at };
      upAt = undefined;
    },
    up() {
      upAt = clock.now();
      window = (drop && suspiciousWindow(drop, upAt)) ?? window;
      drop = undefined;
      for (const one of recent) if (isSuspicious(one.at)) doubt(one);
      recent = recent.filter(({ at }) => !isSuspicious(at));
      wake();
    },
    async run(signal) {
      while (!signal.aborted) await step(signal);
      settle();
    },
  };
}

type Outcome = "proved" | "answered" | "failed" | "refused";

async function tryAgain(
  send: DoubtOptions["send"],
  { target, message }: Doubted,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const sent = await send(target, message, signal);
    return sent.duplicate ? "proved" : "answered";
  } catch (error) {
    return error instanceof QQError && error.retry !== "never" ? "failed" : "refused";
  }
}

const emptyTally = (): Tally => ({ proved: 0, swallowed: 0, unproved: 0, proactive: 0 });

/** One line for a whole window, and none when nothing was sent in it. */
function report(log: Log, { proved, swallowed, unproved, proactive }: Tally): void {
  if (proved + swallowed + unproved + proactive === 0) return;
  const line = `sends around a lost connection proved=${proved} repeated=${swallowed} unproved=${unproved} proactive=${proactive}`;
  if (unproved + proactive === 0) log.info(line);
  else log.warn(`${line}; QQ may not have shown the unproved and proactive ones, ask in the chat if one matters`);
}
