import { QQError, QQTransportError } from "../../errors.ts";
import { DEFAULT_INTENTS, type IntentName } from "../../protocol/official/intents.ts";
import { createStatusBoard } from "../status.ts";
import type { LineOptions, Transport } from "../transport.ts";
import { officialAbilities } from "./abilities.ts";
import { createOfficialApi } from "./api.ts";
import { createDoubts } from "./doubt.ts";
import { createGatewayAddress, type AddressStore } from "./gateway-address.ts";
import { createHold } from "./hold.ts";
import { createIdentifyTurns } from "./identify-turns.ts";
import { afterFailure, startCourse } from "./reconnect.ts";
import { refusalError } from "./refusal.ts";
import { createRefusedIntents, type RefusalMemory } from "./refused-intents.ts";
import type { SessionStores } from "./session-keeper.ts";
import { isTooFewShards, openShards, runShards, TOO_MANY_GUILDS, type GatewayLine, type ShardSet } from "./shards.ts";
import { demandIdentifies, shardsOf } from "./sharding.ts";
import { createTokenSource, type OfficialAccount } from "./token.ts";

export interface GatewayOptions extends LineOptions {
  readonly account: OfficialAccount;
  /** What to subscribe to; those that the platform refuses are left out, one by one. */
  readonly intents?: readonly IntentName[];
  /** How many sessions share the bot's guilds; `auto`: as many as QQ recommends. 1 when left out. */
  readonly shards?: number | "auto";
  /** Where sessions survive a restart. Without it, what is sent while the plugin is down is lost. */
  readonly sessions?: SessionStores | undefined;
  /** Where the gateway's address does, so that a crash loop does not ask for it at each start. */
  readonly address?: AddressStore | undefined;
  /** Where refused intents do, so that a restart does not ask for them again. */
  readonly refusals?: RefusalMemory | undefined;
}

/** The line of an official bot without a public address: one gateway socket for each shard in, HTTPS out. */
export function createGatewayTransport(options: GatewayOptions): Transport {
  const { account, outside, report, log } = options;
  const { clock } = outside;
  const tokens = createTokenSource(outside, account);
  const api = createOfficialApi(outside, account, tokens);
  const abilities = officialAbilities({ outside, api, apiBaseUrl: account.apiBaseUrl, log });
  const line: GatewayLine = {
    options,
    intents: options.intents ?? DEFAULT_INTENTS,
    refused: createRefusedIntents(clock, options.refusals),
    sessions: options.sessions,
    tokens,
    address: createGatewayAddress(clock, account.apiBaseUrl, api, options.address),
    turns: createIdentifyTurns(clock),
    status: createStatusBoard(clock, report),
    hold: createHold(clock),
    doubts: createDoubts({ clock, log, send: abilities.send }),
  };
  let shards = 1;
  return {
    run: async (signal) => await runGateway(line, options.shards ?? 1, (total) => (shards = total), signal),
    ...abilities,
    async send(target, message, signal) {
      await line.hold.wait(shardsOf(target, shards), signal);
      const sent = await abilities.send(target, message, signal);
      if (sent.messageId !== undefined) line.doubts.answered(target, message);
      return sent;
    },
  };
}

/** Runs until the signal aborts or nothing but a person can help. */
async function runGateway(
  line: GatewayLine,
  wanted: number | "auto",
  running: (shards: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  // How many shards there are is not known yet; the one that brings most chats is among them.
  line.hold.began(1);
  const settling = line.doubts.run(AbortSignal.any([signal, over.signal]));
  try {
    for (let tooFew = 0; !signal.aborted;) {
      const set = await prepare(line, wanted, tooFew, signal);
      if (!set) break;
      running(set.shards.length);
      try {
        await runShards(line, set, signal);
      } catch (error) {
        if (wanted !== "auto" || !isTooFewShards(error)) throw error;
        tooFew = set.shards.length;
        line.options.log.warn(`gateway shards too few shards=${tooFew}; asking how many QQ recommends now`);
        line.address.doubt();
      }
    }
    line.status.stopped("stopped");
  } catch (error) {
    line.status.stopped(error instanceof Error ? error.message : "unexpected failure");
    throw error;
  } finally {
    line.hold.ended();
    over.abort();
    await settling;
  }
}

/**
 * The shards to run: as many as are wanted, and more than `tooFew` where the platform says how many. Asks until it is
 * told and there are new sessions enough for all; `undefined` when the signal aborts first.
 */
async function prepare(
  line: GatewayLine,
  wanted: number | "auto",
  tooFew: number,
  signal: AbortSignal,
): Promise<ShardSet | undefined> {
  // A single shard asks for itself, and when it resumes it needs no new session.
  if (wanted === 1) return await openShards(line, 1);
  const { outside, log } = line.options;
  let course = startCourse(line.intents, undefined);
  while (!signal.aborted) {
    try {
      line.status.connecting("asking for the gateway");
      const gateway = await line.address.get(signal);
      const total = wanted === "auto" ? gateway.shards : wanted;
      if (total <= tooFew) throw noMoreShards();
      const set = await openShards(line, total);
      demandIdentifies(gateway, set.fresh);
      return set;
    } catch (cause) {
      if (signal.aborted) break;
      const error = cause instanceof QQError ? cause : new QQTransportError("unexpected failure", { cause });
      const turn = afterFailure(course, error, outside.random ?? Math.random);
      if (turn.stop) throw turn.stop;
      course = turn.course;
      log.warn(`gateway not reached pauseMs=${turn.pauseMs} why="${error.message}"`);
      line.status.waiting(error.message, outside.clock.now() + turn.pauseMs);
      await outside.clock.sleep(turn.pauseMs, signal).catch(() => undefined);
    }
  }
  return undefined;
}

/** How long QQ is given to recommend more shards after it has refused what it recommended, ms. */
const RECOMMEND_MS = 300_000;

function noMoreShards() {
  return refusalError({
    kind: "temporary",
    retry: "later",
    status: 0,
    platformCode: TOO_MANY_GUILDS,
    traceId: undefined,
    call: "GET /gateway/bot",
    retryAfterMs: RECOMMEND_MS,
  });
}
