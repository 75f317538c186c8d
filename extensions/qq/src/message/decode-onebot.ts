import { MessageEvent } from "../protocol/onebot/events.ts";
import { decodeOneBotMessage } from "./decode-onebot-message.ts";
import { decodeNotice, decodeRequest, nameOf } from "./decode-onebot-notice.ts";
import type { Decoded } from "./inbound.ts";
import { isRecord, parseJson } from "./json.ts";

/**
 * Reads a stored event, `text` as it came off the wire or out of history, where messages need not say that they are events.
 * Anything that is not for the agent or the books is ignored by name; nothing is thrown for what comes.
 */
export function decodeOneBot(text: string, receivedAt: number): Decoded {
  const event = parseJson(text);
  if (!isRecord(event)) return ignored("unreadable event");
  const type = event["post_type"];
  switch (type) {
    case undefined:
    case "message":
    case "message_sent":
      return decodeMessageEvent(event, receivedAt);
    case "notice":
      return decodeNotice(event, receivedAt);
    case "request":
      return decodeRequest(event, receivedAt);
    case "meta_event":
      return ignored("meta event");
    default:
      return ignored(nameOf("event", String(type)));
  }
}

function decodeMessageEvent(event: unknown, receivedAt: number): Decoded {
  const wire = MessageEvent.safeParse(event).data;
  const userId = wire?.user_id ?? wire?.sender?.user_id;
  if (!wire || userId === undefined) return ignored("malformed message");
  if (wire.message_type === "group" && wire.group_id === undefined) return ignored("malformed message");
  if (wire.post_type === "message_sent" || userId === wire.self_id) return ignored("own message");
  const message = decodeOneBotMessage(event);
  if (!message) return ignored("empty message");
  return { kind: "message", message: wire.time === undefined ? { ...message, at: receivedAt } : message };
}

function ignored(reason: string): Decoded {
  return { kind: "ignored", reason };
}
