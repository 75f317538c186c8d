import type { ChatMessage, ChatRef } from "./control.ts";
import { encodeGroupMessage } from "./events.ts";
import { pick, type Bot } from "./state.ts";
import type { World } from "./world.ts";

/**
 * Shows a bot's message to the bots of a group that shows everything (qq-official.md 4.3): to the others always, to
 * the bot itself where the rules say so. `author.bot` is true. It cannot be replied to: only people's messages can.
 */
export function echoToBots(
  world: World,
  from: Bot,
  chat: ChatRef & { kind: "group" },
  shown: ChatMessage,
  index: string,
): void {
  const group = pick(world.state.groups, chat.group, "group");
  if (group.mode !== "all") return;
  const { keepOwnMention, ownEcho } = world.context.rules;
  const said = { id: shown.id, index, at: shown.at, text: shown.text, person: from, mentioned: [] };
  for (const appId of group.bots) {
    if (appId === from.appId && !ownEcho) continue;
    const bot = pick(world.state.bots, appId, "bot");
    world.context.deliver(bot, encodeGroupMessage(bot, group, said, keepOwnMention));
  }
}
