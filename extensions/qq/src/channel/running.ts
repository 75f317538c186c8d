import type { resolveApprovalOverGateway } from "openclaw/plugin-sdk/approval-gateway-runtime";
import type { HistoryEntry } from "openclaw/plugin-sdk/reply-history";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { QQAccount } from "../config/account.ts";
import type { Audits } from "../journal/audits.ts";
import type { Buttons } from "../journal/buttons.ts";
import type { Chats } from "../journal/chats.ts";
import type { ContactRequests } from "../journal/contact-requests.ts";
import type { Replies } from "../journal/replies.ts";
import type { Parked } from "../journal/parked.ts";
import type { KeptFiles } from "../journal/kept-files.ts";
import type { Refs } from "../journal/refs.ts";
import type { Refusals } from "../journal/refusals.ts";
import type { LaneAhead } from "../journal/lane-ahead.ts";
import type { Streams } from "../journal/streams.ts";
import type { Turns } from "../journal/turns.ts";
import type { Waits } from "../journal/waits.ts";
import type { Clock } from "../transport/clock.ts";
import type { Log } from "../transport/log.ts";
import type { RawEvent, Transport } from "../transport/transport.ts";
import type { DropLog } from "./receive/drop-log.ts";
import type { LoopBrake } from "./receive/loop-brake.ts";
import type { GrowingMessage } from "./stream/stream.ts";

/** The gateway's approval service, as the host hands it to a running account. */
export type ApprovalGateway = NonNullable<Parameters<typeof resolveApprovalOverGateway>[0]["gatewayRuntime"]>;

/** An account while it runs: what receiving and sending share. */
export interface RunningAccount {
  readonly accountId: string;
  readonly line: Transport;
  readonly replies: Replies;
  readonly parked: Parked;
  readonly chats: Chats;
  readonly refs: Refs;
  readonly refusals: Refusals;
  readonly audits: Audits;
  readonly buttons: Buttons;
  readonly keptFiles: KeptFiles;
  readonly requests: ContactRequests;
  readonly laneAhead: LaneAhead;
  readonly turns: Turns;
  readonly waits: Waits;
  readonly clock: Clock;
  readonly log: Log;
  readonly streams: Streams;
  /** Direct messages that grow while the agent writes, by chat. */
  readonly growing: Map<string, GrowingMessage>;
  /** Messages of a group that were not for the bot, by session key: context for the next one that is. */
  readonly history: Map<string, HistoryEntry[]>;
  /** Messages that were taken back lately, by chat and id: they may yet wait in the inbox. */
  readonly recalled: Set<string>;
  /** Logs a message that was dropped. */
  readonly dropped: DropLog;
  readonly loopBrake: LoopBrake;
  /** What was kept for a chat and is on its way there, by chat: it goes once, whoever asks for it. */
  readonly keptOnItsWay: Map<string, Promise<void>>;
  /** Whether the line is ready: the account is logged in, and what it sends goes out. */
  readonly isUp: () => boolean;
  /** Whether a QQ number is that of another personal account of this gateway, by what it says or its `selfId`: two that answer each other never end. */
  readonly isSibling: (userId: string) => boolean;
  /** Stores an event for the pump, as those that come off the line are. */
  readonly admit: (event: RawEvent) => Promise<unknown>;
  /** The configuration as it is now; what `startAccount` was given goes stale. */
  readonly current: () => { readonly cfg: OpenClawConfig; readonly account: QQAccount };
  /** Absent where the host has none to give: approvals then go by a connection to the gateway. */
  readonly approvalGateway?: ApprovalGateway;
  /** Runs several changes of the journal as one: all are kept or none, and the disk is waited for once. */
  readonly atomically: <T>(work: () => T) => T;
  /** Aborts when the account stops. */
  readonly signal: AbortSignal;
  /** A message has gone out. */
  readonly sent: () => void;
}

/** Whether it is a person's account: its messages need no anchor, spend no reply budget, and QQ cannot tell a repetition. */
export function isPersonal({ line }: Pick<RunningAccount, "line">): boolean {
  return line.unmetered === true;
}

/** The accounts that run in this process. The host calls the send adapters with an account's id and nothing else. */
export class RunningAccounts {
  readonly #byId = new Map<string, RunningAccount>();
  /** QQ numbers of personal accounts, by account. */
  readonly #selfIds = new Map<string, string>();

  add(account: RunningAccount): void {
    this.#byId.set(account.accountId, account);
  }

  /** Takes an account out, unless another start has put its own there already. */
  remove(account: RunningAccount): void {
    if (this.#byId.get(account.accountId) !== account) return;
    this.#byId.delete(account.accountId);
    this.#selfIds.delete(account.accountId);
  }

  /** Notes which QQ number an account turned out to have; answers with the other account that has the same, if one does. */
  recognise(accountId: string, selfId: string): string | undefined {
    this.#selfIds.set(accountId, selfId);
    return [...this.#selfIds].find(([id, other]) => other === selfId && id !== accountId)?.[0];
  }

  /** Whether a QQ number is that of another account than this one. */
  isSibling(accountId: string, userId: string): boolean {
    return [...this.#selfIds].some(([id, selfId]) => selfId === userId && id !== accountId);
  }

  /** The QQ number of a personal account, once it is known. */
  selfIdOf(accountId: string): string | undefined {
    return this.#selfIds.get(accountId);
  }

  /** Those that run beside this one. */
  others(accountId: string): readonly RunningAccount[] {
    return [...this.#byId.values()].filter((account) => account.accountId !== accountId);
  }

  find(accountId: string): RunningAccount | undefined {
    return this.#byId.get(accountId);
  }
}
