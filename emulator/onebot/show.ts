import type { ChatMessage } from "../control.ts";
import { encodeChatMedia, type Media } from "../media/library.ts";
import type { World } from "../world.ts";
import { findPerson } from "./chats.ts";
import { faceName } from "./faces.ts";
import { personUin } from "./numbers.ts";
import type { Piece } from "./pieces.ts";

/** What a chat shows of the pieces of an account's message. */
export function showPieces(
  world: World,
  pieces: readonly Piece[],
): Pick<ChatMessage, "text" | "mentions" | "media" | "moreMedia"> & { readonly files: readonly Media[] } {
  const files = pieces.flatMap((piece) => (piece.kind === "media" ? [piece.media] : []));
  const [media, ...moreMedia] = files.map(encodeChatMedia);
  const mentions = pieces.flatMap((piece) => (piece.kind === "at" ? [nameOf(world, piece.uin)] : []));
  return {
    text: pieces.map((piece) => showPiece(world, piece)).join(""),
    ...(mentions.length > 0 && { mentions }),
    ...(media && { media }),
    ...(moreMedia.length > 0 && { moreMedia }),
    files,
  };
}

function showPiece(world: World, piece: Piece): string {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "at":
      return `@${nameOf(world, piece.uin)}`;
    case "face":
      return `[${faceName(piece.id) ?? "表情"}]`;
    case "other":
      return piece.shown;
    case "forward":
      return ["[聊天记录]", ...piece.record.nodes.map((node) => `${node.name}: ${showText(world, node.pieces)}`)].join(
        "\n",
      );
    case "reply":
    case "media":
      return "";
  }
}

const showText = (world: World, pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === "media" ? `[${piece.media.kind}]` : showPiece(world, piece))).join("");

function nameOf(world: World, uin: string): string {
  if (uin === "all") return "全体成员";
  const bots = [...world.state.bots.values()].find(({ appId }) => personUin(appId) === uin);
  return findPerson(world, uin)?.name ?? world.state.accounts.get(uin)?.name ?? bots?.name ?? uin;
}
