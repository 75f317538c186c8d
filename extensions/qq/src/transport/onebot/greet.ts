import { QQApiError, QQConfigError, QQError } from "../../errors.ts";
import { backoff } from "../backoff.ts";
import { askIdentity } from "./identity.ts";
import type { Line } from "./line.ts";

/** Pauses between questions that had no answer, ms. */
const AGAIN = { firstMs: 5000, maxMs: 60_000 };

/** Asks whose account it is until it is told, and whether it is online. Rejects with a `QQConfigError` when it is another one. */
export async function greet(line: Line, toldId: () => string | undefined, signal: AbortSignal): Promise<void> {
  const { outside, log, state, calls } = line;
  for (let attempt = 0; ; attempt++) {
    try {
      const identity = await askIdentity(calls, line.access, toldId, signal);
      line.core.identity = identity;
      line.report.identity?.({ id: identity.id, name: identity.name, software: identity.software });
      log.info(`onebot account=${identity.id} software="${identity.software}"`);
      return await askOnline(line, signal);
    } catch (error) {
      if (signal.aborted || error instanceof QQConfigError || !(error instanceof QQError)) throw error;
      state.unknown(`whose account it is has no answer yet: ${error.message}`);
      if (attempt === 0) log.warn(`onebot account not known yet why="${error.message}"`);
      await outside.clock.sleep(backoff(AGAIN, attempt, outside.random ?? Math.random), signal);
    }
  }
}

/** An implementation that does not say is taken to be online: it has said who it is. */
async function askOnline({ calls, state }: Line, signal: AbortSignal): Promise<void> {
  try {
    const { online } = await calls.call("get_status", {}, { timeoutMs: 15_000, signal });
    state.online(online ?? true);
  } catch (error) {
    if (error instanceof QQApiError) state.online(true);
    else throw error;
  }
}
