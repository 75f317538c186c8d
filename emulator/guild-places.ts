import type { ChatRef } from "./control.ts";
import { guildId } from "./ids.ts";
import { ControlError } from "./refusal.ts";
import { pick, type Bot, type Channel, type State } from "./state.ts";

export type ChannelChat = Extract<ChatRef, { kind: "channel" }>;
export type GuildDm = Extract<ChatRef, { kind: "guild-dm" }>;
export type GuildChat = ChannelChat | GuildDm;

/** Where in a guild a chat is, by the ids of the wire. A DM is a guild of its own with one channel. */
export interface GuildPlace {
  readonly guild: string;
  readonly channel: string;
  /** Of a DM: the guild that both are members of. */
  readonly sourceGuild?: string;
}

export function placeOf(state: State, chat: GuildChat): GuildPlace {
  if (chat.kind === "guild-dm") return dmPlace(chat);
  const channel = pick(state.channels, chat.channel, "channel");
  return { guild: guildId("guild", channel.guild), channel: guildId("channel", channel.id) };
}

/** The ids of a DM follow from who and where: opening it twice gives the same one. */
function dmPlace({ bot, person, guild }: GuildDm): GuildPlace {
  const name = `dm/${bot}/${person}/${guild}`;
  return { guild: guildId("guild", name), channel: guildId("channel", name), sourceGuild: guildId("guild", guild) };
}

/** The channel with this id on the wire, where the bot is in it. */
export function findChannel(state: State, bot: Bot, wireId: string): Channel | undefined {
  const found = [...state.channels.values()].find(({ id }) => guildId("channel", id) === wireId);
  return found?.bots.includes(bot.appId) ? found : undefined;
}

/** The guild with this id on the wire, by the world's id. */
export function findGuild(state: State, wireId: string): string | undefined {
  return [...state.channels.values()].find(({ guild }) => guildId("guild", guild) === wireId)?.guild;
}

/** Members of a guild are those of its channels. */
export function isInGuild(state: State, guild: string, who: { person: string } | { bot: string }): boolean {
  const channels = [...state.channels.values()].filter((channel) => channel.guild === guild);
  return channels.some((channel) =>
    "person" in who ? channel.members.includes(who.person) : channel.bots.includes(who.bot),
  );
}

/** A person can write a DM to a bot of a guild that both are in. */
export function demandGuildDm(state: State, { person, bot, guild }: GuildDm, writer: string): void {
  if (person !== writer) throw new ControlError(`"${writer}" is not in the guild DM of "${person}"`);
  pick(state.bots, bot, "bot");
  if (!isInGuild(state, guild, { person })) throw new ControlError(`"${person}" is not in guild "${guild}"`);
  if (!isInGuild(state, guild, { bot })) throw new ControlError(`bot "${bot}" is not in guild "${guild}"`);
}
