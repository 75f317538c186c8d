import type { ChatMessage } from "../control.ts";
import { pick } from "../state.ts";
import type { Bubble } from "../transcript.ts";
import { ActionError, textOf, type ActionTable, type CallContext } from "./actions.ts";
import { findMessage } from "./chats.ts";
import { refused } from "./kernel.ts";
import { memberOf } from "./members.ts";
import { encodeMessage } from "./message-event.ts";
import { personUin } from "./numbers.ts";
import { optional, required, type Params } from "./params.ts";
import { countLikes, likersOf, setLike } from "./likes.ts";
import { unfoldId } from "./software.ts";

/** How long QQ lets an account take back a message of its own, ms; the admins of a group may at any time. */
const RECALL_MS = 2 * 60_000;

/** Actions about one message (onebot-napcat.md 6.1). */
export const messageActions: ActionTable = {
  get_msg: {
    params: { message_id: required("string") },
    run: (params, context) => {
      const bubble = find(params, context, "消息不存在");
      const message = encodeMessage(context, { bubble }, { format: context.adapter.format(), expand: true });
      return { ...message, emoji_likes_list: countLikes(bubble.message) };
    },
  },
  delete_msg: {
    params: { message_id: required("string") },
    run: (params, context) => (recall(find(params, context, "Recall failed"), context), null),
  },
  set_msg_emoji_like: {
    params: { message_id: required("string"), emoji_id: required("string"), set: optional("boolean", true) },
    run: (params, context) => {
      const bubble = find(params, context, "msg not found");
      if (bubble.chat.kind !== "group") return { result: 1, errMsg: "不支持的会话类型" };
      setLike(context.world, bubble, textOf(params["emoji_id"]), context.account.uin, params["set"] !== false);
      return { result: 0, errMsg: "" };
    },
  },
  fetch_emoji_like: {
    params: {
      message_id: required("string"),
      emojiId: required("string"),
      emojiType: optional("string"),
      count: optional("number", 20),
      cookie: optional("string"),
    },
    run: (params, context) => {
      const { message } = find(params, context, "msg not found");
      const likers = likersOf(message, textOf(params["emojiId"])).slice(0, Number(params["count"]));
      const emojiLikesList = likers.map((id) => ({
        tinyId: personUin(id),
        nickName: nameOf(context, id),
        headUrl: "",
      }));
      return { result: 0, errMsg: "", emojiLikesList, cookie: "", isLastPage: true, isFirstPage: true };
    },
  },
  get_emoji_likes: {
    params: { message_id: required("string"), emoji_id: required("string"), count: optional("number", 0) },
    run: (params, context) => {
      const likers = likersOf(find(params, context, "msg not found").message, textOf(params["emoji_id"]));
      return { emoji_like_list: likers.map((id) => ({ user_id: personUin(id), nick_name: nameOf(context, id) })) };
    },
  },
  ...Object.fromEntries(
    ["mark_msg_as_read", "mark_private_msg_as_read", "mark_group_msg_as_read", "_mark_all_as_read"].map((name) => [
      name,
      { params: {}, run: () => null },
    ]),
  ),
};

function find(params: Params, context: CallContext, missing: string): Bubble {
  const bubble = findMessage(context, unfoldId(textOf(params["message_id"])));
  if (!bubble) throw new ActionError(missing);
  return bubble;
}

/** QQ refuses what is too old or not the account's to take back (7.3, result 8). */
function recall(bubble: Bubble, { world, account, clock }: CallContext): void {
  const { chat, message } = bubble;
  if (message.recalled) throw new ActionError("Recall failed");
  const isOwn = message.from.id === account.uin;
  const isAllowed = (isOwn && clock.now() - message.at <= RECALL_MS) || outranks(world, bubble, account.uin);
  if (!isAllowed) throw refused("recallMsg", 8, "recall msg failed");
  world.transcript.recall(chat, message, isOwn ? undefined : account.uin);
}

function outranks(world: CallContext["world"], { chat, message }: Bubble, uin: string): boolean {
  if (chat.kind !== "group") return false;
  const group = pick(world.state.groups, chat.group, "group");
  const isManager = memberOf(group, uin)?.role !== "member";
  return isManager && (message.from.id === uin || memberOf(group, message.from.id)?.role === "member");
}

const nameOf = ({ world }: CallContext, id: string): ChatMessage["from"]["name"] =>
  world.state.people.get(id)?.name ?? world.state.accounts.get(id)?.name ?? "";
