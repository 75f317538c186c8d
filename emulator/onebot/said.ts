import type { Say } from "../control.ts";
import type { Media } from "../media/library.ts";
import type { World } from "../world.ts";
import { faceName } from "./faces.ts";
import { recordOfSay } from "./forward-record.ts";
import { personUin } from "./numbers.ts";
import type { Piece } from "./pieces.ts";

/** What a person says, as personal accounts are told: the quote first, then mentions, then the rest. */
export function piecesOfSay(world: World, say: Say, files: readonly Media[]): readonly Piece[] {
  const { text, quote, mention = [], forward, card, face, segments = [] } = say;
  const mentions = mention.map((id): Piece => ({ kind: "at", uin: id === "all" ? id : personUin(id) }));
  // The client of QQ puts a blank behind a mention.
  const blank = mentions.length > 0 && text !== "" ? " " : "";
  const spoken: Piece[] = text === "" ? [] : [{ kind: "text", text: blank + text }];
  return [
    ...(quote === undefined ? [] : [{ kind: "reply", message: quote } as const]),
    ...mentions,
    ...spoken,
    ...(face === undefined ? [] : [{ kind: "face", id: face } as const]),
    ...files.map((media) => pieceOfFile(world, media)),
    ...(forward ? [{ kind: "forward", record: recordOfSay(world, forward) } as const] : []),
    ...(card ? [pieceOfCard(card)] : []),
    ...segments.map((segment): Piece => ({ kind: "other", segment, shown: `[${segment.type}]` })),
  ];
}

/** The notice of a group calls a file by another id than the message does (onebot-napcat.md 10.26). */
function pieceOfFile(world: World, media: Media): Piece {
  const { ids } = world.context;
  if (media.kind !== "file") return { kind: "media", media };
  return { kind: "media", media, fileId: `/${ids().uuid()}`, noticeId: `/${ids().uuid()}` };
}

/** Cards arrive as JSON of QQ's own; what can be read of them is in `prompt`. */
function pieceOfCard({ title, desc, url }: NonNullable<Say["card"]>): Piece {
  const news = { title, desc, jumpUrl: url, tag: "" };
  const data = { app: "com.tencent.tuwen.lua", view: "news", prompt: `[分享] ${title}`, meta: { news } };
  return { kind: "other", segment: { type: "json", data: { data: JSON.stringify(data) } }, shown: "" };
}

/** What the chat shows of it beside its text. */
export function shownBeside({ face, segments = [] }: Say): string {
  const faces = face === undefined ? [] : [`[${faceName(face) ?? "表情"}]`];
  return [...faces, ...segments.map(({ type }) => `[${type}]`)].join("");
}
