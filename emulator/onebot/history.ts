import type { ChatRef } from "../control.ts";
import type { Bubble } from "../transcript.ts";
import { ActionError, textOf, type AccountContext, type ActionTable, type CallContext } from "./actions.ts";
import { chatsOf, findGroup, findPerson, numbersOf, type AccountChat } from "./chats.ts";
import { encodeMessage } from "./message-event.ts";
import { groupUin, personUin } from "./numbers.ts";
import { optional, required, type Params } from "./params.ts";
import { pickPage } from "./history-page.ts";

const page = {
  message_seq: optional("any"),
  message_id: optional("any"),
  count: optional("number", 20),
  reverse_order: optional("boolean"),
  reverseOrder: optional("boolean"),
  disable_get_url: optional("boolean", false),
  parse_mult_msg: optional("boolean", true),
  quick_reply: optional("boolean", false),
};

/** The actions that read what was said (onebot-napcat.md 6.1, 7.6). */
export const historyActions: ActionTable = {
  get_group_msg_history: {
    params: { group_id: required("string"), ...page },
    run: (params, context) => readGroupHistory(params, context),
  },
  get_friend_msg_history: {
    params: { user_id: required("string"), ...page },
    run: (params, context) => readFriendHistory(params, context),
  },
  get_recent_contact: {
    params: { count: optional("number", 10) },
    run: ({ count }, context) => listRecent(context, Number(count)),
  },
};

function readGroupHistory(params: Params, context: CallContext): object {
  const group = findGroup(context.world, textOf(params["group_id"]));
  const isMember = group?.accounts.has(context.account.uin) === true;
  return readPage(params, context, isMember ? storedIn(context, { kind: "group", group: group.id }) : []);
}

/** Of somebody who is no friend the store of temporary sessions is read, if there was one. */
function readFriendHistory(params: Params, context: CallContext): object {
  const { world, account } = context;
  const person = findPerson(world, textOf(params["user_id"]));
  if (!person) throw new ActionError(`记录${textOf(params["user_id"])}不存在`);
  const all = storedIn(context, { kind: "dm", person: person.id, bot: account.uin });
  const isTemporary = !account.friends.has(person.id) && account.temporary.has(person.id);
  return readPage(
    params,
    context,
    all.filter(({ via }) => (via !== undefined) === isTemporary),
  );
}

function readPage(params: Params, context: CallContext, stored: readonly Bubble[]): object {
  const expand = params["parse_mult_msg"] !== false;
  const bubbles = pickPage(context, stored, params);
  return {
    messages: bubbles.map((bubble) => encodeMessage(context, { bubble }, { format: context.adapter.format(), expand })),
  };
}

/** What the NapCat's QQ has of a chat: not what was said while it could not hear, nor what it has lost. */
function storedIn({ world, hasStored }: AccountContext, chat: AccountChat): readonly Bubble[] {
  return world.transcript.bubbles(chat).filter((bubble) => bubble.message.stream !== "generating" && hasStored(bubble));
}

/** Spelling as it is: `lastestMsg`. */
function listRecent(context: CallContext, count: number): readonly object[] {
  const { world, account } = context;
  return chatsOf(world, account)
    .flatMap((chat) => {
      const last = storedIn(context, chat).at(-1);
      return last ? [{ chat, last }] : [];
    })
    .toSorted((a, b) => b.last.message.at - a.last.message.at)
    .slice(0, count)
    .map(({ chat, last }) => {
      const { msgId, chatType } = numbersOf(world, last);
      const { at, from } = last.message;
      return {
        lastestMsg: encodeMessage(context, { bubble: last }, { format: context.adapter.format() }),
        peerUin: chat.kind === "group" ? groupUin(chat.group) : personUin(chat.person),
        remark: chat.kind === "group" ? "" : (account.remarks.get(chat.person) ?? ""),
        msgTime: String(Math.floor(at / 1000)),
        chatType,
        msgId,
        sendNickName: from.name,
        sendMemberName: chat.kind === "group" ? (world.state.groups.get(chat.group)?.cards.get(from.id) ?? "") : "",
        peerName: nameOf(context, chat),
      };
    });
}

function nameOf({ world }: AccountContext, chat: ChatRef): string {
  if (chat.kind === "group") return world.state.groups.get(chat.group)?.name ?? "";
  return chat.kind === "dm" ? (world.state.people.get(chat.person)?.name ?? "") : "";
}
