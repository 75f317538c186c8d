import type { Clock } from "../clock.ts";
import type { Bubble } from "../transcript.ts";
import type { World } from "../world.ts";
import type { Account } from "./account.ts";
import type { IdTable } from "./id-table.ts";
import type { MessageEvent } from "./message-event.ts";
import type { Params, ParamTable } from "./params.ts";
import type { MessageFormat, NapcatSettings } from "./settings.ts";

/** One of the ways in and out of a NapCat; each writes messages in its own format. */
export interface Adapter {
  readonly name: string;
  readonly transport: "ws" | "reverse" | "http" | "post";
  readonly format: () => MessageFormat;
}

/** What belongs to one account's NapCat and is forgotten when it restarts. */
export interface NapcatMemory {
  /** The one thing that `make` makes for this NapCat: made when it is first asked for, and again after a restart. */
  of<T>(make: () => T): T;
}

/** What actions, events and sends of an account have in common. */
export interface AccountContext {
  readonly world: World;
  readonly account: Account;
  readonly settings: NapcatSettings;
  readonly clock: Clock;
  readonly ids: IdTable;
  readonly memory: NapcatMemory;
  /** When the NapCat started, ms since the epoch. */
  readonly bootAt: number;
  /** Whether QQ lets the account be in now. */
  readonly online: boolean;
  /** Origin of the NapCat's HTTP server, under which QQ's file store is served too. */
  readonly httpUrl: string;
  /** Tells the bot of a message that the account has sent, where settings say so. */
  readonly reportSelf: (event: MessageEvent) => void;
  /** What the next send of the account meets; taken by asking. */
  readonly takeSendFault: () => SendFault | undefined;
  /** How long QQ takes for the next send, ms. */
  readonly nextDelay: () => number;
  /** Whether the local store of this NapCat's QQ has a message of the world: not what was said while it was away. */
  readonly hasStored: (bubble: Bubble) => boolean;
}

/** What can become of a send (onebot-napcat.md 10.33). `delivered`: the message arrives although the answer fails. */
export type SendFault =
  | { readonly kind: "timeout"; readonly delivered: boolean }
  | { readonly kind: "reject"; readonly result: number; readonly message: string }
  | { readonly kind: "hang" };

/** A call of an action. */
export interface CallContext extends AccountContext {
  readonly adapter: Adapter;
  /** Answers a frame of a streaming action that is not its last; `data` is its content. */
  readonly emit: (data: object) => void;
}

/** Something that a client can ask a NapCat for. */
export interface OneBotAction {
  /** Parameters that are converted and checked; without it nothing is (onebot-napcat.md 2.4). */
  readonly params?: ParamTable;
  /** Needs the packet backend, and without it fails the check (6.4). */
  readonly packet?: true;
  /** Answers are marked `stream-action`. */
  readonly stream?: true;
  /** A check of its own, with the text that it fails with. May throw, and then there is no answer on a WebSocket (2.3). */
  readonly check?: (params: Params, context: CallContext) => string | undefined;
  /** Answers `data`; `undefined` leaves it out. Throws `ActionError`. */
  readonly run: (params: Params, context: CallContext) => unknown;
}

export type ActionTable = Readonly<Record<string, OneBotAction>>;

/** An action fails with this text (`retcode` 1200, by HTTP 200). */
export class ActionError extends Error {}

/** A parameter as text: ids come as numbers and as strings. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
