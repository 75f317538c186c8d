import { ActionError, textOf, type AccountContext } from "./actions.ts";
import { findMessage, numbersOf, type AccountChat } from "./chats.ts";
import { faceName } from "./faces.ts";
import { buildForward } from "./forward-record.ts";
import { takeFile } from "./media/file-segments.ts";
import { membersOf } from "./members.ts";
import { personUin } from "./numbers.ts";
import type { Piece } from "./pieces.ts";
import { unfoldId } from "./software.ts";

/** Where a message is going to, for those segments that mean something there. */
export interface BuildContext {
  readonly context: AccountContext;
  readonly chat: AccountChat;
}

/** Data of a segment as it came. */
export type SegmentData = Readonly<Record<string, unknown>>;

/** Makes of a segment what is sent; `undefined` drops it (onebot-napcat.md 4.6). Throws `ActionError`. */
export type BuildPiece = (data: SegmentData, build: BuildContext) => Piece | undefined | Promise<Piece | undefined>;

const other =
  (type: string, shown: (data: SegmentData) => string): BuildPiece =>
  (data) => ({ kind: "other", segment: { type, data }, shown: shown(data) });

const dropped: BuildPiece = () => undefined;

/** What can be sent, by type of segment. Any other type fails the call. */
const builders: Readonly<Record<string, BuildPiece>> = {
  text: ({ text }) => ({ kind: "text", text: textOf(text) }),
  at: buildAt,
  face: ({ id }) => (faceName(textOf(id)) === undefined ? undefined : { kind: "face", id: textOf(id) }),
  reply: buildReply,
  json: ({ data }) => ({
    kind: "other",
    segment: { type: "json", data: { data: typeof data === "string" ? data : JSON.stringify(data) } },
    shown: promptOf(data),
  }),
  mface: ({ summary, emoji_id, emoji_package_id, key }) => {
    const id = textOf(emoji_id);
    const file = `${id.slice(0, 2)}-${id}.gif`;
    const url = `https://gxh.vip.qq.com/club/item/parcel/item/${id.slice(0, 2)}/${id}/raw300.gif`;
    const data = { summary: summary ?? "", file, url, key, emoji_id: id, emoji_package_id: Number(emoji_package_id) };
    return { kind: "other", segment: { type: "image", data }, shown: textOf(summary) || "[表情]" };
  },
  dice: () => ({ kind: "other", segment: { type: "dice", data: { result: "4" } }, shown: "[骰子]" }),
  rps: () => ({ kind: "other", segment: { type: "rps", data: { result: "2" } }, shown: "[猜拳]" }),
  // Both need a service outside of QQ to make a card of them.
  music: dropped,
  contact: ({ type, id }, build) =>
    builders["json"]?.(
      { data: { app: "com.tencent.contact.lua", prompt: `推荐${textOf(type)}: ${textOf(id)}` } },
      build,
    ),
  image: (data, { context }) => takeFile("image", data, context),
  record: (data, { context }) => takeFile("record", data, context),
  video: (data, { context }) => takeFile("video", data, context),
  file: (data, { context }) => takeFile("file", data, context),
  forward: ({ id }, { context }) => buildForward(textOf(id), context),
  markdown: other("markdown", ({ content }) => textOf(content)),
  location: other("json", () => "[位置]"),
  poke: dropped,
  xml: dropped,
  miniapp: dropped,
  onlinefile: dropped,
  flashtransfer: dropped,
};

/** Builds one segment. */
export function buildPiece(type: string, data: SegmentData, build: BuildContext): ReturnType<BuildPiece> {
  const builder = builders[type];
  if (!builder) throw new ActionError(`未知的消息类型：${type}`);
  return builder(data, build);
}

/** Mentions mean nothing in private, and somebody who is not known cannot be mentioned. */
function buildAt({ qq }: SegmentData, { context, chat }: BuildContext): Piece | undefined {
  if (chat.kind !== "group") return undefined;
  const uin = textOf(qq);
  if (uin === "all") return { kind: "at", uin };
  const group = context.world.state.groups.get(chat.group);
  const isKnown = group && membersOf(group).some((id) => personUin(id) === uin);
  if (!isKnown) throw new ActionError("Get Uid Error");
  return { kind: "at", uin };
}

/** A message that cannot be found is not quoted, and the rest is sent. */
function buildReply({ id, seq }: SegmentData, { context, chat }: BuildContext): Piece | undefined {
  const { world } = context;
  const quoted =
    typeof seq === "number"
      ? world.transcript.bubbles(chat).find((bubble) => numbersOf(world, bubble).seq === seq)
      : findMessage(context, unfoldId(textOf(id)));
  return quoted && { kind: "reply", message: quoted.message.id };
}

function promptOf(data: unknown): string {
  try {
    const card: unknown = typeof data === "string" ? JSON.parse(data) : data;
    if (typeof card === "object" && card !== null && "prompt" in card) return textOf(card.prompt);
  } catch {
    // Cards come from outside.
  }
  return "[卡片消息]";
}
