import type { Target } from "./target.ts";

/** Who wrote a message, as the platform tells it. */
export interface Sender {
  /** Stable within the scene: a user's openid in a DM, a member's openid in a group. Case-sensitive. */
  readonly id: string;
  /** Nickname; QQ leaves it empty in DMs. */
  readonly name?: string;
  /** `owner`, `admin` or `member`, in groups. */
  readonly role?: string;
}

/** One message from QQ, whatever road it came on. */
export interface InboundMessage {
  /** The platform's message id: what a passive reply names. */
  readonly id: string;
  /** The chat it was written in, and where an answer goes. */
  readonly chat: Target;
  readonly sender: Sender;
  /** What the sender typed, without the mention of the bot; a picture or a file without text stands in brackets. */
  readonly text: string;
  /** When the platform took it, ms since the epoch. */
  readonly at: number;
  /** The platform says that the bot is meant: an @ in a group, any message in a DM. */
  readonly mentionsBot: boolean;
  /** Index (`REFIDX_...`) by which an answer quotes this message. */
  readonly quoteIndex?: string;
  /** The message that this one quotes, as far as the platform repeats it. */
  readonly quoted?: { readonly index?: string; readonly text: string; readonly fromBot: boolean };
}

/** What an event turned out to be. */
export type Decoded =
  | { readonly kind: "message"; readonly message: InboundMessage }
  | { readonly kind: "ignored"; readonly reason: string };
