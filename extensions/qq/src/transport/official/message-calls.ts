import { QQApiError, QQProtocolError } from "../../errors.ts";
import type { Target } from "../../message/target.ts";
import { paths } from "../../protocol/official/endpoints.ts";
import type { OfficialApi } from "./api.ts";

/** Takes back a message: within 2 minutes in C2C and groups, in guilds by private-domain bots only (QQ, "Recall"). */
export async function recallMessage(
  api: OfficialApi,
  target: Target,
  id: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  switch (target.kind) {
    case "c2c":
      await api.recall(paths.v2Message("users", target.userId, id), "/v2/users/{openid}/messages/{message_id}", signal);
      return;
    case "group":
      await api.recall(
        paths.v2Message("groups", target.groupId, id),
        "/v2/groups/{group_openid}/messages/{message_id}",
        signal,
      );
      return;
    case "channel":
      await api.recall(
        paths.channelMessage(target.channelId, id),
        "/channels/{channel_id}/messages/{message_id}",
        signal,
      );
      return;
    case "dm":
      await api.recall(paths.dmMessage(target.guildId, id), "/dms/{guild_id}/messages/{message_id}", signal);
  }
}

/** Puts an emoji under a message of a guild channel, or takes the bot's own away; QQ has reactions nowhere else. */
export async function reactToMessage(
  api: OfficialApi,
  target: Target,
  messageId: string,
  emoji: string,
  on: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (target.kind !== "channel") throw new QQProtocolError("QQ has reactions in guild channels only");
  const reaction = encodeReaction(emoji);
  if (!reaction) throw new QQProtocolError("QQ takes one emoji, or the number of one of its faces, as a reaction");
  const path = paths.reaction(target.channelId, messageId, reaction.type, reaction.id);
  await api.react(path, on, signal).catch((error: unknown) => {
    if (!(error instanceof QQApiError) || error.refusal.platformCode !== (on ? ALREADY_ON : ALREADY_OFF)) throw error;
  });
}

/** It is as it was asked for: an earlier try has arrived, or somebody asked twice (QQ, "Error codes"). */
const ALREADY_ON = 620003;
const ALREADY_OFF = 620004;

/** `type` 1 is a face of QQ's by its number, 2 an emoji by its code point in decimal (QQ, "Emoji list"). */
function encodeReaction(emoji: string): { readonly type: 1 | 2; readonly id: string } | undefined {
  if (/^\d{1,4}$/.test(emoji)) return { type: 1, id: emoji };
  // A variation selector says how to draw it; QQ's list has the bare code point.
  const [point, ...more] = Array.from(emoji.trim().replaceAll("\u{FE0F}", ""));
  const isEmoji = point !== undefined && more.length === 0 && /\p{Extended_Pictographic}/u.test(point);
  return isEmoji ? { type: 2, id: String(point.codePointAt(0)) } : undefined;
}
