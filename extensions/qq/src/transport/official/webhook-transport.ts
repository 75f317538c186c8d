import { createStatusBoard } from "../status.ts";
import type { LineOptions, Transport } from "../transport.ts";
import { createOfficialApi } from "./api.ts";
import { sendOfficial } from "./send.ts";
import { createTokenSource, type OfficialAccount } from "./token.ts";
import { createCallbackLine, type CallbackAnswer, type CallbackLine, type CallbackRequest } from "./webhook.ts";

export interface WebhookOptions extends LineOptions {
  readonly account: OfficialAccount;
  /** Where the callbacks come in, for the status. */
  readonly path: string;
}

/** The line of an official bot with a public address. The HTTP server is the host's: it hands each callback to `receive`. */
export interface WebhookTransport extends Transport, CallbackLine {}

/** Not running, the line takes nothing: what comes then is refused with 503, and QQ pushes it again. */
const NOT_RUNNING: CallbackAnswer = { status: 503 };

export function createWebhookTransport(options: WebhookOptions): WebhookTransport {
  const { account, outside, log, accept, report, path } = options;
  const api = createOfficialApi(outside, account, createTokenSource(outside, account));
  const callbacks = createCallbackLine({ ...account, clock: outside.clock, accept, report, log });
  const status = createStatusBoard(outside.clock, report);
  let running = false;
  return {
    async run(signal) {
      running = true;
      status.ready(`waiting for callbacks at ${path}`);
      log.info(`webhook waiting path=${path}`);
      await aborted(signal);
      running = false;
      status.stopped("stopped");
    },
    receive: async (request: CallbackRequest) => (running ? await callbacks.receive(request) : NOT_RUNNING),
    send: async (target, message, signal) => await sendOfficial(api, target, message, signal),
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
