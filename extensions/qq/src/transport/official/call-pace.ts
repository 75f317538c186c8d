import type { QQApiError } from "../../errors.ts";
import type { V2Scene } from "../../protocol/official/endpoints.ts";
import {
  CALL_RATES,
  CHANNEL_RATE,
  PROACTIVE_BOT_RATES,
  PROACTIVE_CHAT_RATE,
  PROACTIVE_TOO_MANY,
  TOO_MANY_CALLS,
} from "../../protocol/official/rates.ts";
import type { Clock } from "../clock.ts";
import { createPace, type Limit } from "./pace.ts";
import { RATE_LIMIT_MS } from "./refusal.ts";

/** What a call's limits depend on. */
export interface PacedCall {
  readonly method: string;
  readonly path: string;
  /** The path without ids. */
  readonly shape: string;
  /** A message that answers nothing, to a chat of this scene. */
  readonly proactive?: V2Scene;
}

/** The limits of one bot: all its calls but that for the token go through here. */
export interface CallPace {
  /** Runs `work`, which makes the call, when it may be made; rejects as `Pace.run` does. */
  run<T>(call: PacedCall, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The platform refused it for its rate: calls like it wait as long as that one must. */
  refused(call: PacedCall, error: QQApiError): void;
}

/** How long a bot is taken for one whose owner is not verified after QQ refused at the verified rate, ms. */
const UNVERIFIED_MS = 3_600_000;

/**
 * Which rate a bot has is told nowhere: the verified one is assumed until QQ refuses it.
 * Kept in memory: after a restart the first refusal teaches it again.
 */
export function createCallPace(clock: Clock): CallPace {
  const pace = createPace(clock);
  let unverifiedUntil = 0;
  const proactive = (call: PacedCall): readonly Limit[] =>
    proactiveLimits(call, clock.now() < unverifiedUntil ? "unverified" : "verified");
  return {
    run: async (call, work, signal) =>
      await pace.run([...kindLimits(call), ...proactive(call)], `${call.method} ${call.shape}`, work, signal),
    refused(call, { refusal }) {
      const ms = refusal.retryAfterMs ?? RATE_LIMIT_MS;
      if (refusal.platformCode === PROACTIVE_TOO_MANY) {
        unverifiedUntil = clock.now() + UNVERIFIED_MS;
        pace.hold(proactive(call), ms);
      } else if (refusal.status === 429 || refusal.platformCode === TOO_MANY_CALLS) {
        pace.hold(kindLimits(call), ms);
      }
    },
  };
}

function kindLimits({ method, path, shape }: PacedCall): readonly Limit[] {
  const name = `${method} ${shape}`;
  if (name === "POST /channels/{channel_id}/messages") return [{ key: `${method} ${path}`, rate: CHANNEL_RATE }];
  const rate = CALL_RATES[name];
  return rate ? [{ key: name, rate }] : [];
}

function proactiveLimits({ path, proactive: scene }: PacedCall, owner: "verified" | "unverified"): readonly Limit[] {
  if (!scene) return [];
  return [
    { key: `proactive ${path}`, rate: PROACTIVE_CHAT_RATE },
    ...PROACTIVE_BOT_RATES[owner][scene].map((rate) => ({ key: `proactive ${scene} ${rate.perMs}`, rate })),
  ];
}
