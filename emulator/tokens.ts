import type { Clock } from "./clock.ts";
import type { Ids } from "./ids.ts";
import type { Rules } from "./rules.ts";

interface Token {
  readonly text: string;
  readonly appId: string;
  readonly expiresAt: number;
}

/** Access tokens (qq-official.md 1.2): one per bot, and for the last minute of its life the next one beside it. */
export interface Tokens {
  /** The bot's token with the seconds it has left; a new one when the old one is nearly over. */
  issue(appId: string): { token: string; seconds: number };
  /** Whose token it is; `undefined` when it is unknown or over. */
  owner(token: string): string | undefined;
}

export function createTokens(clock: Clock, ids: Ids, rules: Rules): Tokens {
  const byText = new Map<string, Token>();
  const newest = new Map<string, Token>();
  return {
    issue(appId) {
      const now = clock.now();
      const old = newest.get(appId);
      const token =
        old && old.expiresAt - now > rules.tokenOverlapMs
          ? old
          : { text: ids.token(), appId, expiresAt: now + rules.tokenMs };
      newest.set(appId, token);
      byText.set(token.text, token);
      return { token: token.text, seconds: Math.floor((token.expiresAt - now) / 1000) };
    },
    owner(text) {
      const token = byText.get(text);
      return token && token.expiresAt > clock.now() ? token.appId : undefined;
    },
  };
}
