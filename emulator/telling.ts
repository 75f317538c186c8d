import type { ChatRef } from "./control.ts";
import {
  encodeC2CMessage,
  encodeChannelMessage,
  encodeFriendEvent,
  encodeGroupAtMessage,
  encodeGroupEvent,
  encodeGroupMessage,
  type FriendEvent,
  type GroupEvent,
  type PlatformEvent,
  type Utterance,
} from "./events.ts";
import { pick, type Bot, type Group } from "./state.ts";
import type { World } from "./world.ts";

/** What the platform itself says to a person whose bot has neither a session nor a callback. */
export const NOT_CONNECTED = "该机器人未连接服务";

/** Tells the bot of a DM what its person has said. */
export function tellFriend(world: World, bot: Bot, said: Utterance, chat: ChatRef): void {
  world.passive.open(said.id, { bot: bot.appId, scene: "c2c", peer: said.person.id }, said.at);
  deliver(world, bot, encodeC2CMessage(bot, said), chat);
}

/** Tells the bots of a group: those that are mentioned, or all where the group shows everything. */
export function tellGroup(world: World, group: Group, said: Utterance, chat: ChatRef): void {
  for (const bot of [...group.bots].map((appId) => pick(world.state.bots, appId, "bot"))) {
    if (group.mode === "only_mention" && !said.mentioned.includes(bot)) continue;
    world.passive.open(said.id, { bot: bot.appId, scene: "group", peer: group.id }, said.at);
    const event =
      group.mode === "all"
        ? encodeGroupMessage(bot, group, said, world.context.rules.keepOwnMention)
        : encodeGroupAtMessage(bot, group, said);
    deliver(world, bot, event, chat);
  }
}

/** Tells the mentioned bots of a channel. Sending there is not emulated yet, so nothing can be replied to. */
export function tellChannel(world: World, chat: ChatRef & { kind: "channel" }, said: Utterance): void {
  const channel = pick(world.state.channels, chat.channel, "channel");
  const seq = world.transcript.messages(chat).length;
  for (const bot of said.mentioned.filter((other) => channel.bots.includes(other.appId))) {
    deliver(world, bot, encodeChannelMessage(bot, channel, said, seq), chat);
  }
}

/** Tells a bot of a friendship or a switch; the event can be replied to by its id where the platform lets it. */
export function tellOfPerson(world: World, t: FriendEvent, appId: string, personId: string): void {
  const bot = pick(world.state.bots, appId, "bot");
  const person = pick(world.state.people, personId, "person");
  const at = world.context.clock.now();
  const event = encodeFriendEvent(t, bot, person, at, world.context.ids().uuid());
  world.passive.open(event.id, { bot: appId, scene: "c2c", peer: personId }, at);
  world.context.deliver(bot, event);
}

/** The same for a group; `by` is the person who did it. */
export function tellOfGroup(world: World, t: GroupEvent, group: Group, appId: string, by: string): void {
  const bot = pick(world.state.bots, appId, "bot");
  const at = world.context.clock.now();
  const event = encodeGroupEvent(t, bot, group, by, at, world.context.ids().uuid());
  world.passive.open(event.id, { bot: appId, scene: "group", peer: group.id }, at);
  world.context.deliver(bot, event);
}

function deliver(world: World, bot: Bot, event: PlatformEvent, chat: ChatRef): void {
  if (world.context.deliver(bot, event)) return;
  const from = { kind: "system", id: bot.appId, name: bot.name } as const;
  const message = { id: world.context.ids().message(), at: world.context.clock.now(), from, text: NOT_CONNECTED };
  world.transcript.add({ chat, message });
}
