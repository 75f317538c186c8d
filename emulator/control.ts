/**
 * The control API: how a test, the page or a script plays the people of the emulated QQ and the weather around it.
 * Every call is `POST /_emulator/<name>` with a JSON body and answers JSON, but for the two marked GET.
 * It is not part of QQ; everything else the emulator serves is.
 */

import type { AccountRequest } from "./onebot/account.ts";
import type { NapcatFault } from "./onebot/napcat-fault.ts";
import type { Segment } from "./onebot/pieces.ts";
import type { RequestWish } from "./onebot/requests.ts";
import type { NapcatSettings, Software } from "./onebot/settings.ts";

/**
 * A chat, seen from the world: a DM is between one person and one bot. For `bot` the QQ number of a personal account
 * may stand.
 */
export type ChatRef =
  | { readonly kind: "dm"; readonly person: string; readonly bot: string }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "channel"; readonly channel: string }
  /** A DM that belongs to a guild: between one of its people and one of its bots. */
  | { readonly kind: "guild-dm"; readonly person: string; readonly guild: string; readonly bot: string };

/** How much of a group its bots get to see (qq-official.md 4.3). */
export type GroupMode = "only_mention" | "mention_and_context" | "all";

/** What the platform does with a bot that asks for a session (qq-official.md 2.6). */
export type BotLife = "live" | "banned" | "off-shelf";

/** GET /_emulator/state */
export interface WorldState {
  /** The emulator's clock, ms since the epoch. */
  readonly now: number;
  readonly bots: readonly BotState[];
  /** Personal accounts, each with a NapCat of its own. */
  readonly accounts: readonly AccountState[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    /** Ids of people. */
    readonly members: readonly string[];
    /** App ids of bots, then QQ numbers of personal accounts. */
    readonly bots: readonly string[];
    readonly muted: boolean;
    readonly mode: GroupMode;
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
  /** What bots have sent to channels under audit and nobody has judged yet, oldest first. */
  readonly audits: readonly PendingAudit[];
  /** Codes of scan to bind that nobody has confirmed yet, oldest first. */
  readonly binds: readonly PendingBind[];
}

/** Somebody shows a code and waits for a bot (qq-official.md 12). */
export interface PendingBind {
  readonly task: string;
  readonly expiresAt: number;
  /** It was scanned: the page is open on the phone. */
  readonly opened: boolean;
}

/** What happens to a scan to bind. `task`: the newest open one when absent. */
export type BindOrder =
  /** A person hands a bot over: an existing one by its AppID, else a new one of that name. `person`: the first of the seed. */
  | {
      readonly do: "confirm";
      readonly task?: string;
      readonly person?: string;
      readonly bot?: string;
      readonly name?: string;
    }
  | { readonly do: "expire"; readonly task?: string }
  /** The next calls of a kind are refused by `retcode`, -1 when absent. */
  | { readonly do: "fail"; readonly call: "create" | "poll"; readonly times?: number; readonly retcode?: number };

/** A bot's message that waits to be judged before anybody sees it (qq-official.md 5.9). */
export interface PendingAudit {
  /** `audit_id` of the answer to the send. */
  readonly id: string;
  readonly at: number;
  readonly bot: string;
  readonly channel: string;
  readonly text: string;
  /** Id of the message it would reply to; absent on a proactive one. */
  readonly repliesTo?: string;
}

export interface BotState {
  readonly appId: string;
  readonly name: string;
  readonly mode: "websocket" | "webhook" | "both";
  readonly webhookUrl?: string;
  /** Live gateway sessions. */
  readonly sessions: number;
  /** Absent on a bot that is live. */
  readonly life?: Exclude<BotLife, "live">;
}

/** A personal account, and how its NapCat is. */
export interface AccountState {
  /** QQ number. */
  readonly uin: string;
  readonly name: string;
  readonly software: Software;
  /** Origins of the NapCat's two servers. */
  readonly httpUrl: string;
  readonly wsUrl: string;
  /** Sockets that get events, whoever has opened them. */
  readonly sessions: number;
  /** Whether QQ lets it be in: not after a kick, and not while the network is gone. */
  readonly online: boolean;
  /** QQ has logged it out: only a new login brings it back. */
  readonly kicked: boolean;
  /** The process is not there. */
  readonly down: boolean;
  /** Nothing is told any more, although everything looks well. */
  readonly deaf: boolean;
  readonly packetBackend: boolean;
  /** Ids of people. */
  readonly friends: readonly string[];
  /** What its owner has not answered yet. */
  readonly requests: readonly Omit<AccountRequest, "outcome">[];
}

/** A button under a bot's message. */
export interface ChatButton {
  readonly id: string;
  /** What it says now: another text once it was pressed. */
  readonly label: string;
  /** 0 grey line, 1 blue line, 2 as 0, 3 red text, 4 blue (qq-official.md 7.3). */
  readonly style: number;
  readonly type: "link" | "callback" | "command";
  /** Of a link: where to. */
  readonly url?: string;
  /** Another button of its group was pressed. */
  readonly disabled?: true;
  readonly pressed?: true;
}

/** A picture, voice message, video or file in a bubble. */
export interface ChatMedia {
  readonly kind: "image" | "video" | "voice" | "file";
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex of the file's bytes. */
  readonly sha256: string;
  /** Path at the emulator's origin, without end of life. Not one that a bot is told. */
  readonly url: string;
  /** Of voice, where the format tells it without decoding: WAV and SILK. */
  readonly durationMs?: number;
  /** It was larger than QQ shows of its kind, and became a file. */
  readonly degraded?: true;
  /** A bot's file of more bytes than the emulator keeps: `url` answers 410. */
  readonly notKept?: true;
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
  /** The text beside it is a caption, and mostly "". */
  readonly media?: ChatMedia;
  /** The second and further files of a person's message. */
  readonly moreMedia?: readonly ChatMedia[];
  /** Of a bot's message: id of the message it is a passive reply to; absent on a proactive one. */
  readonly repliesTo?: string;
  /** Rows of buttons, top to bottom and left to right. */
  readonly buttons?: readonly (readonly ChatButton[])[];
  /** A message that comes in pieces; every piece is a `message` event with the same id and the text so far. */
  readonly stream?: "generating" | "finished";
  /**
   * Of a message of a channel, or of a group that personal accounts are in: `type` 1 is a face of QQ's, 2 an emoji by its
   * code point; `from` is an app id, the QQ number of an account or the id of a person.
   */
  readonly reactions?: readonly { readonly type: number; readonly id: string; readonly from: string }[];
  /** The bot has taken it back; its `message` event came again with the same id. */
  readonly recalled?: true;
  /** Who has taken it back if not its writer: id of a person, or QQ number of a personal account. */
  readonly recalledBy?: string;
}

/** POST /_emulator/say: a person writes. Answers `{ id }`, the platform's message id. */
export interface Say {
  readonly person: string;
  readonly chat: ChatRef;
  /** May be "" beside files, a card or forwarded messages. */
  readonly text: string;
  /**
   * App ids of bots and QQ numbers of accounts to mention with @, or "all", which only accounts are told. A mention stands
   * before the text.
   */
  readonly mention?: readonly string[];
  /** Id of the message to quote. */
  readonly quote?: string;
  readonly files?: readonly SayFile[];
  /** A chat record (聊天记录): messages that were said elsewhere. Neither with a card nor with a quote. */
  readonly forward?: readonly { readonly name: string; readonly text: string }[];
  /** A shared link that QQ shows as a card. Alone: without text, files and quote. */
  readonly card?: { readonly title: string; readonly desc: string; readonly url: string };
  /** Id of a face of QQ's behind the text; only personal accounts are told. */
  readonly face?: string;
  /** Further segments as they are, for what has no field of its own here; only personal accounts are told. */
  readonly segments?: readonly Segment[];
  /** In a DM with a personal account of which the person is no friend: id of the group through which they write. */
  readonly via?: string;
}

/** A file that a person sends. */
export interface SayFile {
  readonly kind: ChatMedia["kind"];
  readonly name: string;
  readonly base64: string;
  /** Of voice: what the platform heard, `asr_refer_text`. */
  readonly transcript?: string;
  /** Of voice: whether the platform offers it as WAV; default yes. */
  readonly wav?: boolean;
  /** What the event says instead of the type that the bytes have. */
  readonly contentType?: string;
}

/** POST /_emulator/press: a person presses a button of a bot's message. */
export interface Press {
  readonly person: string;
  readonly chat: ChatRef;
  readonly message: string;
  /** The button's id. */
  readonly button: string;
  /** Leaves out what the QQ client checks (permission, greyed buttons), as a forged click would. */
  readonly forced?: boolean;
}

/**
 * What came of it. `result` of a callback: the code of the acknowledgement, "0" to "5", or "timeout"; of a command:
 * "sent", or "typed" with the `text` that stands in the person's input now; of a link: its address; of any: "not permitted"
 * or "disabled" when the QQ client does not let the person press it.
 */
export interface Pressed {
  readonly result: string;
  readonly text?: string;
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
  /** For so long sends are answered 200 with an id, but nobody sees them and nothing is booked (section 11: fake 200). */
  | { readonly do: "blackhole"; readonly bot?: string; readonly ms: number }
  /** For so long nothing is dispatched; then what has happened comes in a burst. Runs until then even through a new session. */
  | { readonly do: "delay-dispatch"; readonly bot?: string; readonly ms: number }
  /** Every `every`-th PUT of an upload part, or its finish, fails: PUT by cut connection and HTTP 500 in turn. Stays until reset. */
  | { readonly do: "fail-parts"; readonly every: number; readonly call: "put" | "finish" }
  /** Sends raw text down the gateway socket, or posts it as a signed callback. */
  | { readonly do: "raw"; readonly bot?: string; readonly text: string }
  /** Something goes wrong with the NapCat of a personal account. */
  | NapcatFault
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
  /** Presses a button of a bot's message. Answers when the bot has acknowledged it or the platform has stopped waiting. */
  press: { body: Press; answer: Pressed };
  /** A bot or a personal account leaves a group as if removed by `person`. */
  kick: { body: { group: string; bot: string; person: string }; answer: Record<string, never> };
  /** A bot or a personal account is put into a group by `person`. */
  invite: { body: { group: string; bot: string; person: string }; answer: Record<string, never> };
  /** A person adds a bot or a personal account as a friend, or drops it. */
  friend: { body: { person: string; bot: string; friends: boolean }; answer: Record<string, never> };
  /** What the bots of a group get to see: messages that mention them, or every message. */
  groupMode: { body: { group: string; mode: GroupMode }; answer: Record<string, never> };
  /** A person takes back a message of their own. */
  unsay: { body: { chat: ChatRef; message: string }; answer: Record<string, never> };
  /** A person joins a group or leaves it. */
  member: { body: { group: string; person: string; joined: boolean }; answer: Record<string, never> };
  /** Whether what bots send to a channel waits to be judged. */
  channelAudit: { body: { channel: string; audit: boolean }; answer: Record<string, never> };
  /** Judges a message that waits: it is shown, or it is dropped; the bot is told. */
  audit: { body: { id: string; pass: boolean }; answer: Record<string, never> };
  /** Words that no bot may send anywhere; replaces those of before. */
  words: { body: { words: readonly string[] }; answer: Record<string, never> };
  /** Bans a bot, takes it off the shelf or lets it live; one that may not live loses its sessions at once. */
  botState: { body: { bot: string; state: BotLife }; answer: Record<string, never> };
  mute: { body: { group: string; muted: boolean }; answer: Record<string, never> };
  /** Whether a person, or a group's admin, takes proactive messages. */
  proactive: { body: { chat: ChatRef; allowed: boolean }; answer: Record<string, never> };
  /**
   * Sets how a bot gets its events; `webhookUrl` is validated with op 13 as the console does before it is kept. `events`:
   * those that are ticked there, by name; all of them until somebody ticks some.
   */
  transport: {
    body: { bot: string; mode: BotState["mode"]; webhookUrl?: string; events?: readonly string[] };
    answer: { ok: boolean; error?: string };
  };
  /** A person asks a personal account for friendship, to be let into a group, or to come into one. */
  request: { body: RequestWish; answer: { flag: string } };
  /** A person reacts to a message of a group, or takes the reaction back. `emoji`: a face of QQ's, or a code point. */
  react: {
    body: { person: string; chat: ChatRef; message: string; emoji: string; on?: boolean };
    answer: Record<string, never>;
  };
  /** A person nudges somebody in a chat: in a DM the account, in a group anybody, by id or QQ number of an account. */
  poke: { body: { person: string; chat: ChatRef; target?: string }; answer: Record<string, never> };
  /** A person begins to type to a personal account, or stops. */
  typing: { body: { person: string; bot: string; typing: boolean }; answer: Record<string, never> };
  /** A member of a group (a person, or an account by its QQ number) may not write for so long; 0 lifts it. */
  ban: { body: { group: string; who: string; seconds: number; by?: string }; answer: Record<string, never> };
  /** A member of a group becomes an admin or stops being one. */
  admin: { body: { group: string; who: string; admin: boolean }; answer: Record<string, never> };
  /** What a member goes by in a group; accounts hear of it when the member next speaks. */
  card: { body: { group: string; who: string; card: string }; answer: Record<string, never> };
  title: { body: { group: string; who: string; title: string }; answer: Record<string, never> };
  groupName: { body: { group: string; name: string; by: string }; answer: Record<string, never> };
  /**
   * Changes settings of an account's NapCat, as its own page for that does. A new token or format of a server closes its
   * sockets; clients of its own (`reverse`, `post`) are closed and opened anew.
   */
  napcat: { body: { account: string; settings: Partial<NapcatSettings> }; answer: Record<string, never> };
  /**
   * Its owner writes the network configuration of an account's NapCat, `onebot11_<QQ number>.json`: servers listen on
   * 127.0.0.1 where it says, or no longer, and clients dial. Names that no NapCat knows are refused. `reset` closes and
   * opens no server.
   */
  napcatNetwork: { body: { account: string; config: string }; answer: Record<string, never> };
  /** Moves the emulator's clock forward. */
  advance: { body: { ms: number }; answer: { now: number } };
  /** Plays the person with the phone in a scan to bind. Answers the task, and the bot that it ended with. */
  bind: { body: BindOrder; answer: { task?: string; bot?: string } };
  /** Wipes the world and plants it again from the seed. */
  reset: { body: Record<string, never>; answer: Record<string, never> };
}

/** GET /_emulator/log?since=N answers the entries after number N; secrets and tokens are masked. */
export interface WireEntry {
  readonly n: number;
  readonly at: number;
  readonly bot?: string;
  readonly channel: "gateway" | "webhook" | "http" | "onebot";
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
