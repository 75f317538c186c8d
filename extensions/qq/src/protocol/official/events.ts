import { z } from "zod";

/** A field that may be left out. QQ is written in Go, where a list or an object that is not there can arrive as null. */
export const maybe = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();

/** An author, a mention, a member: whoever has an id. */
export const User = z.looseObject({
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

/**
 * What a card shows beside its text (QQ, "Message object", `ark_data`). Which fields there are depends on the card; one that
 * cannot be read is not worth losing its message over.
 */
const ArkData = z.looseObject({ prompt: maybe(z.string()), fields: maybe(z.record(z.string(), z.unknown())) });
export type ArkData = z.infer<typeof ArkData>;

/**
 * A quoted or forwarded message inside another one (message_type 101, 102, 103). `msg_elements` are more of the same, read
 * one level at a time: nobody has promised that they end.
 */
export const MessageElement = z.looseObject({
  msg_idx: maybe(z.string()),
  message_type: maybe(z.number()),
  content: maybe(z.string()),
  author: maybe(User),
  attachments: maybe(z.array(Attachment)),
  ark_data: maybe(ArkData).catch(undefined),
  msg_elements: maybe(z.array(z.unknown())),
});
export type MessageElement = z.infer<typeof MessageElement>;

/** Undocumented: what a merged record says, without its senders (observed on 103). */
const ParallelMessage = z.looseObject({ msg_nodes: maybe(z.array(MessageElement)) });

/** `message_type` of what was put together elsewhere: several messages at once, a chat record (QQ, "Message object"). */
export const FORWARDED_TYPES: readonly number[] = [101, 102];

/** Fields that the messages of all scenes share. `timestamp` is RFC 3339, and not worth losing a message over when it is not. */
export const MessageBase = z.looseObject({
  id: z.string().min(1),
  content: maybe(z.string()).transform((text) => text ?? ""),
  message_type: maybe(z.number()),
  timestamp: z.unknown().optional(),
  attachments: maybe(z.array(Attachment)),
  /** `ext` holds `key=value` texts: `msg_idx`, `ref_msg_idx`, `auth_token`. */
  message_scene: maybe(z.looseObject({ ext: maybe(z.array(z.string())) })),
  msg_elements: maybe(z.array(MessageElement)),
  ark_data: maybe(ArkData).catch(undefined),
  parallel_message: maybe(ParallelMessage).catch(undefined),
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
