import type { ChatMessage } from "../control.ts";
import type { Bubble } from "../transcript.ts";
import type { World } from "../world.ts";
import { register } from "./chats.ts";
import { notify } from "./events.ts";
import { groupUin, personUin } from "./numbers.ts";

/** Ids of more than three characters are code points of emoji, shorter ones faces of QQ's (onebot-napcat.md 6.1). */
const typeOf = (emoji: string): 1 | 2 => (emoji.length > 3 ? 2 : 1);

/**
 * Somebody reacts to a message of a group, or takes it back. `emoji` is a face's number or an emoji's code point, `who`
 * the id of a person or an account. Accounts without the packet backend hear only of reactions to their own messages.
 */
export function setLike(world: World, { chat, message }: Bubble, emoji: string, who: string, isAdd: boolean): void {
  if (chat.kind !== "group") return;
  const mine = { type: typeOf(emoji), id: emoji, from: who };
  const { reactions = [], ...rest } = message;
  const others = reactions.filter(({ id, from }) => id !== emoji || from !== who);
  if (isAdd === others.length < reactions.length) return;
  const now = isAdd ? [...others, mine] : others;
  const changed: ChatMessage = now.length > 0 ? { ...rest, reactions: now } : rest;
  world.transcript.replace(chat, changed);
  const group = world.state.groups.get(chat.group);
  const told = [...(group?.accounts ?? [])].filter((uin) => uin !== who);
  notify(world, told, (context) => {
    const bubble = world.transcript.find(chat, message.id);
    if (!bubble || (!context.settings.packetBackend && message.from.id !== context.account.uin)) return undefined;
    return {
      group_id: Number(groupUin(chat.group)),
      user_id: Number(personUin(who)),
      notice_type: "group_msg_emoji_like",
      message_id: register(context, bubble).shortId,
      likes: [{ emoji_id: emoji, count: likersOf(changed, emoji).length }],
      is_add: isAdd,
    };
  });
}

/** Ids of those who have reacted so, in the order they did. */
export const likersOf = ({ reactions = [] }: ChatMessage, emoji: string): readonly string[] =>
  reactions.filter(({ id }) => id === emoji).map(({ from }) => from);

/** `emoji_likes_list` of `get_msg`: all strings. */
export function countLikes(message: ChatMessage): readonly object[] {
  const ids = [...new Set(message.reactions?.map(({ id }) => id))];
  return ids.map((id) => ({
    emoji_id: id,
    emoji_type: String(typeOf(id)),
    likes_cnt: String(likersOf(message, id).length),
  }));
}
