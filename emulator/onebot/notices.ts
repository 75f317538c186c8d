import type { Group } from "../state.ts";
import type { World } from "../world.ts";
import { notify } from "./events.ts";
import { groupUin, personUin, uidOf } from "./numbers.ts";

/** The notices of groups and friends (onebot-napcat.md 5). People, accounts and bots are told by their ids in the world. */

const uin = (id: string | undefined): number => (id === undefined ? 0 : Number(personUin(id)));
const groupNumber = (group: Group): number => Number(groupUin(group.id));

/** `who` is in the group now; `by` let it in. */
export function noticeIncrease(world: World, group: Group, who: string, sub: "approve" | "invite", by?: string): void {
  notify(world, group.accounts, {
    group_id: groupNumber(group),
    user_id: uin(who),
    notice_type: "group_increase",
    operator_id: uin(by),
    sub_type: sub,
  });
}

/** `who` is out of the group. An account that was removed itself is told so. */
export function noticeDecrease(world: World, group: Group, who: string, sub: "leave" | "kick", by?: string): void {
  const fields = {
    group_id: groupNumber(group),
    user_id: uin(who),
    notice_type: "group_decrease",
    operator_id: uin(by),
  };
  notify(world, group.accounts, { ...fields, sub_type: sub });
  if (world.state.accounts.has(who) && !group.accounts.has(who)) {
    notify(world, [who], { ...fields, sub_type: sub === "kick" ? "kick_me" : "leave" });
  }
}

/** `seconds` of 0 lift the ban. */
export function noticeBan(world: World, group: Group, who: string, seconds: number, by: string): void {
  notify(world, group.accounts, {
    group_id: groupNumber(group),
    user_id: uin(who),
    notice_type: "group_ban",
    operator_id: uin(by),
    duration: seconds,
    sub_type: seconds > 0 ? "ban" : "lift_ban",
  });
}

export function noticeWholeBan(world: World, group: Group, by?: string): void {
  notify(world, group.accounts, {
    group_id: groupNumber(group),
    user_id: 0,
    notice_type: "group_ban",
    operator_id: uin(by ?? group.members[0]),
    duration: group.muted ? -1 : 0,
    sub_type: group.muted ? "ban" : "lift_ban",
  });
}

export function noticeAdmin(world: World, group: Group, who: string): void {
  notify(world, group.accounts, {
    group_id: groupNumber(group),
    user_id: uin(who),
    notice_type: "group_admin",
    sub_type: group.admins.has(who) ? "set" : "unset",
  });
}

export function noticeCard(world: World, group: Group, who: string, old: string): void {
  notify(world, group.accounts, {
    group_id: groupNumber(group),
    user_id: uin(who),
    notice_type: "group_card",
    card_new: group.cards.get(who) ?? "",
    card_old: old,
  });
}

export function noticeTitle(world: World, group: Group, who: string): void {
  const title = group.titles.get(who) ?? "";
  const fields = { group_id: groupNumber(group), user_id: uin(who), title };
  notify(world, group.accounts, { notice_type: "notify", sub_type: "title", ...fields });
}

export function noticeGroupName(world: World, group: Group, by: string): void {
  const fields = { group_id: groupNumber(group), user_id: uin(by), name_new: group.name };
  notify(world, group.accounts, { notice_type: "notify", sub_type: "group_name", ...fields });
}

export function noticeFriend(world: World, account: string, person: string): void {
  notify(world, [account], { notice_type: "friend_add", user_id: uin(person) });
}

/** In private `user_id` is always the other one; `sender_id` tells who it was. */
export function noticePrivatePoke(world: World, account: string, peer: string, sender: string, target: string): void {
  notify(world, [account], {
    notice_type: "notify",
    sub_type: "poke",
    target_id: uin(target),
    user_id: uin(peer),
    sender_id: uin(sender),
    raw_info: [{ uid: uidOf(personUin(sender)) }, { uid: uidOf(personUin(target)) }],
  });
}

export function noticeGroupPoke(world: World, group: Group, sender: string, target: string): void {
  notify(world, group.accounts, {
    notice_type: "notify",
    sub_type: "poke",
    target_id: uin(target),
    user_id: uin(sender),
    group_id: groupNumber(group),
    raw_info: [{ uid: uidOf(personUin(sender)) }, { uid: uidOf(personUin(target)) }],
  });
}

/** `event_type` 1 typing, 2 over. */
export function noticeInputStatus(world: World, account: string, person: string, isTyping: boolean): void {
  notify(world, [account], {
    notice_type: "notify",
    sub_type: "input_status",
    status_text: isTyping ? "对方正在输入..." : "",
    event_type: isTyping ? 1 : 2,
    user_id: uin(person),
    group_id: 0,
  });
}
