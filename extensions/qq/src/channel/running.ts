import type { HistoryEntry } from "openclaw/plugin-sdk/reply-history";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { QQAccount } from "../config/account.ts";
import type { Replies } from "../journal/replies.ts";
import type { Parked } from "../journal/parked.ts";
import type { Peers } from "../journal/peers.ts";
import type { Turns } from "../journal/turns.ts";
import type { Waits } from "../journal/waits.ts";
import type { Clock } from "../transport/clock.ts";
import type { Log } from "../transport/log.ts";
import type { Transport } from "../transport/transport.ts";

/** An account while it runs: what receiving and sending share. */
export interface RunningAccount {
  readonly accountId: string;
  readonly line: Transport;
  readonly replies: Replies;
  readonly parked: Parked;
  readonly peers: Peers;
  readonly turns: Turns;
  readonly waits: Waits;
  readonly clock: Clock;
  readonly log: Log;
  /** Messages of a group that were not for the bot, by session key: context for the next one that is. */
  readonly history: Map<string, HistoryEntry[]>;
  /** The configuration as it is now; what `startAccount` was given goes stale. */
  readonly current: () => { readonly cfg: OpenClawConfig; readonly account: QQAccount };
  /** Aborts when the account stops. */
  readonly signal: AbortSignal;
  /** A message has gone out. */
  readonly sent: () => void;
}

/** The accounts that run in this process. The host calls the send adapters with an account's id and nothing else. */
export class RunningAccounts {
  readonly #byId = new Map<string, RunningAccount>();

  add(account: RunningAccount): void {
    this.#byId.set(account.accountId, account);
  }

  /** Takes an account out, unless another start has put its own there already. */
  remove(account: RunningAccount): void {
    if (this.#byId.get(account.accountId) === account) this.#byId.delete(account.accountId);
  }

  find(accountId: string): RunningAccount | undefined {
    return this.#byId.get(accountId);
  }
}
