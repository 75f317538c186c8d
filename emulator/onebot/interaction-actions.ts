import { ActionError, textOf, type ActionTable, type CallContext, type OneBotAction } from "./actions.ts";
import { findGroup, findPerson } from "./chats.ts";
import { knowsUser } from "./known-users.ts";
import { membersOf } from "./members.ts";
import { personUin } from "./numbers.ts";
import { optional, required, type Params } from "./params.ts";
import { pokeInGroup, pokeInPrivate } from "./pokes.ts";

/** How long QQ shows that somebody is typing, s. */
const TYPING_SECONDS = 5;

/** What goes beside messages (onebot-napcat.md 6.4). The three pokes are one. */
export const interactionActions: ActionTable = {
  set_input_status: {
    params: { user_id: required("string"), event_type: required("number") },
    run: ({ user_id: uin, event_type: type }, context) => {
      const { world, account } = context;
      const person = findPerson(world, textOf(uin));
      if (!person || !knowsUser(context, person.id)) throw new ActionError("无法获取用户信息");
      const chat = { kind: "dm", person: person.id, bot: account.uin } as const;
      const seconds = type === 1 ? TYPING_SECONDS : 0;
      world.context.bus.publish({ event: "typing", data: { chat, bot: account.uin, name: account.name, seconds } });
      return { result: 0, errMsg: "" };
    },
  },
  friend_poke: poke(),
  group_poke: poke(),
  send_poke: poke(),
};

function poke(): OneBotAction {
  return {
    params: { user_id: required("string"), group_id: optional("string"), target_id: optional("string") },
    packet: true,
    run: (params, context) => {
      if (textOf(params["group_id"]) === "") pokePrivately(params, context);
      else pokeMember(params, context);
      return undefined;
    },
  };
}

function pokePrivately({ user_id: uin }: Params, context: CallContext): void {
  const person = findPerson(context.world, textOf(uin));
  if (!person) throw new ActionError("无法获取用户信息");
  const { world, account } = context;
  pokeInPrivate(world, { kind: "dm", person: person.id, bot: account.uin }, account.uin, person.id);
}

function pokeMember(
  { user_id: user, group_id: number, target_id: target }: Params,
  { world, account }: CallContext,
): void {
  const group = findGroup(world, textOf(number));
  const uin = textOf(target) || textOf(user);
  const member = group && membersOf(group).find((id) => personUin(id) === uin);
  if (!group?.accounts.has(account.uin) || member === undefined) throw new ActionError("user not in group");
  pokeInGroup(world, group, account.uin, member);
}
