import type { ChatRef } from "./control.ts";
import {
  encodeC2CMessage,
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
  world.wakeups.heard(bot.appId, said.person.id, said.at);
  tell(world, bot, encodeC2CMessage(bot, said), chat);
}

/** Tells the bots of a group: those that are mentioned, or all where the group shows everything. */
export function tellGroup(world: World, group: Group, said: Utterance, chat: ChatRef): void {
  for (const bot of [...group.bots].map((appId) => pick(world.state.bots, appId, "bot"))) {
    const isMeant = said.mentioned.includes(bot);
    // What "context" adds to mention_and_context is not documented: it dispatches as only_mention does (INF).
    if (group.mode !== "all" && !isMeant) continue;
    world.passive.open(said.id, { bot: bot.appId, scene: "group", peer: group.id }, said.at);
    for (const event of encodeForGroup(world, bot, group, said, isMeant)) tell(world, bot, event, chat);
  }
}

/** The event of the group's mode; a mention comes under the other name too where the rules say so. */
function encodeForGroup(world: World, bot: Bot, group: Group, said: Utterance, isMeant: boolean): PlatformEvent[] {
  const { bothGroupEvents, keepOwnMention } = world.context.rules;
  const isBoth = bothGroupEvents && isMeant;
  return [
    ...(group.mode !== "all" || isBoth ? [encodeGroupAtMessage(bot, group, said)] : []),
    ...(group.mode === "all" || isBoth ? [encodeGroupMessage(bot, group, said, keepOwnMention)] : []),
  ];
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

/** Brings a person's message to a bot, or lets the platform answer in its place. */
export function tell(world: World, bot: Bot, event: PlatformEvent, chat: ChatRef): void {
  if (world.context.deliver(bot, event)) return;
  const from = { kind: "system", id: bot.appId, name: bot.name } as const;
  const message = { id: world.context.ids().message(), at: world.context.clock.now(), from, text: NOT_CONNECTED };
  world.transcript.add({ chat, message });
}
