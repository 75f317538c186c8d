import { ActionError, textOf, type ActionTable, type CallContext } from "./actions.ts";
import { groupUin, personUin } from "./numbers.ts";
import { optional, required } from "./params.ts";
import { answerRequest } from "./requests.ts";

/** Answers to those who want something (onebot-napcat.md 5, 6.3). */
export const requestActions: ActionTable = {
  set_friend_add_request: {
    params: { flag: required("string"), approve: optional("any"), remark: optional("string") },
    run: ({ flag, approve, remark }, context) => {
      answer(context, "friend", flag, approve, remark);
      return undefined;
    },
  },
  set_group_add_request: {
    params: {
      flag: required("string"),
      approve: optional("any"),
      reason: optional("string", " "),
      count: optional("number", 100),
    },
    run: ({ flag, approve }, context) => {
      answer(context, "group", flag, approve);
      return null;
    },
  },
  get_group_system_msg: {
    params: { count: optional("number", 50) },
    run: (_, context) => ({
      invited_requests: listOf(context, "invite"),
      InvitedRequest: listOf(context, "invite"),
      join_requests: listOf(context, "join"),
    }),
  },
  get_group_ignore_add_request: { params: {}, run: () => [] },
  get_doubt_friends_add_request: { params: { count: optional("number", 50) }, run: () => [] },
};

/** Anything but a false is a yes. */
function answer(
  { world, account }: CallContext,
  about: "friend" | "group",
  flag: unknown,
  approve: unknown,
  remark?: unknown,
): void {
  const isYes = approve !== false && approve !== "false";
  const more = typeof remark === "string" ? { remark } : {};
  const isKnown = answerRequest(world, account.uin, textOf(flag), { about, approve: isYes, ...more });
  if (!isKnown) throw new ActionError("No such request");
}

function listOf({ world, account }: CallContext, kind: "invite" | "join"): readonly object[] {
  return [...account.requests.values()]
    .filter((request) => request.kind === kind)
    .map(({ flag, person, group = "", comment, outcome }) => ({
      request_id: Number(flag),
      invitor_uin: Number(personUin(person)),
      invitor_nick: world.state.people.get(person)?.name ?? "",
      group_id: Number(groupUin(group)),
      message: comment,
      group_name: world.state.groups.get(group)?.name ?? "",
      checked: outcome !== "open",
      actor: 0,
      requester_nick: world.state.people.get(person)?.name ?? "",
    }));
}
