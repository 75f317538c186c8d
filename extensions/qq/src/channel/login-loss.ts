import { resolveAccount } from "../config/account.ts";
import { env } from "../config/env.ts";
import { text, type TextName } from "../texts.ts";
import type { Clock } from "../transport/clock.ts";
import type { Log } from "../transport/log.ts";
import type { LineStatus } from "../transport/transport.ts";
import { tryProactively, type Show } from "./answer/outbound.ts";
import { showWords } from "./answer/show.ts";
import { knownInDms, ownersOf } from "./approvals/approvers.ts";
import { normalizeAllowEntry, ownerEntries } from "./receive/allow-entry.ts";
import { isPersonal, type RunningAccount, type RunningAccounts } from "./running.ts";

/** A login that comes back by itself is not worth a message, and after a start the other accounts need a moment, ms. */
const TELL_AFTER_MS = 30_000;

interface Watched {
  readonly accountId: string;
  readonly accounts: RunningAccounts;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends what waits. */
  readonly signal: AbortSignal;
}

/**
 * Watches a line, and tells the owners when its QQ account has lost its login, once per loss, and when it is back: through
 * another account of this gateway, as this one can tell nobody. What comes back takes each status, and returns at once.
 */
export function watchLogin(watched: Watched): (status: Pick<LineStatus, "state">) => void {
  const { clock, signal } = watched;
  let loss: { isTold: boolean; readonly over: AbortController } | undefined;
  const lost = (): void => {
    if (loss) return;
    const begun = { isTold: false, over: new AbortController() };
    loss = begun;
    clock.sleep(TELL_AFTER_MS, AbortSignal.any([signal, begun.over.signal])).then(
      async () => {
        begun.isTold = true;
        await tellOwners("loginLost", watched);
      },
      () => undefined,
    );
  };
  const back = (): void => {
    const ended = loss;
    loss = undefined;
    ended?.over.abort();
    if (ended?.isTold) void tellOwners("loginBack", watched);
  };
  return ({ state }) => {
    if (state === "offline") lost();
    // The connection may come and go while somebody logs in again: only a line that is ready says that somebody has.
    else if (state === "ready") back();
    else if (state === "stopped") loss?.over.abort();
  };
}

/** Never rejects: what goes wrong here must not end the account. */
async function tellOwners(name: TextName, watched: Watched): Promise<void> {
  await tellThrough(name, watched).catch((error: unknown) =>
    watched.log.warn(`owners not told what=${name} error="${String(error)}"`),
  );
}

/** Tells the owners whom the first account knows that takes it. */
async function tellThrough(name: TextName, { accountId, accounts, log }: Watched): Promise<void> {
  const selfId = accounts.selfIdOf(accountId);
  const account = selfId === undefined ? accountId : `${selfId} (${accountId})`;
  for (const helper of accounts.others(accountId)) {
    if (!helper.isUp()) continue;
    const told = await Promise.all(
      ownersKnownTo(helper).map(async (owner) => await tell(name, account, owner, helper)),
    );
    if (told.includes(true)) return log.info(`owners told what=${name} through=${helper.accountId}`);
  }
  log.info(`owners not told what=${name} why="no other account of this gateway can write to one"`);
}

async function tell(name: TextName, account: string, userId: string, helper: RunningAccount): Promise<boolean> {
  const line = text(helper.current().account.locale, name, { account });
  const target = { kind: "c2c", userId } as const;
  const show: Show = async (send) => await showWords({ text: line, plain: true }, target, send, helper);
  try {
    return (await tryProactively({ target }, show, helper, helper.signal)) !== undefined;
  } catch (error) {
    helper.log.warn(`owner not told what=${name} to=${userId.slice(0, 8)} error="${String(error)}"`);
    return false;
  }
}

/** On an official bot those who have written to it; the one whom `allowFrom` names where nobody is named an owner. */
function ownersKnownTo(helper: RunningAccount): readonly string[] {
  const { cfg } = helper.current();
  if (isPersonal(helper)) return ownersOf(cfg, helper.accountId);
  const account = resolveAccount(cfg, helper.accountId, env, "inspect");
  const named = ownerEntries(cfg, account).map(normalizeAllowEntry);
  const listed = (account.config.allowFrom ?? []).map((entry) => normalizeAllowEntry(String(entry)));
  const owners = named.length > 0 ? named : listed.length === 1 ? listed : [];
  return [...new Set(knownInDms(owners, helper.chats))];
}
