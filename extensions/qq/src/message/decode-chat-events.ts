import { FriendChange, GroupChange, MessageAudit } from "../protocol/official/chat-events.ts";
import type { AuditResult, ChatChange } from "./inbound.ts";
import type { Target } from "./target.ts";

interface Meaning {
  readonly what: ChatChange["what"];
  readonly about: "person" | "group";
  /** Whether a message may be tied to the event (QQ, "Send a message", `event_id`). */
  readonly answerable: boolean;
}

const meaning = (what: ChatChange["what"], about: Meaning["about"], answerable: boolean): Meaning => ({
  what,
  about,
  answerable,
});

/** Events that tell of a chat and not of what was said in it. */
const CHANGES: ReadonlyMap<string, Meaning> = new Map([
  ["FRIEND_ADD", meaning("opened", "person", true)],
  ["FRIEND_DEL", meaning("closed", "person", false)],
  ["C2C_MSG_RECEIVE", meaning("proactive-on", "person", true)],
  ["C2C_MSG_REJECT", meaning("proactive-off", "person", false)],
  ["GROUP_ADD_ROBOT", meaning("opened", "group", true)],
  ["GROUP_DEL_ROBOT", meaning("closed", "group", false)],
  ["GROUP_MSG_RECEIVE", meaning("proactive-on", "group", true)],
  ["GROUP_MSG_REJECT", meaning("proactive-off", "group", false)],
]);

export const CHAT_CHANGE_EVENTS: readonly string[] = [...CHANGES.keys()];

/** `eventId` is the outer id of the event; `undefined` when the payload is not what it should be. */
export function decodeChatChange(
  type: string,
  eventId: unknown,
  d: unknown,
  receivedAt: number,
): ChatChange | undefined {
  const known = CHANGES.get(type);
  const about = known && decodeChat(known.about, d);
  if (!known || !about) return undefined;
  return {
    chat: about.chat,
    what: known.what,
    ...(known.answerable && typeof eventId === "string" && eventId !== "" && { eventId }),
    // A clock that runs ahead of ours would keep the reply window open for longer than it is.
    at: Math.min(millis(about.timestamp) ?? receivedAt, receivedAt),
  };
}

function decodeChat(
  about: Meaning["about"],
  d: unknown,
): { readonly chat: Target; readonly timestamp?: unknown } | undefined {
  if (about === "person") {
    const { data } = FriendChange.safeParse(d);
    return data && { chat: { kind: "c2c", userId: data.openid }, timestamp: data.timestamp };
  }
  const { data } = GroupChange.safeParse(d);
  return data && { chat: { kind: "group", groupId: data.group_openid }, timestamp: data.timestamp };
}

/** Whole seconds since the epoch, as a number or as its digits. */
function millis(timestamp: unknown): number | undefined {
  const seconds = typeof timestamp === "string" && /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : timestamp;
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

export const AUDIT_EVENTS: readonly string[] = ["MESSAGE_AUDIT_PASS", "MESSAGE_AUDIT_REJECT"];

/** How a review ended; `undefined` when the payload is not what it should be. */
export function decodeAudit(type: string, d: unknown): AuditResult | undefined {
  const wire = MessageAudit.safeParse(d).data;
  if (!wire) return undefined;
  const chat = auditedChat(wire);
  return {
    auditId: wire.audit_id,
    passed: type === "MESSAGE_AUDIT_PASS",
    ...(wire.message_id && { messageId: wire.message_id }),
    ...(chat && { chat }),
  };
}

function auditedChat({ user_openid, group_openid, channel_id }: MessageAudit): Target | undefined {
  if (user_openid) return { kind: "c2c", userId: user_openid };
  if (group_openid) return { kind: "group", groupId: group_openid };
  return channel_id ? { kind: "channel", channelId: channel_id } : undefined;
}
