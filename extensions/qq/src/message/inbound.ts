import type { MediaKind } from "./outbound.ts";
import type { Target } from "./target.ts";

/** Who wrote a message, as the platform tells it. */
export interface Sender {
  /** Stable within the scene: a user's openid in a DM, a member's openid in a group, a user's id in a guild. Case-sensitive. */
  readonly id: string;
  /** Nickname; QQ leaves it empty in DMs. */
  readonly name?: string;
  /** `owner`, `admin` or `member`, in groups. */
  readonly role?: string;
}

/** A picture, voice message, video or file that came with a message. Its address is good for minutes. */
export type InboundAttachment = AttachmentFacts &
  /** Its address as the platform gave it (guilds leave the scheme out); with a key it has two roads. */
  (
    | { readonly url: string; readonly key?: string }
    /** What the line fetches it by (`Transport.openFile`), where the platform gives no address, or one that may be over. */
    | { readonly url?: never; readonly key: string }
  );

interface AttachmentFacts {
  readonly kind: MediaKind;
  /** As the sender's client gave it: not to be trusted as a path. */
  readonly name?: string;
  /** Bytes, as announced. */
  readonly size?: number;
  readonly contentType?: string;
  /** Of a file in a group of a personal account: what its address is asked for by. */
  readonly groupId?: string;
  /** Of a voice message: the same as WAV, where the platform offers it. */
  readonly wavUrl?: string;
  /** Of a voice message: what was said, as the platform heard it. */
  readonly transcript?: string;
}

/** The message that another one quotes, as far as the platform repeats it. */
export interface QuotedMessage {
  /** What a quote names: an index (`REFIDX_...`), in guilds the message's id. */
  readonly index?: string;
  /** The message's id, where it is known. */
  readonly messageId?: string;
  readonly text: string;
  /** The bot itself has written it. */
  readonly fromBot: boolean;
  /** Who else has written it, where that is known. */
  readonly sender?: Sender;
  readonly attachments: readonly InboundAttachment[];
}

/** One message from QQ, whatever road it came on. */
export interface InboundMessage {
  /** The platform's message id: what a passive reply names. */
  readonly id: string;
  /** The chat it was written in, and where an answer goes. */
  readonly chat: Target;
  readonly sender: Sender;
  /** What the sender typed, without the mention of the bot; a picture or a file stands in brackets. */
  readonly text: string;
  /** When the platform took it, ms since the epoch. */
  readonly at: number;
  /** The platform says that the bot is meant: an @ in a group, any message in a DM. */
  readonly mentionsBot: boolean;
  /** Ids of the others that are mentioned, in groups and guild channels. */
  readonly mentions?: readonly string[];
  /** Its own, then those of the messages that were forwarded with it. */
  readonly attachments: readonly InboundAttachment[];
  /** What an answer quotes this message by: an index (`REFIDX_...`), in guilds its id. */
  readonly quoteIndex?: string;
  readonly quoted?: QuotedMessage;
  /** The guild that a channel or a guild DM belongs to. */
  readonly guildId?: string;
  /** Chat records (合并转发) in it that have yet to be read, by the ids that `Transport.readForward` takes. */
  readonly records?: readonly string[];
}

/** Something happened to a chat: whether it can be written to has changed. */
export interface ChatChange {
  readonly chat: Target;
  readonly what: "opened" | "closed" | "proactive-on" | "proactive-off" | "muted" | "unmuted";
  /** Of `muted`: when the bot may speak again, ms since the epoch; absent when nobody knows. */
  readonly until?: number;
  /** The event's own id, where a message may be tied to it (`event_id`). */
  readonly eventId?: string;
  readonly at: number;
}

/** Somebody pressed a button, or used a menu that reports to the bot. */
export interface Interaction {
  /** What the acknowledgement names. */
  readonly id: string;
  /** What a reply may be tied to (`event_id`). */
  readonly eventId: string;
  readonly chat: Target;
  readonly sender: Sender;
  /** 11: a button; 12: an item of the C2C menu; others are only acknowledged. */
  readonly type: number;
  readonly buttonId?: string;
  readonly data?: string;
  readonly at: number;
}

/** How the review of a message ended. */
export interface AuditResult {
  readonly auditId: string;
  readonly passed: boolean;
  /** The message, once it is shown. */
  readonly messageId?: string;
  readonly chat?: Target;
}

/** Somebody wants to be a friend of a personal account, to join a group it administrates, or to have it in a group. */
export interface ContactRequest {
  readonly what: "friend" | "join" | "invite";
  /** What the decision names. */
  readonly flag: string;
  readonly userId: string;
  /** Of `join` and `invite`. */
  readonly groupId?: string;
  /** What they wrote with it. */
  readonly comment: string;
  readonly at: number;
}

/** What an event turned out to be. */
export type Decoded =
  | { readonly kind: "message"; readonly message: InboundMessage }
  | { readonly kind: "chat"; readonly change: ChatChange }
  | { readonly kind: "interaction"; readonly interaction: Interaction }
  | { readonly kind: "audit"; readonly audit: AuditResult }
  | { readonly kind: "request"; readonly request: ContactRequest }
  /** Somebody has taken back a message. */
  | { readonly kind: "recalled"; readonly chat: Target; readonly messageId: string }
  | { readonly kind: "ignored"; readonly reason: string };
