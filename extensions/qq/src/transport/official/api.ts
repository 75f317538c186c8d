import { QQApiError, QQError, QQTransportError } from "../../errors.ts";
import { apiUrl, paths } from "../../protocol/official/endpoints.ts";
import { GatewayBot, Me, SendAnswer, type C2CMessage, type V2Message } from "../../protocol/official/messages.ts";
import { backoff } from "../backoff.ts";
import type { Outside } from "../transport.ts";
import { exchange, type HttpRequest } from "./exchange.ts";
import { refusalError, refusalIn } from "./refusal.ts";
import type { OfficialAccount, TokenSource } from "./token.ts";

/** What a send came to: the platform's answer, or the news that it had the message already. */
export type SendOutcome =
  | { readonly answer: SendAnswer; readonly duplicate?: never }
  | { readonly duplicate: true; readonly answer?: never };

/** The calls of the official API that a line needs. All reject with a `QQError`. */
export interface OfficialApi {
  me(signal?: AbortSignal): Promise<Me>;
  /** Asked once, never repeated: QQ allows two a minute, and whoever asks counts them. */
  gatewayBot(signal?: AbortSignal): Promise<GatewayBot>;
  sendC2C(openid: string, message: C2CMessage, signal?: AbortSignal): Promise<SendOutcome>;
  sendGroup(groupOpenid: string, message: V2Message, signal?: AbortSignal): Promise<SendOutcome>;
}

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The path without ids. */
  readonly shape: string;
  readonly body?: C2CMessage;
  /** Tries in all; QQ's own clients give a temporary fault three. */
  readonly tries: number;
}

/** Pauses between tries, ms (QQ, "Error codes": busy, 0.5 to 4 s). */
const PAUSE = { firstMs: 1000, maxMs: 4000 };
/** Longest pause that is waited for here; a caller that is told to wait longer decides for itself. ms. */
const LONGEST_PAUSE_MS = 10_000;
const TRIES = 3;

export function createOfficialApi(outside: Outside, account: OfficialAccount, tokens: TokenSource): OfficialApi {
  const context = { outside, account, tokens };
  const send = async (path: string, shape: string, body: C2CMessage, signal?: AbortSignal): Promise<SendOutcome> => {
    try {
      return { answer: await call(context, { method: "POST", path, shape, body, tries: TRIES }, SendAnswer, signal) };
    } catch (error) {
      if (error instanceof QQApiError && error.kind === "duplicate") return { duplicate: true };
      throw error;
    }
  };
  return {
    me: (signal) => call(context, { method: "GET", path: paths.me, shape: paths.me, tries: TRIES }, Me, signal),
    gatewayBot: (signal) =>
      call(context, { method: "GET", path: paths.gatewayBot, shape: paths.gatewayBot, tries: 1 }, GatewayBot, signal),
    sendC2C: (openid, message, signal) =>
      send(paths.c2cMessages(openid), "/v2/users/{openid}/messages", message, signal),
    sendGroup: (openid, message, signal) =>
      send(paths.groupMessages(openid), "/v2/groups/{group_openid}/messages", message, signal),
  };
}

interface Context {
  readonly outside: Outside;
  readonly account: OfficialAccount;
  readonly tokens: TokenSource;
}

/** What a body must be to be read: `data` is absent when it is not. */
interface Reader<T> {
  safeParse(json: unknown): { readonly data?: T | undefined };
}

/**
 * Makes a call until it is answered, refused for good, or out of tries. Every try sends the same body, so a message
 * with a `msg_seq` is shown once however often it arrives; one without is not sent again once it may have arrived.
 */
async function call<T>(context: Context, call: Call, reader: Reader<T>, signal?: AbortSignal): Promise<T> {
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

async function once<T>(context: Context, call: Call, reader: Reader<T>, signal?: AbortSignal): Promise<T> {
  const token = await context.tokens.get(signal);
  const request: HttpRequest = {
    method: call.method,
    url: apiUrl(context.account.apiBaseUrl, call.path),
    name: `${call.method} ${call.shape}`,
    authorization: `QQBot ${token}`,
    visible: call.method !== "GET",
    ...(call.body && { body: call.body }),
  };
  const answer = await exchange(context.outside, request, signal);
  const refusal = refusalIn(answer, request);
  if (refusal?.kind === "token") context.tokens.invalidate(token);
  if (refusal) throw refusal;
  const { data } = reader.safeParse(answer.json);
  // A status alone proves nothing: without the message's id nobody knows whether it was sent.
  if (data === undefined) {
    throw new QQTransportError(`the answer to ${request.name} cannot be read`, {
      mayHaveArrived: call.method !== "GET",
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
  if (mayHaveArrived && call.body?.msg_seq === undefined) return undefined;
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
