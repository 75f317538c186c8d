import { z } from "zod";

/** A field that may be left out. QQ is written in Go, where a list or an object that is not there can arrive as null. */
const maybe = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();

const User = z.looseObject({
  id: maybe(z.string()),
  user_openid: maybe(z.string()),
  member_openid: maybe(z.string()),
  username: maybe(z.string()),
  bot: maybe(z.boolean()),
  member_role: maybe(z.string()),
});

/** A mention in a group message. `is_you` marks this bot and is the reliable test; `scope` is `single` or `all`. */
const Mention = User.extend({ is_you: maybe(z.boolean()), scope: maybe(z.string()) });

const Attachment = z.looseObject({
  content_type: maybe(z.string()),
  url: maybe(z.string()),
  filename: maybe(z.string()),
  size: maybe(z.number()),
  width: maybe(z.number()),
  height: maybe(z.number()),
  voice_wav_url: maybe(z.string()),
  asr_refer_text: maybe(z.string()),
});
export type Attachment = z.infer<typeof Attachment>;

/** A quoted or forwarded message inside another one (message_type 101, 102, 103). */
const MessageElement = z.looseObject({
  msg_idx: maybe(z.string()),
  message_type: maybe(z.number()),
  content: maybe(z.string()),
  author: maybe(User),
  attachments: maybe(z.array(Attachment)),
});

/** Fields that C2C and group messages share. `timestamp` is RFC 3339, and not worth losing a message over when it is not. */
const MessageBase = z.looseObject({
  id: z.string().min(1),
  content: maybe(z.string()).transform((text) => text ?? ""),
  message_type: maybe(z.number()),
  timestamp: z.unknown().optional(),
  attachments: maybe(z.array(Attachment)),
  /** `ext` holds `key=value` texts: `msg_idx`, `ref_msg_idx`, `auth_token`. */
  message_scene: maybe(z.looseObject({ ext: maybe(z.array(z.string())) })),
  msg_elements: maybe(z.array(MessageElement)),
});

/** `d` of C2C_MESSAGE_CREATE. */
export const C2CMessageCreate = MessageBase.extend({ author: User.extend({ user_openid: z.string().min(1) }) });
export type C2CMessageCreate = z.infer<typeof C2CMessageCreate>;

/** `d` of GROUP_AT_MESSAGE_CREATE and GROUP_MESSAGE_CREATE. */
export const GroupMessageCreate = MessageBase.extend({
  group_openid: z.string().min(1),
  author: User.extend({ member_openid: z.string().min(1) }),
  mentions: maybe(z.array(Mention)),
});
export type GroupMessageCreate = z.infer<typeof GroupMessageCreate>;
