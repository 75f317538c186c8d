import { NoticeEvent, RequestEvent } from "../protocol/onebot/events.ts";
import { toMs } from "./decode-onebot-message.ts";
import type { ChatChange, ContactRequest, Decoded } from "./inbound.ts";

/** Longest comment of a request, UTF-16 units. */
const MAX_COMMENT_UNITS = 500;
/** Everybody, in a `group_ban` (`onebot-napcat.md` 5). */
const EVERYBODY = "0";

/** A notice: what it says of a chat or of a message, or that it is of no concern. */
export function decodeNotice(value: unknown, receivedAt: number): Decoded {
  const wire = NoticeEvent.safeParse(value).data;
  if (!wire) return ignored("malformed notice");
  return (
    decodeRecall(wire) ?? decodeChange(wire, receivedAt) ?? ignored(nameOf("notice", wire.notice_type, wire.sub_type))
  );
}

function decodeRecall({ notice_type: type, group_id, user_id, self_id, message_id }: NoticeEvent): Decoded | undefined {
  if (message_id === undefined) return undefined;
  if (type === "group_recall" && group_id !== undefined) {
    return { kind: "recalled", chat: { kind: "group", groupId: group_id }, messageId: message_id };
  }
  // Of an own message taken back in a private chat nobody says whose chat it was.
  if (type !== "friend_recall" || user_id === undefined || user_id === self_id) return undefined;
  return { kind: "recalled", chat: { kind: "c2c", userId: user_id }, messageId: message_id };
}

function decodeChange(wire: NoticeEvent, receivedAt: number): Decoded | undefined {
  const at = wire.time === undefined ? receivedAt : Math.min(toMs(wire.time), receivedAt);
  if (wire.notice_type === "friend_add" && wire.user_id !== undefined) {
    return { kind: "chat", change: { chat: { kind: "c2c", userId: wire.user_id }, what: "opened", at } };
  }
  const what = wire.group_id === undefined ? undefined : changeInGroup(wire);
  if (wire.group_id === undefined || what === undefined) return undefined;
  const chat = { kind: "group", groupId: wire.group_id } as const;
  const { duration = -1 } = wire;
  const until = what === "muted" && duration > 0 ? { until: at + duration * 1000 } : {};
  return { kind: "chat", change: { chat, what, at, ...until } };
}

/** What happened to the account itself in a group. */
function changeInGroup(wire: NoticeEvent): ChatChange["what"] | undefined {
  const isSelf = wire.user_id !== undefined && wire.user_id === wire.self_id;
  switch (wire.notice_type) {
    case "group_increase":
      return isSelf ? "opened" : undefined;
    case "group_decrease":
      return isSelf || wire.sub_type === "kick_me" || wire.sub_type === "disband" ? "closed" : undefined;
    case "group_ban": {
      const isLifted = wire.sub_type === "lift_ban" || wire.duration === 0;
      // A mute of everybody binds neither the owner nor admins: whether it binds the account, QQ's refusal (120) says.
      if (wire.user_id === EVERYBODY) return isLifted ? "unmuted" : undefined;
      if (!isSelf) return undefined;
      return isLifted ? "unmuted" : "muted";
    }
    default:
      return undefined;
  }
}

/** Somebody asks for something that only the owner can decide. */
export function decodeRequest(value: unknown, receivedAt: number): Decoded {
  const wire = RequestEvent.safeParse(value).data;
  if (!wire) return ignored("malformed request");
  const what = whatIsAsked(wire);
  if (!what) return ignored(nameOf("request", wire.request_type, wire.sub_type));
  const request: ContactRequest = {
    what,
    flag: wire.flag,
    userId: wire.user_id,
    ...(what !== "friend" && wire.group_id !== undefined && { groupId: wire.group_id }),
    comment: (wire.comment ?? "").slice(0, MAX_COMMENT_UNITS).toWellFormed().trim(),
    at: wire.time === undefined ? receivedAt : toMs(wire.time),
  };
  return { kind: "request", request };
}

function whatIsAsked({ request_type: type, sub_type, group_id }: RequestEvent): ContactRequest["what"] | undefined {
  if (type === "friend") return "friend";
  if (type !== "group" || group_id === undefined) return undefined;
  if (sub_type === "invite") return "invite";
  return sub_type === "add" ? "join" : undefined;
}

function ignored(reason: string): Decoded {
  return { kind: "ignored", reason };
}

/** Reasons are counted by their text: whatever is no plain word is one and the same. */
export function nameOf(kind: string, type: string, subType?: string): string {
  const name = subType === undefined || subType === "" ? type : `${type}/${subType}`;
  return `${kind} ${/^[\w.]{1,64}(?:\/[\w.]{1,64})?$/.test(name) ? name : "?"}`;
}
