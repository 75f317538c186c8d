import { QQApiError } from "../../errors.ts";
import { intentMask, type IntentName } from "../../protocol/official/intents.ts";
import type { StatusBoard } from "../status.ts";
import type { LineOptions } from "../transport.ts";
import type { Doubts } from "./doubt.ts";
import type { GatewayAddress } from "./gateway-address.ts";
import type { Hold } from "./hold.ts";
import type { IdentifyTurns } from "./identify-turns.ts";
import type { RefusedIntents } from "./refused-intents.ts";
import { createSessionKeeper, type SessionKeeper, type SessionStores } from "./session-keeper.ts";
import type { SessionPoint } from "./session.ts";
import { createShardStatus } from "./shard-status.ts";
import { runShard, type ShardLine } from "./shard.ts";
import type { TokenSource } from "./token.ts";

/** What the shards of one line share. */
export interface GatewayLine {
  readonly options: LineOptions;
  readonly intents: readonly IntentName[];
  readonly refused: RefusedIntents;
  readonly sessions: SessionStores | undefined;
  readonly tokens: TokenSource;
  readonly address: GatewayAddress;
  readonly turns: IdentifyTurns;
  readonly status: StatusBoard;
  readonly hold: Hold;
  readonly doubts: Doubts;
}

/** The shards of a line before they run, with the sessions that an earlier run has left. */
export interface ShardSet {
  readonly shards: readonly { readonly keeper: SessionKeeper; readonly stored: SessionPoint | undefined }[];
  /** How many have no session to resume. */
  readonly fresh: number;
}

export async function openShards({ options, intents, sessions }: GatewayLine, total: number): Promise<ShardSet> {
  const open = async (index: number) => {
    // What a session brings was settled by its Identify: with other intents or shards it is another session.
    const store = sessions?.(`${index}/${total}:${intentMask(intents)}`);
    const keeper = createSessionKeeper(store, options.outside.clock, options.log);
    return { keeper, stored: await keeper.load() };
  };
  const shards = await Promise.all(Array.from({ length: total }, (_, index) => open(index)));
  return { shards, fresh: shards.filter(({ stored }) => !stored).length };
}

/** Runs every shard until the signal aborts; rejects, once all have ended, when one of them can run no more. */
export async function runShards(line: GatewayLine, { shards }: ShardSet, signal: AbortSignal): Promise<void> {
  const total = shards.length;
  const statusOf = createShardStatus(line.status, total);
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  line.hold.began(total);
  const runs = shards.map(async ({ keeper, stored }, index) => {
    const shard: ShardLine = {
      ...line,
      shard: [index, total],
      keeper,
      status: statusOf(index),
      up: () => {
        line.hold.up(index);
        if (bringsDirectChats(index)) line.doubts.up();
      },
      down: (doubtFrom) => {
        line.hold.down(index);
        if (bringsDirectChats(index)) line.doubts.down(doubtFrom);
      },
    };
    try {
      await runShard(shard, stored, both);
    } catch (error) {
      failed.abort();
      throw error;
    }
  });
  const ends = await Promise.allSettled(runs);
  const end = ends.find(({ status }) => status === "rejected");
  if (end?.status === "rejected") throw end.reason;
}

/** Only messages to C2C and group chats can be proved, and those belong to shard 0 (see `shardsOf`). */
const bringsDirectChats = (index: number): boolean => index === 0;

/** QQ wants the bot's guilds spread over more shards. */
export function isTooFewShards(error: unknown): boolean {
  return error instanceof QQApiError && error.refusal.platformCode === TOO_MANY_GUILDS;
}

/** Close code of a shard that would have to bring too many guilds (QQ, "Websocket close codes"). */
export const TOO_MANY_GUILDS = 4011;
