import type { Bubble } from "../transcript.ts";
import type { AccountContext } from "./actions.ts";
import { register } from "./chats.ts";
import { encodeFace } from "./faces.ts";
import { encodeForward, type EncodeNode } from "./forward-record.ts";
import { encodeFile } from "./media/file-segments.ts";
import { personUin } from "./numbers.ts";
import type { ForwardRecord, MediaPiece, Piece, Segment } from "./pieces.ts";

export interface EncodeView {
  /** Chat records are expanded. */
  readonly expand: boolean;
}

/** A message as segments; what cannot be told is left out, and not the message (onebot-napcat.md 4.2). */
export function encodePieces(context: AccountContext, bubble: Bubble, view: EncodeView): readonly Segment[] {
  return piecesOf(bubble).flatMap((piece) => encodePiece(context, bubble, piece, view) ?? []);
}

/** What official bots send has no pieces: their text, and their file. */
function piecesOf({ message, pieces, files = [] }: Bubble): readonly Piece[] {
  if (pieces) return pieces;
  const text: Piece[] = message.text === "" ? [] : [{ kind: "text", text: message.text }];
  return [...text, ...files.map((media): MediaPiece => ({ kind: "media", media }))];
}

/** Where a piece stands: in a message, or in a record that was sent to a chat. */
type Place = Pick<Bubble, "chat"> & Partial<Pick<Bubble, "message">>;

function encodePiece(context: AccountContext, place: Place, piece: Piece, view: EncodeView): Segment | undefined {
  switch (piece.kind) {
    case "text":
      return { type: "text", data: { text: piece.text.replaceAll(/\r(?!\n)/g, "\n") } };
    case "at":
      return { type: "at", data: { qq: piece.uin === "all" ? "all" : personUin(piece.uin) } };
    case "face":
      return encodeFace(piece.id);
    case "reply":
      return encodeReply(context, place, piece.message);
    case "media":
      return encodeFile(piece, context);
    case "forward":
      return encodeRecord(context, place, piece.record, view);
    case "other":
      return piece.segment;
  }
}

/** The quoted message is found by QQ, and can be found by its number from now on. */
function encodeReply(context: AccountContext, { chat }: Place, message: string): Segment | undefined {
  const quoted = context.world.transcript.find(chat, message);
  return quoted && { type: "reply", data: { id: String(register(context, quoted).shortId) } };
}

/** A record that is expanded is so down to the innermost. */
function encodeRecord(context: AccountContext, place: Place, record: ForwardRecord, { expand }: EncodeView): Segment {
  return encodeForward(context, place, record, expand ? encodeContent(context, place.chat) : undefined);
}

/** What is in a record: records in it are always expanded, as nothing else opens them (6.1). */
export const encodeContent =
  (context: AccountContext, chat: Bubble["chat"]): EncodeNode =>
  (pieces) =>
    pieces.flatMap((piece) => encodePiece(context, { chat }, piece, { expand: true }) ?? []);
