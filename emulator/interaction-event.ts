import type { ChatRef } from "./control.ts";
import type { PlatformEvent } from "./events.ts";
import { beijingTime, guildId, openid } from "./ids.ts";
import type { Button } from "./keyboard.ts";
import type { Bot } from "./state.ts";

/** A person has pressed a callback button. */
export interface Click {
  readonly chat: ChatRef;
  /** The world's id of the person. */
  readonly person: string;
  /** Id of the message the button is under. */
  readonly message: string;
  readonly button: Button;
  readonly at: number;
  /** The world's id of the channel's guild; only clicks in guilds have one. */
  readonly guild?: string | undefined;
}

/** INTERACTION_CREATE of a button (qq-official.md 4.6). `id` is the inner id, which the acknowledgement goes by. */
export function encodeInteraction(id: string, bot: Bot, click: Click): PlatformEvent {
  const d = {
    id,
    type: 11,
    timestamp: beijingTime(click.at),
    ...encodePlace(bot, click),
    data: { type: 11, resolved: encodeResolved(click) },
    version: 1,
    application_id: bot.appId,
  };
  const guild = click.guild === undefined ? {} : { guild: guildId("guild", click.guild) };
  return { t: "INTERACTION_CREATE", id: `INTERACTION_CREATE:${id}`, d, ...guild };
}

/** Who a person is to a bot in a chat: three name spaces, and none can be told from another. */
export function personIn(chat: ChatRef, bot: string, person: string): string {
  if (chat.kind === "dm") return openid(bot, "user", person);
  return chat.kind === "group" ? openid(bot, "member", person) : guildId("user", person);
}

function encodePlace(bot: Bot, { chat, person, guild }: Click): object {
  const id = personIn(chat, bot.appId, person);
  if (chat.kind === "dm") return { scene: "c2c", chat_type: 2, user_openid: id, union_openid: "" };
  if (chat.kind === "group") {
    const groupOpenid = openid(bot.appId, "group", chat.group);
    return { scene: "group", chat_type: 1, group_openid: groupOpenid, group_member_openid: id };
  }
  const channel = chat.kind === "channel" ? { channel_id: guildId("channel", chat.channel) } : {};
  return {
    scene: "guild",
    chat_type: 0,
    ...(guild !== undefined && { guild_id: guildId("guild", guild) }),
    ...channel,
  };
}

function encodeResolved({ chat, person, message, button }: Click): object {
  const pressed = { button_data: button.data, button_id: button.id };
  if (chat.kind === "dm" || chat.kind === "group") return pressed;
  return { ...pressed, user_id: guildId("user", person), message_id: message };
}
