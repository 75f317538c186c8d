import { z } from "zod";
import { Count, maybe, OpaqueId, Uin } from "./values.ts";

/** s since the epoch; NapCat falls back to ms where QQ gives none (`onebot-napcat.md` 4.1). */
const time = maybe(Count);

const Sender = z.looseObject({
  user_id: maybe(Uin),
  nickname: maybe(z.string()),
  card: maybe(z.string()),
  role: maybe(z.string()),
});

/**
 * A message as an event, in history and in the answer of `get_msg` (`onebot-napcat.md` 4.1); the latter two need not say
 * `post_type`. `message` is an array of segments, one segment, or a CQ string.
 */
export const MessageEvent = z.looseObject({
  post_type: maybe(z.string()),
  message_type: z.enum(["private", "group"]),
  self_id: maybe(Uin),
  user_id: maybe(Uin),
  group_id: maybe(Uin),
  /** The other side of a private chat: the recipient of an own message. */
  target_id: maybe(Uin),
  message_id: OpaqueId,
  time,
  sender: maybe(Sender),
  message: z.unknown().optional(),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

/** A message in a chat record, of which little need be there; some wrap it into a segment of the type `node`. */
export const RecordEntry = z.looseObject({
  message_id: maybe(OpaqueId),
  user_id: maybe(Uin),
  uin: maybe(Uin),
  nickname: maybe(z.string()),
  name: maybe(z.string()),
  time,
  sender: maybe(Sender),
  message: z.unknown().optional(),
  content: z.unknown().optional(),
});
export type RecordEntry = z.infer<typeof RecordEntry>;

/** What notices are told apart by, with the fields of those that are understood (`onebot-napcat.md` 5). */
export const NoticeEvent = z.looseObject({
  notice_type: z.string().min(1).max(64),
  sub_type: maybe(z.string().max(64)),
  self_id: maybe(Uin),
  time,
  user_id: maybe(Uin),
  group_id: maybe(Uin),
  message_id: maybe(OpaqueId),
  /** Of `group_ban`, s; -1 without an end. */
  duration: maybe(z.number()),
});
export type NoticeEvent = z.infer<typeof NoticeEvent>;

export const RequestEvent = z.looseObject({
  request_type: z.string().min(1).max(64),
  sub_type: maybe(z.string().max(64)),
  time,
  user_id: Uin,
  group_id: maybe(Uin),
  comment: maybe(z.string()),
  flag: OpaqueId,
});
export type RequestEvent = z.infer<typeof RequestEvent>;

/** Says that the line lives, and whether the account does. `interval`: ms; NapCat sends none where heartbeats are off. */
export const Heartbeat = z.looseObject({
  post_type: z.literal("meta_event"),
  meta_event_type: z.literal("heartbeat"),
  interval: maybe(z.number().positive()),
  status: maybe(z.looseObject({ online: maybe(z.boolean()) })),
});

/** The account was logged out; `tag` is the title and `message` the text of the dialog that QQ shows (3). */
export const BotOffline = z.looseObject({
  post_type: z.literal("notice"),
  notice_type: z.literal("bot_offline"),
  tag: maybe(z.string()),
  message: maybe(z.string()),
});
