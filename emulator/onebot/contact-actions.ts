import type { Group } from "../state.ts";
import { ActionError, textOf, type ActionTable, type CallContext } from "./actions.ts";
import { findGroup, findPerson } from "./chats.ts";
import { learnUser } from "./known-users.ts";
import { memberOf, membersOf } from "./members.ts";
import { groupUin, personUin, uidOf } from "./numbers.ts";
import { optional, required } from "./params.ts";
import { unanswered } from "./kernel.ts";

/** Largest group that the emulator's people are in, as QQ shows it. */
const MOST_MEMBERS = 200;
/** When everybody has joined everything, seconds: QQ tells it of members. */
const JOINED_AT = 1_600_000_000;

/** Friends, groups and their members (onebot-napcat.md 6.3). */
export const contactActions: ActionTable = {
  get_friend_list: {
    params: { no_cache: optional("boolean") },
    run: (_, context) => [...context.account.friends].map((id) => encodeFriend(context, id)),
  },
  get_friends_with_category: {
    params: {},
    run: (_, context) => {
      const buddyList = [...context.account.friends].map((id) => encodeFriend(context, id));
      const [categoryMbCount, onlineCount] = [buddyList.length, buddyList.length];
      return [{ categoryId: 0, categoryName: "我的好友", categoryMbCount, onlineCount, buddyList }];
    },
  },
  get_group_list: {
    params: { no_cache: optional("boolean") },
    run: (_, { world, account }) =>
      [...world.state.groups.values()].filter((group) => group.accounts.has(account.uin)).map(encodeGroup),
  },
  get_group_info: {
    params: { group_id: required("string") },
    run: ({ group_id: number }, { world }) => {
      const group = findGroup(world, textOf(number));
      if (!group) throw unanswered("getGroupDetailInfo");
      return encodeGroup(group);
    },
  },
  get_group_member_info: {
    params: { group_id: required("string"), user_id: required("string"), no_cache: optional("boolean", true) },
    run: ({ group_id: number, user_id: uin }, context) => {
      const group = demandGroup(context, textOf(number));
      const id = membersOf(group).find((member) => personUin(member) === textOf(uin));
      if (id === undefined && !findPerson(context.world, textOf(uin)))
        throw new ActionError(`Uin2Uid Error: ${textOf(uin)}不存在`);
      if (id === undefined) throw new ActionError(`群(${textOf(number)})成员${textOf(uin)}不存在`);
      return encodeMember(context, group, id);
    },
  },
  get_group_member_list: {
    params: { group_id: required("string"), no_cache: optional("boolean", false) },
    run: ({ group_id: number }, context) => {
      const group = demandGroup(context, textOf(number));
      return membersOf(group).map((id) => encodeMember(context, group, id));
    },
  },
  get_stranger_info: {
    params: { user_id: required("string"), no_cache: optional("boolean", false) },
    run: ({ user_id: uin, no_cache: isFresh }, context) => encodeStranger(context, textOf(uin), isFresh === true),
  },
  get_group_shut_list: {
    params: { group_id: required("string") },
    run: ({ group_id: number }, context) => {
      const group = demandGroup(context, textOf(number));
      return membersOf(group)
        .filter((id) => (group.bans.get(id) ?? 0) > context.clock.now())
        .map((id) => encodeMember(context, group, id));
    },
  },
  get_group_at_all_remain: {
    params: { group_id: required("string") },
    run: () => ({ can_at_all: true, remain_at_all_count_for_group: 20, remain_at_all_count_for_uin: 10 }),
  },
  send_like: { params: { user_id: required("string"), times: optional("number", 1) }, run: () => undefined },
};

/** A group that the account is in. */
export function demandGroup({ world, account }: CallContext, number: string): Group {
  const group = findGroup(world, number);
  if (!group?.accounts.has(account.uin)) throw new ActionError(`群${number}不存在`);
  return group;
}

function encodeFriend({ world, account }: CallContext, id: string): object {
  return {
    birthday_year: 0,
    birthday_month: 0,
    birthday_day: 0,
    user_id: Number(personUin(id)),
    age: 0,
    phone_num: "",
    email: "",
    category_id: 0,
    nickname: world.state.people.get(id)?.name ?? "",
    remark: account.remarks.get(id) ?? "",
    sex: "unknown",
    level: 0,
  };
}

const encodeGroup = (group: Group): object => ({
  group_all_shut: group.muted ? -1 : 0,
  group_remark: "",
  group_id: Number(groupUin(group.id)),
  group_name: group.name,
  member_count: membersOf(group).length,
  max_member_count: MOST_MEMBERS,
});

function encodeMember({ world, clock }: CallContext, group: Group, id: string): object {
  const { people, accounts, bots } = world.state;
  const member = memberOf(group, id);
  const bannedUntil = group.bans.get(id) ?? 0;
  return {
    group_id: Number(groupUin(group.id)),
    user_id: Number(personUin(id)),
    nickname: people.get(id)?.name ?? accounts.get(id)?.name ?? bots.get(id)?.name ?? "",
    card: member?.card ?? "",
    sex: "unknown",
    age: 0,
    area: "",
    level: "1",
    qq_level: 0,
    join_time: JOINED_AT,
    last_sent_time: lastSaid(world, group, id),
    title_expire_time: 0,
    unfriendly: false,
    card_changeable: true,
    is_robot: bots.has(id),
    shut_up_timestamp: bannedUntil > clock.now() ? Math.floor(bannedUntil / 1000) : 0,
    role: member?.role ?? "member",
    title: member?.title ?? "",
  };
}

function lastSaid(world: CallContext["world"], group: Group, id: string): number {
  const last = world.transcript
    .bubbles({ kind: "group", group: group.id })
    .findLast(({ message }) => message.from.id === id);
  return last ? Math.floor(last.message.at / 1000) : JOINED_AT;
}

/** Asking QQ anew lets NapCat write to somebody whom it could not map before. */
function encodeStranger(context: CallContext, uin: string, isFresh: boolean): object {
  const { world, account } = context;
  const person = findPerson(world, uin);
  if (person && isFresh) learnUser(context, person.id);
  return {
    user_id: Number(uin),
    uid: person ? uidOf(uin) : "",
    nickname: person?.name ?? world.state.accounts.get(uin)?.name ?? "",
    age: 0,
    sex: "unknown",
    qid: "",
    qqLevel: 0,
    long_nick: "",
    reg_time: 0,
    is_vip: false,
    is_years_vip: false,
    vip_level: 0,
    remark: person ? (account.remarks.get(person.id) ?? "") : "",
    status: 10,
    login_days: 0,
  };
}
