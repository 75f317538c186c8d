/**
 * A chat on QQ. Each kind has its own id field, so a group's id cannot be given where a user's is asked for.
 * Ids are kept byte for byte: QQ's openids are case-sensitive.
 */
export type Target =
  | { readonly kind: "c2c"; readonly userId: string }
  | { readonly kind: "group"; readonly groupId: string }
  | { readonly kind: "channel"; readonly channelId: string }
  | { readonly kind: "dm"; readonly guildId: string };

const CHANNEL_PREFIX = /^(?:qq|qqbot):/i;
const ID = /^[A-Za-z0-9_-]+$/;
/** A user's openid or QQ number without a kind before it. */
const BARE_USER = /^(?:\d{5,}|[0-9A-F]{32})$/;

/** All shapes that messages can be sent to, for a message to a person. */
export const TARGET_SHAPES =
  "c2c:OPENID (a person), group:OPENID, channel:ID or dm:GUILD, with or without qq: before it; on a personal account QQ numbers stand for openids; a bare OPENID or number is a person. `openclaw directory peers list --channel qq` and `groups list` show those that there are";

/** Reads a target with or without the channel's prefix; `undefined` for an unknown shape. */
export function parseTarget(text: string): Target | undefined {
  const bare = text.trim().replace(CHANNEL_PREFIX, "");
  if (BARE_USER.test(bare)) return { kind: "c2c", userId: bare };
  const colon = bare.indexOf(":");
  const id = bare.slice(colon + 1);
  if (colon < 0 || !ID.test(id)) return undefined;
  switch (bare.slice(0, colon).toLowerCase()) {
    case "c2c":
    case "user":
    case "private":
      return { kind: "c2c", userId: id };
    case "group":
      return { kind: "group", groupId: id };
    case "channel":
      return { kind: "channel", channelId: id };
    case "dm":
      return { kind: "dm", guildId: id };
    default:
      return undefined;
  }
}

/** The one way a target is written; `parseTarget` reads it back. */
export function formatTarget(target: Target): string {
  return `${target.kind}:${targetId(target)}`;
}

/** The id alone, for a log line or a key that already says the kind. */
export function targetId(target: Target): string {
  switch (target.kind) {
    case "c2c":
      return target.userId;
    case "group":
      return target.groupId;
    case "channel":
      return target.channelId;
    case "dm":
      return target.guildId;
  }
}
