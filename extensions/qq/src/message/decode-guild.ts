import { faceName } from "../protocol/faces.ts";
import { GUILD_ROLES, type GuildMessageCreate } from "../protocol/official/guild-events.ts";
import type { InboundMessage, Sender } from "./inbound.ts";

/** The events that bring a message of a guild. */
export type GuildEventName = "AT_MESSAGE_CREATE" | "MESSAGE_CREATE" | "DIRECT_MESSAGE_CREATE";

type GuildScene = Pick<
  InboundMessage,
  "chat" | "sender" | "text" | "mentionsBot" | "mentions" | "guildId" | "quoteIndex" | "quoted"
>;

/**
 * Where a guild message was written, by whom, and what it says. `selfId` is the bot's own id: in guilds no mention says
 * that it is the bot's, and MESSAGE_CREATE brings what was said to others too.
 */
export function decodeGuildScene(
  type: GuildEventName,
  wire: GuildMessageCreate,
  selfId: string | undefined,
): GuildScene {
  const isDm = type === "DIRECT_MESSAGE_CREATE";
  const mentions = wire.mentions ?? [];
  const others = mentions.flatMap(({ id }) => (id === undefined || id === selfId ? [] : [id]));
  const guildId = isDm ? wire.src_guild_id : wire.guild_id;
  const quotedId = wire.message_reference?.message_id;
  return {
    chat: isDm ? { kind: "dm", guildId: wire.guild_id } : { kind: "channel", channelId: wire.channel_id },
    sender: decodeSender(wire),
    text: readText(wire.content, mentions, selfId),
    mentionsBot: type !== "MESSAGE_CREATE" || (selfId !== undefined && mentions.some(({ id }) => id === selfId)),
    ...(others.length > 0 && { mentions: others }),
    // Guilds have no index: a message is quoted by its own id.
    quoteIndex: wire.id,
    ...(guildId !== undefined && { guildId }),
    // What the quoted message said is not repeated; whoever has kept it may know.
    ...(quotedId && { quoted: { index: quotedId, text: "", fromBot: false, attachments: [] } }),
  };
}

function decodeSender({ author, member }: GuildMessageCreate): Sender {
  const name = (member?.nick?.trim() || author.username?.trim()) ?? "";
  const roles = member?.roles ?? [];
  const role = (["owner", "admin"] as const).find((known) => roles.includes(GUILD_ROLES[known]));
  return { id: author.id, ...(name !== "" && { name }), ...(role && { role }) };
}

/** A mark of a person with the no-break space that the client puts behind it, of a face, and an escaped character. */
const MARKS = /<@!?(\d+)>(\u00A0?)|<emoji:(\d+)>|&(amp|lt|gt);/g;
const ESCAPED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">" };

/**
 * The text as it was typed, in one pass, so that nothing that was typed is read as a mark. `<#id>` stays: it is how the
 * agent names a channel in its answer.
 */
function readText(content: string, mentions: NonNullable<GuildMessageCreate["mentions"]>, selfId?: string): string {
  const names = new Map(mentions.map(({ id, username }) => [id, username]));
  return content.replaceAll(
    MARKS,
    (mark: string, userId?: string, gap?: string, face?: string, escaped?: string): string => {
      if (escaped !== undefined) return ESCAPED[escaped] ?? mark;
      if (face !== undefined) return `[${faceName(face) ?? "表情"}]`;
      if (userId === selfId) return "";
      const name = names.get(userId);
      return (name ? `@${name}` : `<@!${userId}>`) + (gap ? " " : "");
    },
  );
}
