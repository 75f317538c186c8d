import { ActionError, textOf, type AccountContext } from "./actions.ts";
import { findGroup, findPerson, type AccountChat } from "./chats.ts";
import { knowsUser } from "./known-users.ts";
import { isMember, isSilenced } from "./members.ts";
import type { Params } from "./params.ts";

/** Where a message goes to. `via`: id of the group through which a temporary session runs. */
export interface SendTarget {
  readonly chat: AccountChat;
  readonly via?: string;
}

/** Which of the three actions asks. */
export type SendKind = "any" | "private" | "group";

/** Finds the chat that a send means (onebot-napcat.md 4.8). Throws `ActionError`. */
export function resolveTarget(context: AccountContext, kind: SendKind, params: Params): SendTarget {
  const user = textOf(params["user_id"]);
  const group = textOf(params["group_id"]);
  const wanted = kind === "any" ? wantedKind(params, user, group) : kind;
  return wanted === "group" ? groupTarget(context, group) : privateTarget(context, user, group);
}

function wantedKind({ message_type: type }: Params, user: string, group: string): "private" | "group" {
  if (type === "group") {
    if (group === "" && user !== "") throw new ActionError("当前群聊发送,请指定 group_id 而不是 user_id");
    return "group";
  }
  if (type === "private") {
    if (user === "" && group !== "") throw new ActionError("当前私聊发送,请指定 user_id 而不是 group_id");
    return "private";
  }
  if (group !== "") return "group";
  if (user !== "") return "private";
  throw new ActionError("请指定正确的 group_id 或 user_id");
}

/** A group that is not there is found out by QQ: the answer is that of a group that one was removed from. */
function groupTarget({ world }: AccountContext, uin: string): SendTarget {
  if (uin === "") throw new ActionError("请指定正确的 group_id 或 user_id");
  return { chat: { kind: "group", group: findGroup(world, uin)?.id ?? uin } };
}

/**
 * A user that NapCat cannot map gets the message in the group that was named beside: the leak of 4.8. Friends are
 * written to privately, whatever is named beside.
 */
function privateTarget(context: AccountContext, user: string, groupNumber: string): SendTarget {
  const { world, account } = context;
  if (user === "") throw new ActionError("请指定正确的 group_id 或 user_id");
  const person = findPerson(world, user);
  if (!person || !knowsUser(context, person.id)) {
    if (groupNumber !== "") return groupTarget(context, groupNumber);
    throw new ActionError("无法获取用户信息");
  }
  const chat = { kind: "dm", person: person.id, bot: account.uin } as const;
  if (account.friends.has(person.id)) return { chat };
  const named = groupNumber === "" ? undefined : findGroup(world, groupNumber)?.id;
  const via = named ?? account.temporary.get(person.id);
  return via === undefined ? { chat } : { chat, via };
}

/** Why QQ does not take a message of the account in this chat, as names of `SendResult`; `undefined` when it does. */
export function obstacleTo(
  { world, account, online, clock }: AccountContext,
  { chat, via }: SendTarget,
): "offline" | "removed" | "muted" | "notFriend" | undefined {
  if (!online) return "offline";
  if (chat.kind === "dm") {
    if (account.friends.has(chat.person)) return undefined;
    const group = via === undefined ? undefined : world.state.groups.get(via);
    const areTogether = group && isMember(group, chat.person) && isMember(group, account.uin);
    return areTogether ? undefined : "notFriend";
  }
  const group = world.state.groups.get(chat.group);
  if (!group?.accounts.has(account.uin)) return "removed";
  return isSilenced(group, account.uin, clock.now()) ? "muted" : undefined;
}
