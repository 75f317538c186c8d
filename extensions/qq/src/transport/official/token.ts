import { QQApiError, QQError, QQTransportError } from "../../errors.ts";
import { tokenUrl } from "../../protocol/official/endpoints.ts";
import { TokenAnswer } from "../../protocol/official/messages.ts";
import { untilAborted } from "../deadline.ts";
import type { Outside } from "../transport.ts";
import { exchange, type HttpRequest } from "./exchange.ts";
import { RATE_LIMIT_MS, refusalIn } from "./refusal.ts";

/** Who a bot is on the official platform, and where its calls go. */
export interface OfficialAccount {
  readonly appId: string;
  readonly appSecret: string;
  readonly apiBaseUrl: string;
}

/** The access token of one account. */
export interface TokenSource {
  /** A token that is valid now. Rejects with a `QQError`, also when `signal` aborts first. */
  get(signal?: AbortSignal): Promise<string>;
  /** This token was refused. The next `get` asks for another, unless that was done already. */
  invalidate(token: string): void;
}

interface Token {
  readonly text: string;
  /** From here on another is asked for, ms since the epoch. */
  readonly renewAt: number;
  /** From here on it is refused, ms since the epoch. */
  readonly endsAt: number;
}

/**
 * How long before its end a token is renewed, ms. QQ gives the same token again until 60 s are left of it, and from
 * then on a new one while the old still works; 10 s are for the way. Asking earlier only asks in vain.
 */
const RENEW_AHEAD_MS = 50_000;

/** Tokens are kept per account, never per process: two bots that share one break each other. */
export function createTokenSource(outside: Outside, account: OfficialAccount): TokenSource {
  let current: Token | undefined;
  let asking: Promise<Token> | undefined;
  let cooling: { readonly until: number; readonly error: QQApiError } | undefined;
  const ask = async (): Promise<Token> => {
    if (cooling && outside.clock.now() < cooling.until) throw cooling.error;
    try {
      return (current = await fetchToken(outside, account));
    } catch (error) {
      if (error instanceof QQApiError && error.kind === "rate-limited") {
        cooling = { until: outside.clock.now() + (error.refusal.retryAfterMs ?? RATE_LIMIT_MS), error };
      }
      throw error;
    }
  };
  const askOnce = async (): Promise<Token> => {
    asking ??= ask().finally(() => (asking = undefined));
    return await asking;
  };
  return {
    async get(signal) {
      const now = outside.clock.now();
      const held = current && now < current.endsAt ? current : undefined;
      if (held && now < held.renewAt) return held.text;
      try {
        return (await untilAborted(askOnce(), signal)).text;
      } catch (error) {
        // The token that is to be renewed still works: a token call that fails for the moment costs nothing yet.
        if (held && held === current && error instanceof QQError && error.retry === "later") return held.text;
        throw error instanceof QQError ? error : new QQTransportError("given up waiting for a token", { cause: error });
      }
    },
    invalidate(token) {
      if (current?.text === token) current = undefined;
    },
  };
}

async function fetchToken(outside: Outside, account: OfficialAccount): Promise<Token> {
  const request: HttpRequest = {
    method: "POST",
    url: tokenUrl(account.apiBaseUrl),
    name: "POST /app/getAppAccessToken",
    body: { appId: account.appId, clientSecret: account.appSecret },
  };
  const answer = await exchange(outside, request);
  const refusal = refusalIn(answer, request);
  if (refusal) throw refusal;
  const granted = TokenAnswer.safeParse(answer.json).data;
  if (!granted) throw new QQTransportError(`the answer to ${request.name} is not one of QQ's; check apiBaseUrl`);
  const now = outside.clock.now();
  const lifeMs = granted.expires_in * 1000;
  // A life shorter than the time ahead would be renewed at once, for ever: it is renewed at its half.
  return {
    text: granted.access_token,
    renewAt: now + Math.max(lifeMs - RENEW_AHEAD_MS, lifeMs / 2),
    endsAt: now + lifeMs,
  };
}
