import type { Group } from "../state.ts";
import { banMember, renameGroup, setAdmin, setCard, setTitle, setWholeBan } from "./group-changes.ts";
import { ActionError, textOf, type ActionTable, type CallContext } from "./actions.ts";
import { demandGroup } from "./contact-actions.ts";
import { memberOf, membersOf } from "./members.ts";
import { noticeDecrease } from "./notices.ts";
import { personUin } from "./numbers.ts";
import { optional, required, type Params, type ParamTable } from "./params.ts";

/** What the owner and admins of a group may do to it (onebot-napcat.md 6.3). */
export const groupActions: ActionTable = {
  set_group_ban: manage({ user_id: required("string"), duration: optional("number", 0) }, (group, params, context) => {
    const who = demandMember(group, params);
    const role = memberOf(group, who)?.role;
    if (role !== "member") throw new ActionError(role === "owner" ? "cannot ban owner" : "cannot ban admin");
    banMember(context.world, group, who, Number(params["duration"]), context.account.uin);
  }),
  set_group_whole_ban: manage({ enable: optional("boolean", true) }, (group, params, { world, account }) =>
    setWholeBan(world, group, params["enable"] !== false, account.uin),
  ),
  set_group_kick: manage(
    { user_id: required("string"), reject_add_request: optional("boolean") },
    (group, params, context) => {
      const who = demandMember(group, params);
      leave(group, who);
      noticeDecrease(context.world, group, who, "kick", context.account.uin);
      context.world.context.bus.publish({ event: "state", data: {} });
    },
  ),
  set_group_admin: manage(
    { user_id: required("string"), enable: optional("boolean", true) },
    (group, params, { world }) => setAdmin(world, group, demandMember(group, params), params["enable"] !== false),
  ),
  set_group_name: manage({ group_name: required("string") }, (group, params, { world, account }) =>
    renameGroup(world, group, textOf(params["group_name"]), account.uin),
  ),
  set_group_special_title: manage(
    { user_id: required("string"), special_title: optional("string", "") },
    (group, params, { world }) => setTitle(world, group, demandMember(group, params), textOf(params["special_title"])),
  ),
  set_group_card: {
    params: { group_id: required("string"), user_id: required("string"), card: optional("string", "") },
    run: (params, context) => {
      const group = demandGroup(context, textOf(params["group_id"]));
      const who = demandMember(group, params);
      if (who !== context.account.uin) demandManager(group, context);
      setCard(group, who, textOf(params["card"]));
      return null;
    },
  },
  set_group_leave: {
    params: { group_id: required("string"), is_dismiss: optional("boolean") },
    run: ({ group_id: number }, context) => {
      const group = demandGroup(context, textOf(number));
      leave(group, context.account.uin);
      noticeDecrease(context.world, group, context.account.uin, "leave");
      context.world.context.bus.publish({ event: "state", data: {} });
      return null;
    },
  },
};

function manage(
  params: ParamTable,
  run: (group: Group, params: Params, context: CallContext) => void,
): ActionTable[string] {
  return {
    params: { group_id: required("string"), ...params },
    run: (given, context) => {
      const group = demandGroup(context, textOf(given["group_id"]));
      demandManager(group, context);
      run(group, given, context);
      return null;
    },
  };
}

function demandManager(group: Group, { account }: CallContext): void {
  if (memberOf(group, account.uin)?.role === "member") throw new ActionError("ERR_NOT_GROUP_ADMIN");
}

function demandMember(group: Group, { user_id: uin }: Params): string {
  const id = membersOf(group).find((member) => personUin(member) === textOf(uin));
  if (id === undefined) throw new ActionError("user not in group");
  return id;
}

function leave(group: Group, who: string): void {
  group.members = group.members.filter((id) => id !== who);
  group.accounts.delete(who);
  group.bots.delete(who);
}
