import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { z } from "zod";

/** What a running line has noticed since it began; the status carries it as `facts`. */
const LineFacts = z.object({
  /** Callbacks refused since the last good one, at least so many, by reason such as `with a wrong signature`. */
  refused: z.record(z.string(), z.number()).optional(),
  /** The last callback with a good signature told another time: this machine's clock is that far ahead of it, ms. */
  aheadMs: z.number().optional(),
  /** The console has asked for the address since the line began, and was answered. */
  validated: z.boolean().optional(),
  /** Somebody has written to the account, in this run or an earlier one. */
  heard: z.boolean().optional(),
  /** Messages of a group came because the bot was mentioned (`mentions`), or without that (`all`). */
  groups: z.object({ mentions: z.boolean(), all: z.boolean() }).optional(),
  /** Intents that QQ has not granted, as the line names them. */
  without: z.string().optional(),
  /** The last message of a personal account came as one CQ string. */
  cqStrings: z.boolean().optional(),
});
export type LineFacts = z.infer<typeof LineFacts>;

/** The facts in a status, of this process or as the gateway tells it; none when the line has noticed nothing. */
export function factsOf(snapshot: ChannelAccountSnapshot | undefined): LineFacts {
  if (snapshot === undefined || !("facts" in snapshot)) return {};
  return LineFacts.safeParse(snapshot.facts).data ?? {};
}
