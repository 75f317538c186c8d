import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { z } from "zod";
import type { CallbackRefusal } from "../transport/transport.ts";

const Refusal = z.enum([
  "another-bot",
  "unsigned",
  "wrong-signature",
  "stale",
  "other",
] satisfies readonly CallbackRefusal[]);

/** What a running line has noticed since it began; the status carries it as `facts`. */
const LineFacts = z.object({
  /** Callbacks refused since the last good one, at least so many, by reason. */
  refused: z.partialRecord(Refusal, z.number()).optional(),
  /** Callbacks with good signatures tell another time: this machine's clock is that far ahead of the last one, ms. */
  aheadMs: z.number().optional(),
  /** QQ has asked for the address since the line began, signed, and was answered. */
  validated: z.boolean().optional(),
  /** Somebody has asked for it without a signature, as the console does, and was answered then: ms since the epoch. */
  askedAt: z.number().optional(),
  /** Somebody has written to the account, in this run or an earlier one. */
  heard: z.boolean().optional(),
  /** Messages of a group came because the bot was mentioned (`mentions`), or without that (`all`). */
  groups: z.object({ mentions: z.boolean(), all: z.boolean() }).optional(),
  /** Intents that QQ has not granted, as the line names them. */
  without: z.array(z.string()).optional(),
  /** The last message of a personal account came as one CQ string. */
  cqStrings: z.boolean().optional(),
});
export type LineFacts = z.infer<typeof LineFacts>;

/** The facts in a status, of this process or as the gateway tells it; none when the line has noticed nothing. */
export function factsOf(snapshot: ChannelAccountSnapshot | undefined): LineFacts {
  if (snapshot === undefined || !("facts" in snapshot)) return {};
  return LineFacts.safeParse(snapshot.facts).data ?? {};
}
