import { QQTransportError } from "../../errors.ts";
import { isGatewayAddress } from "../../protocol/official/endpoints.ts";
import type { GatewayBot } from "../../protocol/official/messages.ts";
import type { Clock } from "../clock.ts";
import { untilAborted } from "../deadline.ts";
import type { OfficialApi } from "./api.ts";

/** Where the gateway is, asked for no more often than the platform allows. */
export interface GatewayAddress {
  get(signal: AbortSignal): Promise<GatewayBot>;
  /** A dial to it failed, or its number of shards is too low: ask again when that is allowed. */
  doubt(): void;
}

/** What is known of the gateway over a restart. Times in ms since the epoch. */
export interface StoredAddress {
  readonly url: string;
  /** What the platform recommended. */
  readonly shards: number;
  readonly toldAt: number;
  /** The last calls, answered or not. */
  readonly askedAt: readonly number[];
}

/** Where it survives one: an account that is started again and again must not ask each time. */
export interface AddressStore {
  load(): StoredAddress | undefined;
  save(address: StoredAddress): void;
}

/** `/gateway/bot` may be called twice a minute (QQ, "Gateway", 2026-09); storms end in 100001 for hours. */
const CALLS = 2;
const WINDOW_MS = 60_000;
/** How long an answer is good, ms. The address has not changed in years; the identify budget in it does. */
const GOOD_MS = 5 * 60_000;

interface Known {
  readonly answer: GatewayBot;
  readonly at: number;
}

export function createGatewayAddress(
  clock: Clock,
  apiBaseUrl: string,
  api: Pick<OfficialApi, "gatewayBot">,
  store?: AddressStore,
): GatewayAddress {
  const stored = quietly(() => store?.load());
  // A clock that was set back must not silence the bot.
  let calls: readonly number[] = stored?.askedAt.filter((at) => at <= clock.now()) ?? [];
  let known = stored && knownOf(stored, apiBaseUrl);
  let doubted = false;
  let asking: Promise<GatewayBot> | undefined;
  /** When the next call is allowed, ms since the epoch. */
  const allowedAt = (now: number): number => {
    calls = calls.filter((at) => at > now - WINDOW_MS);
    const oldest = calls.length >= CALLS ? calls[0] : undefined;
    return oldest === undefined ? now : oldest + WINDOW_MS;
  };
  const save = (): void => {
    const { answer, at } = known ?? { answer: { url: "", shards: 1 }, at: 0 };
    quietly(() => store?.save({ url: answer.url, shards: answer.shards, toldAt: at, askedAt: calls }));
  };
  const ask = async (signal: AbortSignal): Promise<GatewayBot> => {
    const now = clock.now();
    const at = allowedAt(now);
    if (known && at > now) return known.answer;
    if (at > now) await clock.sleep(at - now, signal);
    calls = [...calls, clock.now()];
    save();
    const answer = await api.gatewayBot(signal);
    if (!isGatewayAddress(apiBaseUrl, answer.url)) {
      throw new QQTransportError("the gateway address is not a wss:// address; check apiBaseUrl");
    }
    known = { answer, at: clock.now() };
    doubted = false;
    save();
    return answer;
  };
  return {
    doubt: () => {
      doubted = true;
    },
    async get(signal) {
      if (known && !doubted && clock.now() < known.at + GOOD_MS) return known.answer;
      // Shards that were cut off together ask together: one call answers them all.
      asking ??= ask(signal).finally(() => (asking = undefined));
      return await untilAborted(asking, signal);
    },
  };
}

function knownOf({ url, shards, toldAt }: StoredAddress, apiBaseUrl: string): Known | undefined {
  return isGatewayAddress(apiBaseUrl, url) ? { answer: { url, shards }, at: toldAt } : undefined;
}

/** A store that fails costs a call more after a restart, and nothing else. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
