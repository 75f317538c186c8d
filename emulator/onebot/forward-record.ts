import type { Say } from "../control.ts";
import type { Bubble } from "../transcript.ts";
import type { World } from "../world.ts";
import { ActionError, type AccountContext } from "./actions.ts";
import { findMessage, writerOf, type AccountChat } from "./chats.ts";
import { encodeCq } from "./cq.ts";
import { groupUin, msgIdOf, personUin, shortIdOf } from "./numbers.ts";
import type { ForwardNode, ForwardRecord, Piece, Segment } from "./pieces.ts";
import type { MessageFormat } from "./settings.ts";

/** Writes the content of a node as segments; records in it are expanded, as nothing else opens them (6.1). */
export type EncodeNode = (pieces: readonly Piece[]) => readonly Segment[];

/** `prompt` and the like of a record that says nothing of its own. */
export function createRecord(
  world: World,
  nodes: readonly ForwardNode[],
  about: Partial<Pick<ForwardRecord, "title" | "news" | "summary" | "prompt">> = {},
): ForwardRecord {
  return {
    resId: world.context.ids().token(),
    title: "群聊的聊天记录",
    news: [],
    summary: `查看${nodes.length}条转发消息`,
    prompt: "[聊天记录]",
    ...about,
    nodes,
  };
}

/** The record of a person who says one. Who is in it has a QQ number made of the name. */
export function recordOfSay(world: World, forward: NonNullable<Say["forward"]>): ForwardRecord {
  const at = world.context.clock.now();
  const nodes = forward.map(({ name, text }): ForwardNode => {
    const known = [...world.state.people.values()].find((person) => person.name === name);
    return { uin: personUin(known?.id ?? name), name, at, pieces: [{ kind: "text", text }] };
  });
  return createRecord(world, nodes);
}

/** The segment of a record: its id is that of the message (4.5). A record in a record has one that leads nowhere. */
export function encodeForward(
  context: AccountContext,
  { chat, message }: Pick<Bubble, "chat"> & Partial<Pick<Bubble, "message">>,
  record: ForwardRecord,
  encode: EncodeNode | undefined,
): Segment {
  const id = message ? msgIdOf(message.id, message.at) : msgIdOf(record.resId, context.clock.now());
  const content = encode && encodeNodes(context, chat as AccountChat, record, "array", encode);
  return { type: "forward", data: { id, ...(content && { content }) } };
}

/** A record as messages. They have numbers of their own, under which nothing can be found. */
export function encodeNodes(
  { account }: AccountContext,
  chat: AccountChat,
  record: ForwardRecord,
  format: MessageFormat,
  encode: EncodeNode,
): readonly object[] {
  const isGroup = chat.kind === "group";
  return record.nodes.map((node, index) => {
    const segments = encode(node.pieces);
    const shortId = shortIdOf(msgIdOf(`${record.resId}/${index}`, node.at), isGroup ? 2 : 1, record.resId);
    const cq = encodeCq(segments);
    return {
      self_id: Number(account.uin),
      user_id: Number(node.uin),
      time: Math.floor(node.at / 1000),
      message_id: shortId,
      message_seq: shortId,
      real_id: shortId,
      real_seq: String(index + 1),
      message_type: isGroup ? "group" : "private",
      sender: { user_id: Number(node.uin), nickname: node.name, card: "" },
      raw_message: cq.trim(),
      font: 14,
      sub_type: isGroup ? "normal" : "friend",
      message: format === "string" ? cq : segments,
      message_format: format,
      post_type: "message",
      ...(isGroup && { group_id: Number(groupUin(chat.group)) }),
    };
  });
}

/** The record behind a message's number, QQ's 19 digits or a `res_id`, and the chat that it is read for. */
export function findRecord(
  context: AccountContext,
  id: string,
): { chat: AccountChat; record: ForwardRecord } | undefined {
  const bubble = findMessage(context, id) ?? allBubbles(context).find((each) => recordIn(each)?.resId === id);
  const record = bubble && recordIn(bubble);
  // Records are only in chats with people and groups: guilds have none.
  return record && { chat: bubble.chat as AccountChat, record };
}

const allBubbles = ({ world }: AccountContext): readonly Bubble[] =>
  world.transcript.chats().flatMap(({ chat }) => world.transcript.bubbles(chat));

const recordIn = ({ pieces = [] }: Bubble): ForwardRecord | undefined =>
  pieces.find((piece) => piece.kind === "forward")?.record;

/** A message that is there already, as a node. */
export const nodeOf = ({ message, pieces }: Bubble): ForwardNode => ({
  uin: writerOf(message),
  name: message.from.name,
  at: message.at,
  pieces: pieces ?? [{ kind: "text", text: message.text }],
});

/** Piece of a segment that sends a record again (4.6). */
export function buildForward(id: string, context: AccountContext): Piece {
  const found = findRecord(context, id);
  if (!found) throw new ActionError(`发送转发消息（res_id：${id}）失败`);
  return { kind: "forward", record: found.record };
}
