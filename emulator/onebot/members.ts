import type { Group } from "../state.ts";

export type Role = "owner" | "admin" | "member";

export interface Member {
  readonly role: Role;
  /** Name in the group; "" when unset. */
  readonly card: string;
  readonly title: string;
}

/** What somebody is in a group, by id of a person, a bot or an account; `undefined` when not in it. */
export function memberOf(group: Group, id: string): Member | undefined {
  if (!isMember(group, id)) return undefined;
  return { role: roleOf(group, id), card: group.cards.get(id) ?? "", title: group.titles.get(id) ?? "" };
}

export const isMember = (group: Group, id: string): boolean =>
  group.members.includes(id) || group.accounts.has(id) || group.bots.has(id);

/** The first of its people owns a group. */
function roleOf(group: Group, id: string): Role {
  if (group.members[0] === id) return "owner";
  return group.admins.has(id) ? "admin" : "member";
}

/** Ids of everybody in a group: people, accounts, bots. */
export const membersOf = (group: Group): readonly string[] => [...group.members, ...group.accounts, ...group.bots];

/** Whether a member may not write now: by a ban of its own, or because the whole group may not. */
export function isSilenced(group: Group, id: string, now: number): boolean {
  if ((group.bans.get(id) ?? 0) > now) return true;
  return group.muted && memberOf(group, id)?.role === "member";
}
