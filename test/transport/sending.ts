import { QQApiError, QQError } from "../../extensions/qq/src/errors.ts";
import type { OutboundMessage } from "../../extensions/qq/src/message/outbound.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import type { Clock } from "../../extensions/qq/src/transport/clock.ts";
import type { Transport } from "../../extensions/qq/src/transport/transport.ts";

/** Sends that were begun and of which nobody knows how they ended: when they began, by what they answer. */
export type Attempts = Map<string, number>;

interface Sender {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly attempts: Attempts;
  readonly signal: AbortSignal;
}

/** Pause before another try where the failure names none, ms. */
const AGAIN_MS = 5000;

/**
 * Sends on a personal account as the plugin's host does: until it is sent, and what may have arrived is looked for in the
 * chat before it is sent again. `id`: of what is answered. Rejects when trying again cannot help, or on abort.
 */
export async function sendFreely(sender: Sender, id: string, chat: Target, message: OutboundMessage): Promise<void> {
  const { transport, clock, attempts, signal } = sender;
  for (;;) {
    try {
      const since = attempts.get(id);
      if (since !== undefined && (await transport.findSent?.(chat, message, since, () => false, signal))) break;
      attempts.set(id, clock.now());
      await transport.send(chat, message, signal);
      break;
    } catch (error) {
      if (error instanceof QQError && !error.mayHaveArrived && attempts.has(id)) forgetRefused(error, id, attempts);
      if (!(error instanceof QQError) || error.retry === "never") throw error;
      await clock.sleep(pauseOf(error), signal);
    }
  }
  attempts.delete(id);
}

/** A refusal says that nothing has arrived; a chat that could not be looked through says nothing. */
function forgetRefused(error: QQError, id: string, attempts: Attempts): void {
  if (error instanceof QQApiError && error.refusal.call.startsWith("send_")) attempts.delete(id);
}

function pauseOf(error: QQError): number {
  return Math.max(AGAIN_MS, error instanceof QQApiError ? (error.refusal.retryAfterMs ?? 0) : 0);
}
