import type { Silence } from "./event-socket.ts";

/** What can go wrong with the NapCat of a personal account, `account` being its QQ number. */
export type NapcatFault = { readonly do: "napcat"; readonly account: string } & NapcatTrouble;

export type NapcatTrouble =
  /** Its token is another one from now on: sockets are closed, and clients are refused until it is right again. */
  | { readonly what: "bad-token"; readonly token?: string }
  /** Its token is that of the seed again. */
  | { readonly what: "good-token" }
  /** QQ logs the account out: one `bot_offline` with this title and text, and then sends fail. */
  | { readonly what: "kick"; readonly tag?: string; readonly text?: string }
  /** The account is logged in again, which takes a restart. */
  | { readonly what: "relogin" }
  /** QQ cannot be reached; no notice tells of it. */
  | { readonly what: "net-loss" }
  /** QQ is back. `burst`: what was missed comes, up to 30 messages of each chat; default yes. */
  | { readonly what: "net-back"; readonly burst?: boolean }
  /**
   * The process ends and begins again after `ms` (default 0). What it remembered is gone. `holes`: what is said meanwhile
   * is missing from its histories; default no.
   */
  | { readonly what: "restart"; readonly ms?: number; readonly holes?: boolean }
  /** The loop is blocked for so long: nothing is read, answered or told; then everything is. */
  | { readonly what: "stall"; readonly ms: number }
  /** The sockets that are open stay so, but nothing comes out, goes in, or both; `way` is seen from the NapCat. */
  | { readonly what: "half-open"; readonly way?: Silence }
  /** The sockets that are open are cut. */
  | { readonly what: "drop" }
  /** Events are no longer told, although the account is said to be online. */
  | { readonly what: "deaf"; readonly on: boolean }
  | { readonly what: "heartbeats"; readonly on: boolean }
  /** What becomes of the next `times` sends (default 1). */
  | { readonly what: "send"; readonly outcome: SendOutcome; readonly times?: number }
  /** Calls of an action are answered so much later; 0 for no longer. */
  | { readonly what: "delay"; readonly action: string; readonly ms: number }
  /** The action is unknown; `on` false ends it. */
  | { readonly what: "unsupported"; readonly action: string; readonly on?: boolean }
  /** The next `times` calls (default 1) get no answer, before or after they had their effect; HTTP connections are cut. */
  | { readonly what: "lose"; readonly action: string; readonly part: "call" | "answer"; readonly times?: number }
  /** The NapCat cannot map a person to QQ's internal id until it asks QQ anew (onebot-napcat.md 4.8). */
  | { readonly what: "lost-user"; readonly person: string }
  /** Text down every socket that gets events, as it is. */
  | { readonly what: "raw"; readonly text: string };

/**
 * `timeout` is never confirmed and never arrives; `delivered` is never confirmed and does; `hang`: QQ's code does not
 * answer. The others are refused at once: with `result` and `message` of one's own, or as the named thing is.
 */
export type SendOutcome =
  | { readonly kind: "timeout" | "delivered" | "hang" | "muted" | "removed" | "not-friend" | "offline" }
  | { readonly kind: "reject"; readonly result: number; readonly message?: string };
