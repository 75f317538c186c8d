import type { ChatMessage } from "./control.ts";
import type { Utterance } from "./events.ts";
import { encodeDeletion, encodeGuildMessage, type GuildDeletionEvent, type GuildMessageEvent } from "./guild-events.ts";
import { placeOf, type ChannelChat, type GuildChat, type GuildDm } from "./guild-places.ts";
import { pick, type Bot } from "./state.ts";
import { tell } from "./telling.ts";
import { chatKey } from "./transcript.ts";
import type { World } from "./world.ts";

/** Tells the bots of a channel: private-domain bots of everything, others of what mentions or quotes them (4.7). */
export function tellChannel(world: World, chat: ChannelChat, said: Utterance): void {
  for (const bot of botsOf(world, chat)) {
    const isMeant = said.mentioned.includes(bot) || said.quote?.by === bot;
    if (bot.private) tellBot(world, bot, "MESSAGE_CREATE", chat, said);
    else if (isMeant) tellBot(world, bot, "AT_MESSAGE_CREATE", chat, said);
  }
}

/** Tells the bot of a guild DM. Who writes there opens the DM for the bot's answers. */
export function tellGuildDm(world: World, chat: GuildDm, said: Utterance): void {
  world.guild.dms.set(placeOf(world.state, chat).guild, chat);
  tellBot(world, pick(world.state.bots, chat.bot, "bot"), "DIRECT_MESSAGE_CREATE", chat, said);
}

/** Tells of a message that its writer has taken back: private-domain bots always, others if they have had it (INF). */
export function tellOfDeletion(world: World, chat: GuildChat, message: ChatMessage): void {
  for (const bot of botsOf(world, chat)) {
    if (!bot.private && !world.guild.anchors.knows(bot.appId, message.id)) continue;
    const place = placeOf(world.state, chat);
    world.context.deliver(bot, encodeDeletion(deletionFor(bot, chat), place, message, world.context.ids().uuid()));
  }
}

function deletionFor(bot: Bot, chat: GuildChat): GuildDeletionEvent {
  if (chat.kind === "guild-dm") return "DIRECT_MESSAGE_DELETE";
  return bot.private ? "MESSAGE_DELETE" : "PUBLIC_MESSAGE_DELETE";
}

function tellBot(world: World, bot: Bot, t: GuildMessageEvent, chat: GuildChat, said: Utterance): void {
  const seq = world.transcript.messages(chat).length;
  world.guild.anchors.open(bot.appId, said.id, chatKey(chat), said.at);
  tell(world, bot, encodeGuildMessage(t, placeOf(world.state, chat), said, seq), chat);
}

function botsOf(world: World, chat: GuildChat): Bot[] {
  const appIds = chat.kind === "guild-dm" ? [chat.bot] : pick(world.state.channels, chat.channel, "channel").bots;
  return appIds.map((appId) => pick(world.state.bots, appId, "bot"));
}
