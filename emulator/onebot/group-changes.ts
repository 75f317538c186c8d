import type { Group } from "../state.ts";
import type { World } from "../world.ts";
import { noticeAdmin, noticeBan, noticeGroupName, noticeTitle, noticeWholeBan } from "./notices.ts";

/** Changes of a group that its personal accounts are told of. People and accounts are named by their ids in the world. */

/** `seconds` of 0 lift the ban. */
export function banMember(world: World, group: Group, who: string, seconds: number, by: string): void {
  if (seconds > 0) group.bans.set(who, world.context.clock.now() + seconds * 1000);
  else group.bans.delete(who);
  noticeBan(world, group, who, seconds, by);
  changed(world);
}

export function setWholeBan(world: World, group: Group, isMuted: boolean, by?: string): void {
  group.muted = isMuted;
  noticeWholeBan(world, group, by);
  changed(world);
}

export function setAdmin(world: World, group: Group, who: string, isAdmin: boolean): void {
  if (isAdmin) group.admins.add(who);
  else group.admins.delete(who);
  noticeAdmin(world, group, who);
  changed(world);
}

/** Accounts hear of it when the member next speaks (onebot-napcat.md 5). */
export function setCard(group: Group, who: string, card: string): void {
  const old = group.cards.get(who) ?? "";
  if (card === old) return;
  group.cards.set(who, card);
  if (!group.renamed.has(who)) group.renamed.set(who, old);
}

export function setTitle(world: World, group: Group, who: string, title: string): void {
  group.titles.set(who, title);
  noticeTitle(world, group, who);
}

export function renameGroup(world: World, group: Group, name: string, by: string): void {
  group.name = name;
  noticeGroupName(world, group, by);
  changed(world);
}

const changed = (world: World): void => world.context.bus.publish({ event: "state", data: {} });
