/** What a reply is tied to on an official bot: the inbound message it answers and its number among the answers. */
export interface PassiveAnchor {
  readonly msgId: string;
  /** Unique per `msgId`; the platform refuses a number it has seen (40054005). */
  readonly msgSeq: number;
}

/** One message to send, already cut to the platform's size. */
export interface OutboundMessage {
  readonly text: string;
  /** Absent: a proactive message. */
  readonly anchor?: PassiveAnchor;
  /** Index (`REFIDX_...`) of the message to quote. */
  readonly quote?: string;
}

/** What the platform made of it. */
export type SentMessage =
  | {
      readonly messageId: string;
      /** Index by which a later message can quote this one. */
      readonly quoteIndex?: string;
      readonly duplicate?: never;
    }
  /** The platform had this very message already: an earlier try had arrived, and its id is not told again. */
  | { readonly duplicate: true; readonly messageId?: never; readonly quoteIndex?: never };

/** "Is typing", as a direct message shows it. It spends one of the replies that the message allows. */
export interface TypingNotice {
  readonly anchor: PassiveAnchor;
  /** How long it is shown unless a message comes first, s: 1 to 60. */
  readonly seconds: number;
}
