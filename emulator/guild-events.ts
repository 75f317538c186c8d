import type { ChatMessage } from "./control.ts";
import { messageEventId, type PlatformEvent, type Utterance } from "./events.ts";
import type { GuildPlace } from "./guild-places.ts";
import { beijingTime, guildId } from "./ids.ts";
import { withoutScheme } from "./media/attachments.ts";
import type { Bot } from "./state.ts";

/** Events that bring a message of a guild (qq-official.md 4.7). */
export type GuildMessageEvent = "AT_MESSAGE_CREATE" | "MESSAGE_CREATE" | "DIRECT_MESSAGE_CREATE";
export type GuildDeletionEvent = "PUBLIC_MESSAGE_DELETE" | "MESSAGE_DELETE" | "DIRECT_MESSAGE_DELETE";

const JOINED = "2025-01-01T00:00:00+08:00";

/** What a person has said in a guild; `seq` counts the messages of the place. */
export function encodeGuildMessage(
  t: GuildMessageEvent,
  place: GuildPlace,
  said: Utterance,
  seq: number,
): PlatformEvent {
  const marks = said.mentioned.map((other) => `<@!${other.userId}>\u00A0`).join("");
  const d = {
    id: said.id,
    ...encodePlace(place),
    content: marks + escapeHtml(said.text),
    timestamp: beijingTime(said.at),
    author: { id: guildId("user", said.person.id), username: said.person.name, avatar: "", bot: false },
    member: { joined_at: JOINED, nick: said.person.name, roles: ["11"] },
    mentions: said.mentioned.map((other) => ({ id: other.userId, username: other.name, bot: true })),
    ...(said.attachments && { attachments: said.attachments.map(withoutScheme) }),
    ...(said.quote && { message_reference: { message_id: said.quote.index } }),
    seq,
    seq_in_channel: String(seq),
  };
  return { t, id: messageEventId(t, said.id), d, guild: place.guild };
}

/** The Message object that a bot's send is answered with. `content` is the text as the bot wrote it. */
export function encodeOwnMessage(
  bot: Bot,
  place: GuildPlace,
  shown: ChatMessage,
  content: string,
  seq: number,
): object {
  return {
    id: shown.id,
    ...encodePlace(place),
    content,
    timestamp: beijingTime(shown.at),
    tts: false,
    mention_everyone: false,
    author: { id: bot.userId, username: bot.name, avatar: "", bot: true },
    member: { joined_at: JOINED, nick: bot.name, roles: ["1"] },
    ...(shown.quote && { message_reference: { message_id: shown.quote.id } }),
    seq,
    seq_in_channel: String(seq),
  };
}

/** A person has taken back a message of their own. */
export function encodeDeletion(
  t: GuildDeletionEvent,
  place: GuildPlace,
  message: ChatMessage,
  uuid: string,
): PlatformEvent {
  const author = { id: guildId("user", message.from.id), username: message.from.name, bot: false };
  const d = { message: { id: message.id, ...encodePlace(place), author }, op_user: { id: author.id } };
  return { t, id: `${t}:${uuid}`, d, guild: place.guild };
}

function encodePlace({ guild, channel, sourceGuild }: GuildPlace): object {
  const ids = { guild_id: guild, channel_id: channel };
  return sourceGuild === undefined ? ids : { ...ids, direct_message: true, src_guild_id: sourceGuild };
}

const ESCAPES: readonly (readonly [string, string])[] = [
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
];

/** Guilds carry text as HTML does (qq-official.md 7.4). */
const escapeHtml = (text: string): string =>
  ESCAPES.reduce((escaped, [sign, escape]) => escaped.replaceAll(sign, escape), text);

export const unescapeHtml = (text: string): string =>
  ESCAPES.toReversed().reduce((plain, [sign, escape]) => plain.replaceAll(escape, sign), text);
