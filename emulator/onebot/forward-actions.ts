import { ActionError, textOf, type ActionTable, type CallContext, type OneBotAction } from "./actions.ts";
import { msgIdOf } from "./numbers.ts";
import { encodeContent } from "./encode-piece.ts";
import { buildRecord, MIXED, nodesIn } from "./forward-nodes.ts";
import { encodeNodes, findRecord } from "./forward-record.ts";
import { optional, type Params } from "./params.ts";
import { buildMessage, readSegments } from "./send-actions.ts";
import { sendPieces } from "./sending.ts";
import { resolveTarget, type SendKind } from "./sending-target.ts";

/** Chat records (onebot-napcat.md 6.2). */
export const forwardActions: ActionTable = {
  send_forward_msg: forwardAction("any"),
  send_group_forward_msg: forwardAction("group"),
  send_private_forward_msg: forwardAction("private"),
  get_forward_msg: {
    params: { message_id: optional("string"), id: optional("string") },
    run: readRecord,
  },
};

function forwardAction(kind: SendKind): OneBotAction {
  return {
    check: (params) => (nodesIn(segmentsOf(params)) === "mixed" ? MIXED : undefined),
    run: (params, context) => sendForward(params, context, kind),
  };
}

/** Sends a record. A list without nodes is a message like any other. */
async function sendForward(params: Params, context: CallContext, kind: SendKind): Promise<object> {
  const target = resolveTarget(context, kind, params);
  const segments = segmentsOf(params);
  if (nodesIn(segments) === "none") {
    const pieces = await buildMessage(context, target, { ...params, message: segments });
    return { message_id: (await sendPieces(context, target, pieces)).messageId };
  }
  const record = await buildRecord(context, target, segments, params);
  const { messageId, bubble } = await sendPieces(context, target, [{ kind: "forward", record }]);
  // Only packets of NapCat's own learn the number under which QQ keeps a record.
  const hasPacket = context.settings.packetBackend;
  const msgId = msgIdOf(bubble.message.id, bubble.message.at);
  return {
    message_id: messageId,
    ...(hasPacket && { res_id: record.resId }),
    forward_id: hasPacket ? record.resId : msgId,
  };
}

/** `messages`, or by another name `message`. Where there is neither, reading it throws (0.4). */
function segmentsOf({ messages, message }: Params): readonly unknown[] {
  const list = messages ?? message;
  if (list === undefined || list === null) {
    throw new TypeError("Cannot read properties of undefined (reading 'length')");
  }
  return readSegments(list, false);
}

function readRecord({ message_id, id }: Params, context: CallContext): object {
  const wanted = textOf(message_id) || textOf(id);
  const found = wanted === "" ? undefined : findRecord(context, wanted);
  if (!found) throw new ActionError("找不到相关的聊天记录");
  const { chat, record } = found;
  const encode = encodeContent(context, chat);
  return { messages: encodeNodes(context, chat, record, context.adapter.format(), encode) };
}
