import type { AccountSeed } from "../seed.ts";

/** What the world knows of a personal account. What its NapCat remembers is in `napcat.ts`. */
export interface Account {
  /** Its QQ number. */
  readonly uin: string;
  readonly name: string;
  /** Ids of people. Anybody else is a stranger to it. */
  readonly friends: Set<string>;
  /** Ids of groups by ids of people: through which group somebody who is no friend writes (onebot-napcat.md 4.8). */
  readonly temporary: Map<string, string>;
  /** Remarks that the account has given its friends, by id of person. */
  readonly remarks: Map<string, string>;
  /** What people ask it for, by flag. */
  readonly requests: Map<string, AccountRequest>;
}

/** A wish that the account's owner is asked about (onebot-napcat.md 5). */
export interface AccountRequest {
  readonly flag: string;
  readonly kind: "friend" | "join" | "invite";
  /** Id of the person who asks. */
  readonly person: string;
  /** Of the two that are about a group: its id. */
  readonly group?: string;
  readonly comment: string;
  /** ms since the epoch. */
  readonly at: number;
  outcome: "open" | "approved" | "refused";
}

/** `people`: ids of everybody, who are friends of an account whose seed names none. */
export function plantAccount({ uin, name, friends }: AccountSeed, people: readonly string[]): Account {
  return {
    uin,
    name,
    friends: new Set(friends ?? people),
    temporary: new Map(),
    remarks: new Map(),
    requests: new Map(),
  };
}
