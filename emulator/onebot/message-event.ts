import type { ChatMessage } from "../control.ts";
import { pick } from "../state.ts";
import type { Bubble } from "../transcript.ts";
import type { AccountContext } from "./actions.ts";
import { register, writerOf, type AccountChat, type MessageNumbers } from "./chats.ts";
import { encodeCq } from "./cq.ts";
import { encodePieces } from "./encode-piece.ts";
import { memberOf } from "./members.ts";
import { groupUin, personUin } from "./numbers.ts";
import type { Segment } from "./pieces.ts";
import type { MessageFormat } from "./settings.ts";
import { shapeMessage } from "./software.ts";

/** What a message event is made from. */
export interface MessageEvent {
  readonly bubble: Bubble;
}

/** How the adapter that asks wants messages. */
export interface MessageView {
  readonly format: MessageFormat;
  /** Expands chat records. */
  readonly expand?: boolean;
  /** Adds the internal message. */
  readonly debug?: boolean;
}

/** A message as events, histories and `get_msg` have it (onebot-napcat.md 4.1). Registers its numbers. */
export function encodeMessage(context: AccountContext, { bubble }: MessageEvent, view: MessageView): object {
  const { account } = context;
  const { message } = bubble;
  const numbers = register(context, bubble);
  const isOwn = message.from.id === account.uin;
  const segments = encodePieces(context, bubble, { expand: view.expand === true });
  const fields = {
    self_id: Number(account.uin),
    user_id: Number(writerOf(message)),
    time: Math.floor(message.at / 1000),
    ...encodeNumbers(numbers),
    ...encodePlace(context, bubble, segments, view.format, isOwn),
    ...(view.debug === true && { raw: encodeRaw(context, bubble, numbers) }),
  };
  return shapeMessage(context.settings.software, fields, { seq: numbers.seq });
}

const encodeNumbers = ({ shortId, seq }: MessageNumbers): object => ({
  message_id: shortId,
  message_seq: shortId,
  real_id: shortId,
  real_seq: String(seq),
});

function encodePlace(
  context: AccountContext,
  bubble: Bubble,
  segments: readonly Segment[],
  format: MessageFormat,
  isOwn: boolean,
): object {
  const { chat, message, via } = bubble;
  const cq = encodeCq(segments);
  const isGroup = chat.kind === "group";
  return {
    message_type: isGroup ? "group" : "private",
    sender: encodeSender(context, bubble),
    raw_message: cq.trim(),
    font: 14,
    sub_type: isGroup ? "normal" : via === undefined ? "friend" : "group",
    message: format === "string" ? cq : segments,
    message_format: format === "string" ? "string" : "array",
    post_type: isOwn ? "message_sent" : "message",
    ...(isOwn && { message_sent_type: "self" }),
    ...encodePeer(context, chat as AccountChat, message, via, isOwn),
  };
}

function encodePeer(
  { world }: AccountContext,
  chat: AccountChat,
  message: ChatMessage,
  via: string | undefined,
  isOwn: boolean,
): object {
  if (chat.kind === "group") {
    const group_id = Number(groupUin(chat.group));
    const { name } = pick(world.state.groups, chat.group, "group");
    return { group_id, group_name: name, ...(isOwn && { target_id: group_id }) };
  }
  return {
    ...(via !== undefined && { group_id: Number(groupUin(via)), temp_source: 0 }),
    target_id: Number(isOwn ? personUin(chat.person) : writerOf(message)),
  };
}

/** Who wrote it; strangers in temporary sessions have no name (4.4). */
function encodeSender({ world }: AccountContext, { chat, message, via }: Bubble): object {
  const user_id = Number(writerOf(message));
  if (chat.kind !== "group") {
    return {
      user_id,
      nickname: via !== undefined && message.from.kind === "person" ? "临时会话" : message.from.name,
      card: "",
    };
  }
  const member = memberOf(pick(world.state.groups, chat.group, "group"), message.from.id);
  return {
    user_id,
    nickname: message.from.name,
    card: member?.card ?? "",
    ...(member && { role: member.role }),
  };
}

/** Enough of the internal message to be told from a place where it is missing. */
const encodeRaw = (context: AccountContext, { message }: Bubble, { msgId, seq, chatType }: MessageNumbers): object => ({
  msgId,
  msgSeq: String(seq),
  msgTime: String(Math.floor(message.at / 1000)),
  chatType,
  senderUin: writerOf(message),
  selfUin: context.account.uin,
});
