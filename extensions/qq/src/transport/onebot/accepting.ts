import { adoptSocket, type RawSocket } from "../socket.ts";
import type { LineReason } from "../transport.ts";
import type { Line, Role } from "./line.ts";
import { runLink } from "./link.ts";
import { roleOf } from "./admission.ts";
import type { RequestHeaders } from "./onebot.ts";

/** Takes the sockets that the implementation dials. */
export interface Accepting {
  take(raw: RawSocket, headers: RequestHeaders): void;
  /** Resolves when every socket has ended. */
  ended(): Promise<void>;
}

const NOBODY = "nobody has connected yet; enable a WebSocket client in NapCat that dials the gateway at reversePath";
const GONE = "NapCat has closed its connection; it dials again by itself";

/** `isDialling`: the line dials too, and says itself what it waits for. */
export function createAccepting(line: Line, isDialling: boolean, signal: AbortSignal): Accepting {
  const { clock } = line.outside;
  /** One socket of each role: an account that connects again has not noticed yet that the older one is dead. */
  const newest = new Map<Role, AbortController>();
  const running = new Set<Promise<void>>();
  const wait = (why: string, reason: LineReason): void => {
    if (!isDialling) line.state.waiting(why, clock.now(), reason);
  };

  const run = async (raw: RawSocket, role: Role): Promise<void> => {
    const replaced = newest.get(role);
    const mine = new AbortController();
    newest.set(role, mine);
    line.log.info(`onebot socket accepted role=${role}${replaced ? " in place of an older one" : ""}`);
    const ending = runLink(
      line,
      adoptSocket(raw, AbortSignal.any([signal, mine.signal])),
      role,
      "connected from outside",
    );
    // Only now: with the new one up, the line is never down between them.
    replaced?.abort();
    const { why, stop } = await ending;
    if (newest.get(role) === mine) newest.delete(role);
    if (stop) line.log.error(`onebot socket left why="${stop.message}"`);
    else if (!signal.aborted) line.log.warn(`onebot socket down role=${role} why="${why}"`);
    if (!signal.aborted) wait(stop?.message ?? GONE, stop ? "account" : "lost");
  };

  wait(NOBODY, "nobody");
  return {
    take(raw, headers) {
      const task = run(raw, roleOf(headers) ?? "universal").finally(() => running.delete(task));
      running.add(task);
    },
    ended: async () => void (await Promise.all(running)),
  };
}
