import type { ControlCalls, Say } from "../control.ts";
import { ControlError } from "../refusal.ts";
import { pick, type Bot, type Group, type State } from "../state.ts";
import type { World } from "../world.ts";
import { banMember } from "./group-changes.ts";
import { setLike } from "./likes.ts";
import { isMember } from "./members.ts";
import { noticeFriend, noticeInputStatus } from "./notices.ts";
import { pokeInGroup, pokeInPrivate } from "./pokes.ts";

type Body<Name extends keyof ControlCalls> = ControlCalls[Name]["body"];

/** What people do around personal accounts. Each throws `ControlError` where it makes no sense. */

/** Only the account's friends change: the other side's list is the same one here. No notice tells of an end. */
export function befriend(world: World, uin: string, person: string, friends: boolean): void {
  const account = pick(world.state.accounts, uin, "account");
  pick(world.state.people, person, "person");
  if (friends) {
    account.friends.add(person);
    account.temporary.delete(person);
    noticeFriend(world, uin, person);
  } else account.friends.delete(person);
  world.context.bus.publish({ event: "state", data: {} });
}

export function findMentioned(
  state: State,
  ids: readonly string[],
): { readonly names: string[]; readonly bots: Bot[] } {
  const names = ids.map((id) =>
    id === "all" ? "全体成员" : (state.accounts.get(id) ?? pick(state.bots, id, "bot")).name,
  );
  return { names, bots: ids.flatMap((id) => state.bots.get(id) ?? []) };
}

/** The group through which somebody writes who is no friend, which opens the temporary session. */
export function findVia(world: World, { person, chat, via }: Say): string | undefined {
  if (via === undefined) return undefined;
  const group = pick(world.state.groups, via, "group");
  const account = chat.kind === "dm" ? world.state.accounts.get(chat.bot) : undefined;
  if (!account) throw new ControlError("only a DM with a personal account runs through a group");
  if (account.friends.has(person)) throw new ControlError(`"${person}" is a friend of account "${account.uin}"`);
  if (!isMember(group, person) || !group.accounts.has(account.uin))
    throw new ControlError(`"${via}" is no group of both`);
  account.temporary.set(person, via);
  return via;
}

export function react(world: World, { person, chat, message, emoji, on = true }: Body<"react">): void {
  world.demandPlace(chat, pick(world.state.people, person, "person"));
  const bubble = world.transcript.find(chat, message);
  if (!bubble || chat.kind !== "group")
    throw new ControlError(`there is no message "${message}" in a group to react to`);
  setLike(world, bubble, emoji, person, on);
}

export function poke(world: World, { person, chat, target }: Body<"poke">): void {
  world.demandPlace(chat, pick(world.state.people, person, "person"));
  if (chat.kind === "dm" && world.state.accounts.has(chat.bot))
    return pokeInPrivate(world, chat, person, target ?? chat.bot);
  if (chat.kind !== "group" || target === undefined) throw new ControlError("there is nobody to nudge");
  const [group] = demandMember(world, chat.group, target);
  pokeInGroup(world, group, person, target);
}

export function typeTo(world: World, { person, bot, typing }: Body<"typing">): void {
  pick(world.state.people, person, "person");
  noticeInputStatus(world, pick(world.state.accounts, bot, "account").uin, person, typing);
}

export function ban(world: World, { group: id, who, seconds, by }: Body<"ban">): void {
  const [group] = demandMember(world, id, who);
  if (!(seconds >= 0)) throw new ControlError("a ban needs seconds of at least 0");
  banMember(world, group, who, seconds, by ?? group.members[0] ?? who);
}

/** A group, and somebody in it by id of person or QQ number of account. */
export function demandMember(world: World, id: string, who: string): [group: Group, who: string] {
  const group = pick(world.state.groups, id, "group");
  if (!isMember(group, who)) throw new ControlError(`"${who}" is not in group "${id}"`);
  return [group, who];
}
