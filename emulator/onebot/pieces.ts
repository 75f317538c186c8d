import type { Media } from "../media/library.ts";

/** A message segment on the wire (onebot-napcat.md 4.5, 4.6). */
export interface Segment {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Part of a message as the world keeps it, before it is written for one adapter of one account: the same picture has
 * another address every time it is told.
 */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  /** `uin`: a QQ number, or "all". */
  | { readonly kind: "at"; readonly uin: string }
  | { readonly kind: "face"; readonly id: string }
  /** `message`: the world's id of what is quoted. */
  | { readonly kind: "reply"; readonly message: string }
  | MediaPiece
  | { readonly kind: "forward"; readonly record: ForwardRecord }
  /** What has no meaning for the emulator: cards, stickers, dice. `shown` is what the chat shows for it. */
  | { readonly kind: "other"; readonly segment: Segment; readonly shown: string };

/** `fileId`: what files of chats are known by, `/` and a UUID; `noticeId`: what `group_upload` calls the same file. */
export interface MediaPiece {
  readonly kind: "media";
  readonly media: Media;
  /** Of a picture: 0 picture, 1 sticker. */
  readonly subType?: number;
  /** Of a picture: what a chat list shows in its place. */
  readonly summary?: string;
  readonly fileId?: string;
  readonly noticeId?: string;
}

/** A chat record: messages that were said elsewhere, or are pretended to have been. */
export interface ForwardRecord {
  /** Under which QQ keeps it. */
  readonly resId: string;
  readonly title: string;
  /** Lines of its preview. */
  readonly news: readonly string[];
  readonly summary: string;
  /** What a chat list shows. */
  readonly prompt: string;
  readonly nodes: readonly ForwardNode[];
}

export interface ForwardNode {
  readonly uin: string;
  readonly name: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly pieces: readonly Piece[];
}
