import { z } from "zod";
import { maybe } from "./events.ts";

/** Seconds since the epoch; not worth losing an event over when it is not. */
const seconds = z.unknown().optional();

/** `d` of FRIEND_ADD, FRIEND_DEL, C2C_MSG_RECEIVE and C2C_MSG_REJECT (QQ, "User events"). */
export const FriendChange = z.looseObject({ openid: z.string().min(1), timestamp: seconds });

/** `d` of GROUP_ADD_ROBOT, GROUP_DEL_ROBOT, GROUP_MSG_RECEIVE and GROUP_MSG_REJECT (QQ, "Group events"). */
export const GroupChange = z.looseObject({ group_openid: z.string().min(1), timestamp: seconds });

/** `d` of MESSAGE_AUDIT_PASS and MESSAGE_AUDIT_REJECT (QQ, "Message audit"). `message_id` comes with the former only. */
export const MessageAudit = z.looseObject({
  audit_id: z.string().min(1),
  message_id: maybe(z.string()),
  channel_id: maybe(z.string()),
  user_openid: maybe(z.string()),
  group_openid: maybe(z.string()),
});
export type MessageAudit = z.infer<typeof MessageAudit>;
