import { ControlError } from "../refusal.ts";
import { pick } from "../state.ts";
import type { World } from "../world.ts";
import type { AccountRequest } from "./account.ts";
import type { EventFields } from "./events.ts";
import { noticeFriend, noticeIncrease } from "./notices.ts";
import { groupUin, personUin } from "./numbers.ts";

/** A person asks an account for something. */
export interface RequestWish {
  readonly account: string;
  readonly person: string;
  /** Friendship; to be let into a group; or the account to come into one. */
  readonly kind: AccountRequest["kind"];
  /** Of the two that are about a group. */
  readonly group?: string;
  readonly comment?: string;
}

/** Answers the flag that the account's bot answers with. Throws `ControlError` on nonsense. */
export function ask(world: World, { account: uin, person, kind, group, comment = "" }: RequestWish): { flag: string } {
  const account = pick(world.state.accounts, uin, "account");
  const at = world.context.clock.now();
  pick(world.state.people, person, "person");
  if ((kind === "friend") !== (group === undefined))
    throw new ControlError(`"${kind}" ${group === undefined ? "needs a" : "has no"} group`);
  if (group !== undefined) demandGroupRequest(world, uin, person, kind, group);
  const flag =
    kind === "friend" ? String(Math.floor(at / 1000)) : `${at}${String(account.requests.size + 1).padStart(3, "0")}`;
  const request: AccountRequest = {
    flag,
    kind,
    person,
    comment,
    at,
    ...(group !== undefined && { group }),
    outcome: "open",
  };
  account.requests.set(flag, request);
  world.context.report(uin, { kind: "request", fields: encodeRequest(request) });
  changed(world);
  return { flag };
}

function demandGroupRequest(world: World, uin: string, person: string, kind: AccountRequest["kind"], id: string): void {
  const group = pick(world.state.groups, id, "group");
  const isIn = group.accounts.has(uin);
  if (kind === "join" && (!isIn || !group.admins.has(uin)))
    throw new ControlError(`account "${uin}" is no admin of "${id}"`);
  if (kind === "join" && group.members.includes(person)) throw new ControlError(`"${person}" is already in "${id}"`);
  if (kind === "invite" && isIn) throw new ControlError(`account "${uin}" is already in "${id}"`);
}

function encodeRequest({ kind, person, group, comment, flag }: AccountRequest): EventFields {
  const user_id = Number(personUin(person));
  if (group === undefined) return { request_type: "friend", user_id, comment, flag };
  const sub_type = kind === "join" ? "add" : "invite";
  return { request_type: "group", group_id: Number(groupUin(group)), user_id, comment, flag, sub_type };
}

/** The account answers. `false` where there is no such request, or it was answered before. */
export function answerRequest(
  world: World,
  uin: string,
  flag: string,
  {
    about,
    approve,
    remark,
  }: { readonly about: "friend" | "group"; readonly approve: boolean; readonly remark?: string },
): boolean {
  const account = pick(world.state.accounts, uin, "account");
  const request = account.requests.get(flag);
  if (request?.outcome !== "open" || (request.kind === "friend") !== (about === "friend")) return false;
  request.outcome = approve ? "approved" : "refused";
  if (approve) grant(world, uin, request);
  if (approve && remark !== undefined && remark !== "") account.remarks.set(request.person, remark);
  changed(world);
  return true;
}

function grant(world: World, uin: string, { kind, person, group: id }: AccountRequest): void {
  if (kind === "friend") {
    pick(world.state.accounts, uin, "account").friends.add(person);
    return noticeFriend(world, uin, person);
  }
  const group = pick(world.state.groups, id ?? "", "group");
  if (kind === "join") {
    group.members = [...group.members, person];
    return noticeIncrease(world, group, person, "approve", uin);
  }
  group.accounts.add(uin);
  noticeIncrease(world, group, uin, "approve", person);
}

const changed = (world: World): void => world.context.bus.publish({ event: "state", data: {} });
