/**
 * The control API: how a test, the page or a script plays the people of the emulated QQ and the weather around it.
 * Every call is `POST /_emulator/<name>` with a JSON body and answers JSON, but for the two marked GET.
 * It is not part of QQ; everything else the emulator serves is.
 */

/** A chat, seen from the world: a DM is between one person and one bot. */
export type ChatRef =
  | { readonly kind: "dm"; readonly person: string; readonly bot: string }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "channel"; readonly channel: string };

/** GET /_emulator/state */
export interface WorldState {
  /** The emulator's clock, ms since the epoch. */
  readonly now: number;
  readonly bots: readonly BotState[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    /** Ids of people. */
    readonly members: readonly string[];
    /** App ids of bots. */
    readonly bots: readonly string[];
    readonly muted: boolean;
    readonly mode: "only_mention" | "all";
  }[];
  readonly channels: readonly {
    readonly id: string;
    readonly name: string;
    readonly guild: string;
    readonly guildName: string;
    readonly members: readonly string[];
    readonly bots: readonly string[];
  }[];
  readonly chats: readonly { readonly chat: ChatRef; readonly messages: readonly ChatMessage[] }[];
}

export interface BotState {
  readonly appId: string;
  readonly name: string;
  readonly mode: "websocket" | "webhook" | "both";
  readonly webhookUrl?: string;
  /** Live gateway sessions. */
  readonly sessions: number;
}

/** A bubble in a chat. */
export interface ChatMessage {
  /** The platform's message id. */
  readonly id: string;
  readonly at: number;
  readonly from: { readonly kind: "person" | "bot" | "system"; readonly id: string; readonly name: string };
  readonly text: string;
  /** Native markdown rather than plain text. */
  readonly markdown?: boolean;
  /** Names of people and bots that are mentioned, in order. */
  readonly mentions?: readonly string[];
  readonly quote?: { readonly id: string; readonly name: string; readonly text: string };
  /** Of a bot's message: id of the message it is a passive reply to; absent on a proactive one. */
  readonly repliesTo?: string;
  /** The bot has taken it back; its `message` event came again with the same id. */
  readonly recalled?: true;
}

/** POST /_emulator/say: a person writes. Answers `{ id }`, the platform's message id. */
export interface Say {
  readonly person: string;
  readonly chat: ChatRef;
  readonly text: string;
  /** App ids of bots to mention with @. A mention stands before the text. */
  readonly mention?: readonly string[];
  /** Id of the message to quote. */
  readonly quote?: string;
}

/** POST /_emulator/fault: adds to the queue; a fault happens once per count, in the order given. */
export type Fault =
  /** Closes the gateway sessions of a bot, now or around its next dispatch. `code` 1006: the socket is cut without a frame. */
  | {
      readonly do: "close";
      readonly bot?: string;
      readonly code: number;
      readonly when?: "now" | "before-dispatch" | "after-dispatch";
    }
  | {
      readonly do: "reconnect";
      readonly bot?: string;
      /** op 7; true: the server closes with 4009 as well. */ readonly thenClose?: boolean;
    }
  | { readonly do: "invalid-session"; readonly bot?: string; readonly resumable: boolean }
  /** The socket stays open, but nothing comes out of it any more and nothing that goes in is read. */
  | { readonly do: "half-open"; readonly bot?: string }
  /** The next dispatch is sent `times` in all, with new sequence numbers and the same ids. */
  | { readonly do: "duplicate"; readonly bot?: string; readonly times: number }
  /** The next resume replays this many events again that the client has had. */
  | { readonly do: "over-replay"; readonly bot?: string; readonly events: number }
  | { readonly do: "refuse-resume"; readonly bot?: string; readonly code: number }
  /** Intents that are not granted to the bot: identify with one of them closes 4014. Stays until reset. */
  | { readonly do: "deny-intents"; readonly bot?: string; readonly intents: number }
  /** Sends raw text down the gateway socket, or posts it as a signed callback. */
  | { readonly do: "raw"; readonly bot?: string; readonly text: string }
  /** The next `times` HTTP calls whose "METHOD /path" contains `call` fail so. */
  | { readonly do: "http"; readonly call: string; readonly times?: number; readonly answer: HttpFault };

export type HttpFault =
  | {
      readonly kind: "error";
      readonly status: number;
      readonly code?: number;
      readonly message?: string;
      readonly retryAfter?: number;
    }
  | { readonly kind: "html"; readonly status: number }
  /** The connection is cut; `delivered`: after the call has had its effect. */
  | { readonly kind: "reset"; readonly delivered?: boolean }
  | { readonly kind: "slow"; readonly ms: number };

/** POST /_emulator/<name> for the rest. */
export interface ControlCalls {
  say: { body: Say; answer: { id: string } };
  fault: { body: Fault; answer: Record<string, never> };
  /** Presses a button of a bot's message. */
  press: { body: { person: string; chat: ChatRef; message: string; button: string }; answer: { result: string } };
  /** A bot leaves a group as if removed by `person`. */
  kick: { body: { group: string; bot: string; person: string }; answer: Record<string, never> };
  /** A bot is put into a group by `person`. */
  invite: { body: { group: string; bot: string; person: string }; answer: Record<string, never> };
  /** A person adds a bot as a friend, or drops it. */
  friend: { body: { person: string; bot: string; friends: boolean }; answer: Record<string, never> };
  /** What the bots of a group get to see: messages that mention them, or every message. */
  groupMode: { body: { group: string; mode: "only_mention" | "all" }; answer: Record<string, never> };
  mute: { body: { group: string; muted: boolean }; answer: Record<string, never> };
  /** Whether a person, or a group's admin, takes proactive messages. */
  proactive: { body: { chat: ChatRef; allowed: boolean }; answer: Record<string, never> };
  /** Sets how a bot gets its events; `webhookUrl` is validated with op 13 as the console does before it is kept. */
  transport: {
    body: { bot: string; mode: BotState["mode"]; webhookUrl?: string };
    answer: { ok: boolean; error?: string };
  };
  /** Moves the emulator's clock forward. */
  advance: { body: { ms: number }; answer: { now: number } };
  /** Wipes the world and plants it again from the seed. */
  reset: { body: Record<string, never>; answer: Record<string, never> };
}

/** GET /_emulator/log?since=N answers the entries after number N; secrets and tokens are masked. */
export interface WireEntry {
  readonly n: number;
  readonly at: number;
  readonly bot?: string;
  readonly channel: "gateway" | "webhook" | "http";
  /** Seen from the bot. */
  readonly direction: "in" | "out";
  /** One line: an opcode and event name, or method, path and status. */
  readonly title: string;
  /** The rule that refused it, if one did. */
  readonly refused?: string;
  readonly body?: unknown;
}

/** GET /_emulator/events: server-sent events. `event:` is `message`, `typing`, `wire`, `state`; `data:` is the JSON below. */
export type ControlEvent =
  | { readonly event: "message"; readonly data: { readonly chat: ChatRef; readonly message: ChatMessage } }
  | {
      readonly event: "typing";
      readonly data: { readonly chat: ChatRef; readonly bot: string; readonly name: string; readonly seconds: number };
    }
  | { readonly event: "wire"; readonly data: WireEntry }
  /** Something in `WorldState` other than messages has changed: read it again. `reset`: everything has. */
  | { readonly event: "state"; readonly data: { readonly reset?: true } };

/** What `npm start` tells the page about the gateway, at GET /_emulator/host when the demo has set it. */
export interface HostNotice {
  readonly state: "starting" | "ready" | "failed";
  readonly line: string;
}
