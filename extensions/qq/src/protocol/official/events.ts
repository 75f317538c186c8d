import { z } from "zod";

const User = z.looseObject({
  id: z.string().optional(),
  user_openid: z.string().optional(),
  member_openid: z.string().optional(),
  username: z.string().optional(),
  bot: z.boolean().optional(),
  member_role: z.string().optional(),
});

/** A mention in a group message. `is_you` marks this bot and is the reliable test; `scope` is `single` or `all`. */
const Mention = User.extend({ is_you: z.boolean().optional(), scope: z.string().optional() });

const Attachment = z.looseObject({
  content_type: z.string().optional(),
  url: z.string().optional(),
  filename: z.string().optional(),
  size: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  voice_wav_url: z.string().optional(),
  asr_refer_text: z.string().optional(),
});
export type Attachment = z.infer<typeof Attachment>;

/** A quoted or forwarded message inside another one (message_type 101, 102, 103). */
const MessageElement = z.looseObject({
  msg_idx: z.string().optional(),
  message_type: z.number().optional(),
  content: z.string().optional(),
  author: User.optional(),
  attachments: z.array(Attachment).optional(),
});

/** Fields that C2C and group messages share. `timestamp` is RFC 3339. */
const MessageBase = z.looseObject({
  id: z.string().min(1),
  content: z.string().default(""),
  message_type: z.number().optional(),
  timestamp: z.string(),
  attachments: z.array(Attachment).optional(),
  /** `ext` holds `key=value` texts: `msg_idx`, `ref_msg_idx`, `auth_token`. */
  message_scene: z.looseObject({ ext: z.array(z.string()).optional() }).optional(),
  msg_elements: z.array(MessageElement).optional(),
});

/** `d` of C2C_MESSAGE_CREATE. */
export const C2CMessageCreate = MessageBase.extend({ author: User.extend({ user_openid: z.string().min(1) }) });
export type C2CMessageCreate = z.infer<typeof C2CMessageCreate>;

/** `d` of GROUP_AT_MESSAGE_CREATE and GROUP_MESSAGE_CREATE. */
export const GroupMessageCreate = MessageBase.extend({
  group_openid: z.string().min(1),
  author: User.extend({ member_openid: z.string().min(1) }),
  mentions: z.array(Mention).optional(),
});
export type GroupMessageCreate = z.infer<typeof GroupMessageCreate>;

/** Part of `d` that names a message, wherever one is: enough to know the same message when it comes twice. */
export const MessageIdentity = z.looseObject({ id: z.string().min(1) });

/** Dispatches whose `d.id` is a message id, so that one message has one identity under every event name. */
export const MESSAGE_EVENTS: ReadonlySet<string> = new Set([
  "C2C_MESSAGE_CREATE",
  "GROUP_AT_MESSAGE_CREATE",
  "GROUP_MESSAGE_CREATE",
  "AT_MESSAGE_CREATE",
  "MESSAGE_CREATE",
  "DIRECT_MESSAGE_CREATE",
]);
