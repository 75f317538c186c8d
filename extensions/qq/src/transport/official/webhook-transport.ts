import { QQApiError } from "../../errors.ts";
import type { Log } from "../log.ts";
import { createStatusBoard } from "../status.ts";
import type { LineOptions, Transport } from "../transport.ts";
import { officialAbilities } from "./abilities.ts";
import { createOfficialApi } from "./api.ts";
import { createTokenSource, type OfficialAccount, type TokenSource } from "./token.ts";
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
  const tokens = createTokenSource(outside, account);
  const api = createOfficialApi(outside, account, tokens);
  const callbacks = createCallbackLine({ ...account, clock: outside.clock, accept, report, log });
  const status = createStatusBoard(outside.clock, report);
  let running = false;
  return {
    async run(signal) {
      running = true;
      try {
        status.connecting("checking the AppSecret");
        await checkSecret(tokens, log, signal);
        status.ready(`waiting for callbacks at ${path}`);
        await aborted(signal);
        status.stopped("stopped");
      } catch (error) {
        status.stopped(error instanceof Error ? error.message : "unknown");
        throw error;
      } finally {
        running = false;
      }
    },
    receive: async (request: CallbackRequest) => (running ? await callbacks.receive(request) : NOT_RUNNING),
    ...officialAbilities({ outside, api, apiBaseUrl: account.apiBaseUrl, log }),
  };
}

/**
 * A wrong secret verifies no callback either, and nothing would ever show it: rejects then. Whatever else the platform
 * says, or that it says nothing, does not keep callbacks from coming in.
 */
async function checkSecret(tokens: TokenSource, log: Log, signal: AbortSignal): Promise<void> {
  try {
    await tokens.get(signal);
  } catch (error) {
    if (error instanceof QQApiError && error.kind === "config") throw error;
    if (!signal.aborted)
      log.warn(`webhook secret not checked why="${error instanceof Error ? error.message : "unknown"}"`);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
