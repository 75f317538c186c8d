import type { AccountContext } from "./actions.ts";
import { isMember } from "./members.ts";

/** Which people a NapCat can map to QQ's internal ids beside those it always can, and which it has lost. */
export interface KnownUsers {
  readonly learned: Set<string>;
  readonly lost: Set<string>;
}

export const createKnownUsers = (): KnownUsers => ({ learned: new Set(), lost: new Set() });

/** Friends and members of common groups can be mapped, and who has been asked for; unless the mapping was lost (4.8). */
export function knowsUser({ world, account, memory }: AccountContext, person: string): boolean {
  const { learned, lost } = memory.of(createKnownUsers);
  if (learned.has(person)) return true;
  if (lost.has(person)) return false;
  if (account.friends.has(person) || account.temporary.has(person)) return true;
  return [...world.state.groups.values()].some((group) => group.accounts.has(account.uin) && isMember(group, person));
}

/** `get_stranger_info` with `no_cache` asks QQ and so finds the user again. */
export function learnUser({ memory }: AccountContext, person: string): void {
  const { learned, lost } = memory.of(createKnownUsers);
  lost.delete(person);
  learned.add(person);
}
