import { readText, type Fields } from "./fields.ts";
import { findChannel, findGuild, isInGuild, placeOf, type GuildChat, type GuildDm } from "./guild-places.ts";
import { guildId } from "./ids.ts";
import { demand } from "./refusal.ts";
import type { Bot } from "./state.ts";
import type { World } from "./world.ts";

/** Answer of opening a DM; the same DM every time. */
export interface OpenedDm {
  readonly guild_id: string;
  readonly channel_id: string;
  /** Seconds since the epoch. */
  readonly create_time: string;
}

/** A bot opens a DM with a member of a guild that it is in (qq-official.md 5.1). Throws `Refusal`. */
export function openDm(world: World, bot: Bot, fields: Fields): OpenedDm {
  const recipient = readText(fields, "recipient_id");
  demand(recipient !== undefined, 50035, "recipient_id");
  const source = readText(fields, "source_guild_id");
  demand(source !== undefined, 50035, "source_guild_id");
  const guild = findGuild(world.state, source);
  demand(guild !== undefined && isInGuild(world.state, guild, { bot: bot.appId }), 11255);
  const person = [...world.state.people.keys()].find((id) => guildId("user", id) === recipient);
  demand(person !== undefined && isInGuild(world.state, guild, { person }), 304034);
  const dm: GuildDm = { kind: "guild-dm", person, guild, bot: bot.appId };
  const place = placeOf(world.state, dm);
  world.guild.dms.set(place.guild, dm);
  const seconds = Math.floor(world.context.clock.now() / 1000);
  return { guild_id: place.guild, channel_id: place.channel, create_time: String(seconds) };
}

/** A bot takes back what it sent to a channel (qq-official.md 5.7). Throws `Refusal`. */
export function recallFromChannel(world: World, bot: Bot, wireId: string, messageId: string): void {
  const channel = findChannel(world.state, bot, wireId);
  demand(channel !== undefined, 11255);
  recallFrom(world, bot, { kind: "channel", channel: channel.id }, messageId);
}

/** The same for a guild DM. Throws `Refusal`. */
export function recallFromGuildDm(world: World, bot: Bot, wireId: string, messageId: string): void {
  const dm = world.guild.dms.get(wireId);
  demand(dm?.bot === bot.appId, 304032);
  recallFrom(world, bot, dm, messageId);
}

/** No time limit is documented, and no bot of the emulator has a role that lets it take back what others wrote. */
function recallFrom(world: World, bot: Bot, chat: GuildChat, messageId: string): void {
  demand(bot.private, 11253);
  const message = world.transcript.find(chat, messageId)?.message;
  demand(message !== undefined, 306002);
  demand(message.from.kind === "bot" && message.from.id === bot.appId, 306004);
  world.transcript.recall(chat, message);
}
