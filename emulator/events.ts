import { beijingTime, openid } from "./ids.ts";
import type { Say } from "./control.ts";
import type { EventName } from "./intents.ts";
import type { Attachment } from "./media/attachments.ts";
import { encodeExtras, messageTypeOf } from "./media/extras.ts";
import type { Bot, Group, Person } from "./state.ts";

/** An event before it gets its place in a session: `id` is the event id, `d` the payload. */
export interface PlatformEvent {
  readonly t: EventName;
  readonly id: string;
  readonly d: unknown;
  /** Decimal id of the guild it comes from, which decides on its shard; absent on chats with people and groups. */
  readonly guild?: string;
}

/** What a person has said, before it is told to any bot. */
export interface Utterance {
  readonly id: string;
  readonly index: string;
  readonly at: number;
  readonly text: string;
  readonly person: Person;
  readonly mentioned: readonly Bot[];
  readonly quote?: {
    readonly index: string;
    readonly text: string;
    readonly by: Person | Bot;
    readonly attachments?: readonly Attachment[];
  };
  readonly attachments?: readonly Attachment[];
  readonly forward?: NonNullable<Say["forward"]>;
  readonly card?: NonNullable<Say["card"]>;
}

/** What somebody has said in a group; bots hear of each other there. */
export type GroupUtterance = Omit<Utterance, "person"> & { readonly person: Person | Bot };

/** The opaque part of a message's event id looks like a lower-cased piece of the message id (qq-official.md 4.1). */
export const messageEventId = (t: EventName, messageId: string): string =>
  `${t}:${messageId.slice(9, 41).toLowerCase()}`;

export function encodeC2CMessage(bot: Bot, said: Utterance): PlatformEvent {
  const author = encodeUser(bot, said.person);
  const quoted = said.quote && encodeUser(bot, said.quote.by);
  const d = { id: said.id, content: said.text, author, ...encodeShared(said, quoted, []) };
  return { t: "C2C_MESSAGE_CREATE", id: messageEventId("C2C_MESSAGE_CREATE", said.id), d };
}

/** A mention of the bot in a group that shows its bots only that; the mention leaves a blank behind. */
export function encodeGroupAtMessage(bot: Bot, group: Group, said: Utterance): PlatformEvent {
  const d = { content: ` ${said.text}`, ...encodeGroupFields(bot, group, said) };
  return { t: "GROUP_AT_MESSAGE_CREATE", id: messageEventId("GROUP_AT_MESSAGE_CREATE", said.id), d };
}

/** Any message of a group that shows its bots everything. `keepOwnMention` leaves the bot's own mark in the content. */
export function encodeGroupMessage(
  bot: Bot,
  group: Group,
  said: GroupUtterance,
  keepOwnMention: boolean,
): PlatformEvent {
  const marks = said.mentioned.map((other) =>
    other === bot && !keepOwnMention ? " " : `<@${openid(bot.appId, "member", other.appId)}> `,
  );
  const d = { content: marks.join("") + said.text, ...encodeGroupFields(bot, group, said) };
  return { t: "GROUP_MESSAGE_CREATE", id: messageEventId("GROUP_MESSAGE_CREATE", said.id), d };
}

function encodeGroupFields(bot: Bot, group: Group, said: GroupUtterance): object {
  const groupOpenid = openid(bot.appId, "group", group.id);
  const role = "id" in said.person && group.members[0] === said.person.id ? "owner" : "member";
  const mentions = said.mentioned.map((other) => ({
    ...encodeMember(bot, other),
    scope: "single",
    is_you: other === bot,
  }));
  return {
    id: said.id,
    group_id: groupOpenid,
    group_openid: groupOpenid,
    author: { ...encodeMember(bot, said.person), member_role: role },
    ...(mentions.length > 0 && { mentions }),
    ...encodeShared(said, said.quote && encodeMember(bot, said.quote.by), ["auth_token=emulator"]),
  };
}

/** In C2C nobody has a name. */
function encodeUser(bot: Bot, who: Person | Bot): object {
  const isBot = "appId" in who;
  const user = openid(bot.appId, "user", isBot ? who.appId : who.id);
  return { id: user, user_openid: user, union_openid: "", username: "", bot: isBot };
}

function encodeMember(bot: Bot, who: Person | Bot): object {
  const isBot = "appId" in who;
  const member = openid(bot.appId, "member", isBot ? who.appId : who.id);
  return { id: member, member_openid: member, union_openid: "", username: who.name, bot: isBot };
}

function encodeShared(said: GroupUtterance, quotedAuthor: object | undefined, moreExt: readonly string[]): object {
  const { quote } = said;
  const ext = [...(quote ? [`ref_msg_idx=${quote.index}`] : []), `msg_idx=${said.index}`, ...moreExt];
  return {
    message_type: messageTypeOf(said),
    timestamp: beijingTime(said.at),
    ...encodeExtras(said),
    ...(quote && {
      msg_elements: [
        {
          msg_idx: quote.index,
          // 103 although it may be plain text: so it was observed.
          message_type: 103,
          content: quote.text,
          author: quotedAuthor,
          ...(quote.attachments && { attachments: quote.attachments }),
        },
      ],
    }),
    message_scene: { source: "default", ext },
  };
}

export type FriendEvent = "FRIEND_ADD" | "FRIEND_DEL" | "C2C_MSG_RECEIVE" | "C2C_MSG_REJECT";
export type GroupEvent = "GROUP_ADD_ROBOT" | "GROUP_DEL_ROBOT" | "GROUP_MSG_RECEIVE" | "GROUP_MSG_REJECT";

/** Of these events the opaque part of the id is a UUID. `at` is ms, `timestamp` whole seconds. */
export function encodeFriendEvent(t: FriendEvent, bot: Bot, person: Person, at: number, uuid: string): PlatformEvent {
  const isFriendship = t === "FRIEND_ADD" || t === "FRIEND_DEL";
  const d = {
    timestamp: Math.floor(at / 1000),
    openid: openid(bot.appId, "user", person.id),
    ...(isFriendship && { author: { union_openid: "" } }),
  };
  return { t, id: `${t}:${uuid}`, d };
}

/** `by`: the world's id of the person who did it. */
export function encodeGroupEvent(
  t: GroupEvent,
  bot: Bot,
  group: Group,
  by: string,
  at: number,
  uuid: string,
): PlatformEvent {
  const d = {
    timestamp: Math.floor(at / 1000),
    group_openid: openid(bot.appId, "group", group.id),
    op_member_openid: openid(bot.appId, "member", by),
  };
  return { t, id: `${t}:${uuid}`, d };
}
