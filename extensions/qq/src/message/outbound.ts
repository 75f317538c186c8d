/**
 * What a reply is tied to on an official bot: the inbound message or event that it answers, and its number among the
 * answers. The platform refuses a number it has seen (40054005), which is how a repetition is told.
 */
export type PassiveAnchor =
  | { readonly msgId: string; readonly eventId?: never; readonly msgSeq: number }
  | { readonly eventId: string; readonly msgId?: never; readonly msgSeq: number };

export type MediaKind = "image" | "video" | "voice" | "file";

/** A file that can be read piece by piece, so that its size can be refused before anything is read. */
export interface MediaFile {
  readonly kind: MediaKind;
  /** With its extension; what the recipient sees of a file. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes from `start` up to, and without, `end`. The same at every call. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** Public address that the file was read from: a OneBot implementation may fetch it itself. */
  readonly address?: string;
  /** What it was before it was converted for QQ: goes as a file where QQ does not take what it was made into. */
  readonly original?: MediaFile;
}

/** A file that messages can show now. Opaque outside the transport that made it. */
export type UploadedMedia =
  | { readonly kind: MediaKind; readonly fileInfo: string; readonly bytes?: never; readonly source?: never }
  /** Guild chats know no uploads: the picture goes along with the message. */
  | {
      readonly kind: "image";
      readonly name: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly fileInfo?: never;
      readonly source?: never;
    }
  /** On OneBot: a source that the implementation can open, which is `http(s):`, `base64:` or a path of its own machine. */
  | {
      readonly kind: MediaKind;
      readonly name: string;
      /** Bytes. */
      readonly size: number;
      readonly source: string;
      readonly fileInfo?: never;
      readonly bytes?: never;
    };

/** A button under a message. Labels longer than 10 characters are cut by QQ. */
export interface Button {
  /** Unique under its message. */
  readonly id: string;
  readonly label: string;
  /** What it says once it was pressed; the label when absent. */
  readonly pressedLabel?: string;
  readonly look: "plain" | "primary" | "danger";
  readonly action:
    | { readonly kind: "callback"; readonly data: string }
    | { readonly kind: "command"; readonly text: string; readonly send: boolean }
    | { readonly kind: "link"; readonly url: string };
  /** Openids of those who may press it; everybody when absent. QQ's client keeps it, the bot must check it again. */
  readonly onlyFor?: readonly string[];
  /** After one button of a set was pressed the others can be pressed no more. */
  readonly set?: string;
  /** What a person writes instead where no button can be shown; the label when absent. */
  readonly typed?: string;
}

/** Rows of buttons: at most 5 of 5. */
export type Keyboard = readonly (readonly Button[])[];

/** What a message shows. */
export type OutboundContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "markdown"; readonly text: string; readonly keyboard?: Keyboard }
  | { readonly kind: "media"; readonly media: UploadedMedia; readonly caption?: string };

/** One message to send, already cut to the platform's size. */
export interface OutboundMessage {
  readonly content: OutboundContent;
  /** Absent: a proactive message. */
  readonly anchor?: PassiveAnchor;
  /** What quotes a message: its index (`REFIDX_...`) in C2C and groups, its id in guilds. */
  readonly quote?: string;
  /** A wake-up push to a person who has not written for long (互动召回); never with an anchor. */
  readonly wakeUp?: true;
}

/** What the platform made of it. */
export type SentMessage =
  | {
      readonly messageId: string;
      /** Index by which a later message can quote this one. */
      readonly quoteIndex?: string;
      readonly duplicate?: never;
      readonly auditId?: never;
    }
  /**
   * It is there, but its id is not told: the platform had this very message already, since an earlier try had arrived; or
   * it shows a file, whose sending tells no id on a personal account.
   */
  | { readonly duplicate: true; readonly messageId?: never; readonly quoteIndex?: never; readonly auditId?: never }
  /** The platform reviews it first (304023, 304024); an event tells how that ended. Nobody has seen it yet. */
  | { readonly auditId: string; readonly messageId?: never; readonly quoteIndex?: never; readonly duplicate?: never };

/** "Is typing", as a direct message shows it. On an official bot it spends one of the replies that the message allows. */
export interface TypingNotice {
  readonly anchor?: PassiveAnchor;
  /** How long it is shown unless a message comes first, s: 1 to 60. */
  readonly seconds: number;
}

/** One step of a message that grows while it is shown (C2C only). All steps share one anchor, and one reply of its budget. */
export interface StreamStep {
  readonly anchor: PassiveAnchor;
  /** Markdown: all of the text so far. It begins with what the steps before it said. */
  readonly text: string;
  /** 0, 1, 2, ... */
  readonly index: number;
  /** Id of the message as the first step's answer gave it; absent in the first step only. */
  readonly streamId?: string;
  readonly last: boolean;
}

export interface StreamedStep {
  readonly streamId: string;
  readonly quoteIndex?: string;
  /** How much longer the text may become, UTF-16 units, where the platform says so. */
  readonly room?: number;
}
