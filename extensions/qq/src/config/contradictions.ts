import type { z } from "zod";
import { LISTENER_TOKEN_LENGTH } from "./onebot-schema.ts";

/** What of an entry decides where its messages come from. A secret is text or a reference. */
interface Entry {
  readonly transport?: string | undefined;
  readonly appId?: unknown;
  readonly webhookPath?: string | undefined;
  readonly httpUrl?: string | undefined;
  readonly wsUrl?: string | undefined;
  readonly reversePath?: string | undefined;
  readonly accessToken?: unknown;
  readonly tokenFile?: string | undefined;
  readonly selfId?: string | number | undefined;
}

type Refuse = (key: string, message: string) => void;

type Base = Entry & { readonly accounts?: Readonly<Record<string, Entry | undefined>> | undefined };

/** Refuses keys that cannot both be meant, and listeners that anybody could use. */
export function refineTransport(base: Base, ctx: z.RefinementCtx): void {
  const taken = new Set<string>();
  const refine = (own: Entry, entry: Entry, path: readonly string[], isAccount: boolean): void => {
    const refuse: Refuse = (key, message) => ctx.addIssue({ code: "custom", path: [...path, key], message });
    refineKind(own, refuse);
    refineListener(own, entry, refuse);
    if (isAccount) refineSharing(entry, taken, refuse);
  };
  const accounts = Object.entries(base.accounts ?? {});
  refine(base, base, [], accounts.length === 0 || base.httpUrl !== undefined || base.wsUrl !== undefined);
  for (const [id, own] of accounts) {
    if (own) refine(own, { ...inherited(base, own), ...own }, ["accounts", id], true);
  }
}

/** Two kinds of accounts in one entry, and a `transport` that leaves out the one whose address is given. */
function refineKind(entry: Entry, refuse: Refuse): void {
  if (entry.transport === undefined || entry.appId !== undefined) return;
  if (entry.transport === "onebot") {
    if (entry.webhookPath !== undefined)
      refuse("webhookPath", 'transport "onebot" has no webhookPath: what NapCat itself dials is reversePath');
    return;
  }
  const key = (["httpUrl", "wsUrl", "reversePath"] as const).find((name) => entry[name] !== undefined);
  if (key)
    refuse("transport", `${key} belongs to a personal account: write transport "onebot", or leave transport out`);
}

/** An open port without a good token is found by scanners, and the account is used by others (users.md 64). */
function refineListener(own: Entry, entry: Entry, refuse: Refuse): void {
  if (entry.reversePath === undefined) return;
  const length = `${LISTENER_TOKEN_LENGTH} characters or more`;
  if (entry.accessToken === undefined && entry.tokenFile === undefined) {
    refuse("reversePath", `reversePath needs a token: write an accessToken of ${length}, and the same in NapCat`);
  } else if (typeof entry.accessToken === "string" && entry.accessToken.trim().length < LISTENER_TOKEN_LENGTH) {
    const key = own.accessToken === undefined ? "reversePath" : "accessToken";
    refuse(
      key,
      `with reversePath anybody can try the token: write an accessToken of ${length}, and the same in NapCat`,
    );
  }
}

/** Of two accounts on one path with one token, what comes in would reach either. `taken` grows with each account. */
function refineSharing(
  { reversePath, accessToken, tokenFile, selfId }: Entry,
  taken: Set<string>,
  refuse: Refuse,
): void {
  if (reversePath === undefined) return;
  const place = JSON.stringify([reversePath, accessToken ?? tokenFile, selfId === undefined ? "" : String(selfId)]);
  if (taken.has(place))
    refuse("selfId", "another account has this reversePath and token: write each one's QQ number, or another path");
  taken.add(place);
}

/** What an account takes over, as it is read later: a secret whole, and a QQ number with the address it belongs to. */
function inherited(base: Entry, own: Entry): Entry {
  const hasAddress = own.httpUrl !== undefined || own.wsUrl !== undefined || own.reversePath !== undefined;
  return {
    reversePath: base.reversePath,
    ...(own.tokenFile === undefined && { accessToken: base.accessToken }),
    tokenFile: base.tokenFile,
    ...(!hasAddress && { selfId: base.selfId }),
  };
}
