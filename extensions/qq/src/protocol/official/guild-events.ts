import { z } from "zod";
import { maybe, MessageBase, User } from "./events.ts";

/** Role ids that every guild has (QQ, "Guild role object"). What others mean, only their guild knows. */
export const GUILD_ROLES = { admin: "2", owner: "4" } as const;

/**
 * `d` of AT_MESSAGE_CREATE, MESSAGE_CREATE and DIRECT_MESSAGE_CREATE (QQ, "Message events"). `content` is escaped as HTML is.
 * A DM is a guild of its own, with one channel; `src_guild_id` is the guild that both are members of.
 */
export const GuildMessageCreate = MessageBase.extend({
  channel_id: z.string().min(1),
  guild_id: z.string().min(1),
  src_guild_id: maybe(z.string()),
  author: User.extend({ id: z.string().min(1) }),
  member: maybe(z.looseObject({ nick: maybe(z.string()), roles: maybe(z.array(z.string())) })),
  mentions: maybe(z.array(User)),
  /** `message_id` is the quoted message's own id. What it said is not repeated. */
  message_reference: maybe(z.looseObject({ message_id: maybe(z.string()) })),
});
export type GuildMessageCreate = z.infer<typeof GuildMessageCreate>;
