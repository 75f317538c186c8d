import { QQApiError, QQError, QQTransportError } from "../../errors.ts";
import { apiUrl } from "../../protocol/official/endpoints.ts";
import { backoff } from "../backoff.ts";
import type { Outside } from "../transport.ts";
import type { CallPace, PacedCall } from "./call-pace.ts";
import { exchange, type HttpRequest } from "./exchange.ts";
import { refusalError, refusalIn } from "./refusal.ts";
import type { OfficialAccount, TokenSource } from "./token.ts";

/** One call of the official API, before it is made. */
export interface Call extends PacedCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** JSON, or form data. */
  readonly body?: object;
  /** Tries in all; QQ's own clients give a temporary fault three. */
  readonly tries: number;
  /** Making it twice does no more than making it once: a message with a `msg_seq`, an upload, a recall. */
  readonly repeatable: boolean;
  /** A person sees what it does; with no answer it may have been done. */
  readonly visible: boolean;
  /** Longest wait for the answer, ms. */
  readonly answerMs?: number;
}

/** Pauses between tries, ms (QQ, "Error codes": busy, 0.5 to 4 s). */
const PAUSE = { firstMs: 1000, maxMs: 4000 };
/** Longest pause that is waited for here; a caller that is told to wait longer decides for itself. ms. */
const LONGEST_PAUSE_MS = 10_000;
export const TRIES = 3;

/** What every call of one account is made with. */
export interface CallContext {
  readonly outside: Outside;
  readonly account: OfficialAccount;
  readonly tokens: TokenSource;
  readonly pace: CallPace;
}

/** What a body must be to be read: `data` is absent when it is not. */
export interface Reader<T> {
  safeParse(json: unknown): { readonly data?: T | undefined };
}

/**
 * Makes a call until it is answered, refused for good, or out of tries. Every try sends the same body, so a message
 * with a `msg_seq` is shown once however often it arrives; what is not repeatable is not sent again once it may have
 * arrived.
 */
export async function call<T>(context: CallContext, call: Call, reader: Reader<T>, signal?: AbortSignal): Promise<T> {
  const random = context.outside.random ?? Math.random;
  let mayHaveArrived = false;
  let freshToken = false;
  for (let attempt = 0; ;) {
    try {
      return await once(context, call, reader, signal);
    } catch (error) {
      if (!(error instanceof QQError)) throw error;
      mayHaveArrived ||= error.mayHaveArrived;
      const renew: boolean = !freshToken && call.tries > 1 && error instanceof QQApiError && error.kind === "token";
      const pause = renew ? 0 : pauseAfter(error, attempt++, call, mayHaveArrived, random);
      freshToken ||= renew;
      if (pause === undefined || signal?.aborted) throw withOutcome(error, mayHaveArrived);
      await context.outside.clock.sleep(pause, signal).catch(() => {
        throw withOutcome(error, mayHaveArrived);
      });
    }
  }
}

async function once<T>(context: CallContext, call: Call, reader: Reader<T>, signal?: AbortSignal): Promise<T> {
  const token = await context.tokens.get(signal);
  const request: HttpRequest = {
    method: call.method,
    url: apiUrl(context.account.apiBaseUrl, call.path),
    name: `${call.method} ${call.shape}`,
    authorization: `QQBot ${token}`,
    visible: call.visible,
    ...(call.body && { body: call.body }),
    ...(call.answerMs !== undefined && { answerMs: call.answerMs }),
  };
  const answer = await context.pace.run(call, () => exchange(context.outside, request, signal), signal);
  const refusal = refusalIn(answer, request);
  if (refusal?.kind === "token") context.tokens.invalidate(token);
  if (refusal?.kind === "rate-limited") context.pace.refused(call, refusal);
  if (refusal) throw refusal;
  const { data } = reader.safeParse(answer.json);
  // A status alone proves nothing: without the message's id nobody knows whether it was sent.
  if (data === undefined) {
    throw new QQTransportError(`the answer to ${request.name} cannot be read`, {
      mayHaveArrived: call.visible,
    });
  }
  return data;
}

/** How long to wait before the next try, ms; `undefined` when there is none. */
function pauseAfter(
  error: QQError,
  attempt: number,
  call: Call,
  mayHaveArrived: boolean,
  random: () => number,
): number | undefined {
  if (error.retry !== "later" || attempt + 1 >= call.tries) return undefined;
  if (mayHaveArrived && !call.repeatable) return undefined;
  const asked = error instanceof QQApiError ? error.refusal.retryAfterMs : undefined;
  const pause = Math.max(asked ?? 0, backoff(PAUSE, attempt, random));
  return pause <= LONGEST_PAUSE_MS ? pause : undefined;
}

/** The last refusal, but an earlier try that had no answer may still have arrived. */
function withOutcome(error: QQError, mayHaveArrived: boolean): QQError {
  if (error.mayHaveArrived === mayHaveArrived) return error;
  if (error instanceof QQApiError) return refusalError({ ...error.refusal, mayHaveArrived });
  return error instanceof QQTransportError
    ? new QQTransportError(error.message, { cause: error, mayHaveArrived })
    : error;
}
