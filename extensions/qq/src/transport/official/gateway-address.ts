import { QQTransportError } from "../../errors.ts";
import { isGatewayAddress } from "../../protocol/official/endpoints.ts";
import type { GatewayBot } from "../../protocol/official/messages.ts";
import type { Clock } from "../clock.ts";
import type { OfficialApi } from "./api.ts";

/** Where the gateway is, asked for no more often than the platform allows. */
export interface GatewayAddress {
  get(signal: AbortSignal): Promise<GatewayBot>;
  /** A dial to it failed: ask again when that is allowed. */
  doubt(): void;
}

/** `/gateway/bot` may be called twice a minute (QQ, "Gateway", 2026-09); storms end in 100001 for hours. */
const CALLS = 2;
const WINDOW_MS = 60_000;
/** How long an answer is good, ms. The address has not changed in years; the identify budget in it does. */
const GOOD_MS = 5 * 60_000;

export function createGatewayAddress(
  clock: Clock,
  apiBaseUrl: string,
  api: Pick<OfficialApi, "gatewayBot">,
): GatewayAddress {
  let known: { readonly answer: GatewayBot; readonly at: number } | undefined;
  let doubted = false;
  let calls: readonly number[] = [];
  /** When the next call is allowed, ms since the epoch. */
  const allowedAt = (now: number): number => {
    calls = calls.filter((at) => at > now - WINDOW_MS);
    const oldest = calls.length >= CALLS ? calls[0] : undefined;
    return oldest === undefined ? now : oldest + WINDOW_MS;
  };
  return {
    doubt: () => {
      doubted = true;
    },
    async get(signal) {
      const now = clock.now();
      if (known && !doubted && now < known.at + GOOD_MS) return known.answer;
      const at = allowedAt(now);
      if (known && at > now) return known.answer;
      if (at > now) await clock.sleep(at - now, signal);
      calls = [...calls, clock.now()];
      const answer = await api.gatewayBot(signal);
      if (!isGatewayAddress(apiBaseUrl, answer.url)) {
        throw new QQTransportError("the gateway address is not a wss:// address; check apiBaseUrl");
      }
      known = { answer, at: clock.now() };
      doubted = false;
      return answer;
    },
  };
}
