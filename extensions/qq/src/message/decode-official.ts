import {
  C2CMessageCreate,
  FORWARDED_TYPES,
  GroupMessageCreate,
  type MessageElement,
} from "../protocol/official/events.ts";
import { GuildMessageCreate } from "../protocol/official/guild-events.ts";
import { decodeAttachments, describeAttachment } from "./decode-attachments.ts";
import { describeCard } from "./decode-card.ts";
import { AUDIT_EVENTS, CHAT_CHANGE_EVENTS, decodeAudit, decodeChatChange } from "./decode-chat-events.ts";
import { nameFaces } from "./decode-faces.ts";
import { decodeElement, decodeForwarded } from "./decode-forwarded.ts";
import { decodeGuildScene } from "./decode-guild.ts";
import { decodeInteraction, INTERACTION_EVENT } from "./decode-interaction.ts";
import type { Decoded, InboundMessage, Sender } from "./inbound.ts";
import { isRecord, parseJson } from "./json.ts";
import type { Passage } from "./record-text.ts";

type Message = C2CMessageCreate | GroupMessageCreate | GuildMessageCreate;
type Mentions = NonNullable<GroupMessageCreate["mentions"]>;

/**
 * Reads a stored dispatch or callback, `text` as it came off the wire. Anything that is not for the agent or the
 * ledgers is ignored by name; nothing is thrown for what the platform sends. `selfId`: the bot's own id, as mentions in
 * guild channels name it; it is needed there only.
 */
export function decodeOfficial(text: string, receivedAt: number, selfId?: string): Decoded {
  const frame = parseJson(text);
  if (!isRecord(frame) || typeof frame["t"] !== "string") return ignored("unreadable frame");
  const type = frame["t"];
  switch (type) {
    case "C2C_MESSAGE_CREATE": {
      const parsed = C2CMessageCreate.safeParse(frame["d"]);
      return parsed.success ? decodeC2C(parsed.data, receivedAt) : ignored(`malformed ${type}`);
    }
    case "GROUP_AT_MESSAGE_CREATE":
    case "GROUP_MESSAGE_CREATE": {
      const parsed = GroupMessageCreate.safeParse(frame["d"]);
      if (!parsed.success) return ignored(`malformed ${type}`);
      return decodeGroup(parsed.data, type === "GROUP_AT_MESSAGE_CREATE", receivedAt);
    }
    case "AT_MESSAGE_CREATE":
    case "MESSAGE_CREATE":
    case "DIRECT_MESSAGE_CREATE": {
      const parsed = GuildMessageCreate.safeParse(frame["d"]);
      if (!parsed.success) return ignored(`malformed ${type}`);
      return finish(parsed.data, receivedAt, decodeGuildScene(type, parsed.data, selfId));
    }
    default:
      return decodeOther(type, frame, receivedAt);
  }
}

/** What tells of a chat, or of a message of the bot's own. */
function decodeOther(type: string, frame: Readonly<Record<string, unknown>>, receivedAt: number): Decoded {
  if (CHAT_CHANGE_EVENTS.includes(type)) {
    const change = decodeChatChange(type, frame["id"], frame["d"], receivedAt);
    return change ? { kind: "chat", change } : ignored(`malformed ${type}`);
  }
  if (AUDIT_EVENTS.includes(type)) {
    const audit = decodeAudit(type, frame["d"]);
    return audit ? { kind: "audit", audit } : ignored(`malformed ${type}`);
  }
  if (type === INTERACTION_EVENT) {
    const interaction = decodeInteraction(frame["id"], frame["d"], receivedAt);
    return interaction ? { kind: "interaction", interaction } : ignored(`malformed ${type}`);
  }
  return ignored(`event ${type}`);
}

function decodeC2C(wire: C2CMessageCreate, receivedAt: number): Decoded {
  const id = wire.author.user_openid;
  return finish(wire, receivedAt, {
    chat: { kind: "c2c", userId: id },
    sender: { id, ...named(wire.author.username) },
    text: wire.content,
    mentionsBot: true,
  });
}

function decodeGroup(wire: GroupMessageCreate, addressed: boolean, receivedAt: number): Decoded {
  const { member_openid: id, username, member_role: role } = wire.author;
  const mentions = wire.mentions ?? [];
  const others = mentions.flatMap(({ is_you: isYou, member_openid: openid }) => (isYou || !openid ? [] : [openid]));
  return finish(wire, receivedAt, {
    chat: { kind: "group", groupId: wire.group_openid },
    sender: { id, ...named(username), ...(role ? { role } : {}) },
    text: nameMentions(wire.content, mentions),
    // GROUP_AT_MESSAGE_CREATE carries no mention list when the bot alone is mentioned.
    mentionsBot: addressed || mentions.some((mention) => mention.is_you === true),
    ...(others.length > 0 && { mentions: others }),
  });
}

/** What each scene says in its own way. */
type Scene = Pick<InboundMessage, "chat" | "sender" | "text" | "mentionsBot"> &
  Partial<Pick<InboundMessage, "mentions" | "guildId" | "quoteIndex" | "quoted">>;

function finish(wire: Message, receivedAt: number, scene: Scene): Decoded {
  // In groups that report everything the bot hears itself and other bots; answering them would never end.
  if (wire.author.bot === true) return ignored("written by a bot");
  const forwarded = decodeForwardedIn(wire);
  const text = [
    nameFaces(scene.text).trim(),
    describeCard(wire.ark_data, scene.text),
    ...(wire.attachments ?? []).map(describeAttachment),
    forwarded.text,
  ]
    .filter((part) => part !== "")
    .join("\n");
  if (text === "") return ignored("empty message");
  const ext = readExt(wire.message_scene?.ext);
  const quoted = decodeQuote(wire, ext.get("ref_msg_idx"));
  const quoteIndex = ext.get("msg_idx");
  return {
    kind: "message",
    message: {
      ...scene,
      id: wire.id,
      text,
      at: parseTimestamp(wire.timestamp) ?? receivedAt,
      attachments: [...decodeAttachments(wire.attachments), ...forwarded.attachments],
      ...(quoteIndex === undefined ? {} : { quoteIndex }),
      ...(quoted === undefined ? {} : { quoted }),
    },
  };
}

/** Several messages that were forwarded at once, or a chat record. */
function decodeForwardedIn(wire: Message): Passage {
  if (!isForwarded(wire)) return decodeForwarded([]);
  return decodeForwarded(wire.msg_elements ?? wire.parallel_message?.msg_nodes ?? []);
}

function decodeQuote(wire: Message, refIndex: string | undefined): InboundMessage["quoted"] {
  const element = isForwarded(wire) ? undefined : wire.msg_elements?.[0];
  const index = element?.msg_idx ?? refIndex;
  if (index === undefined) return undefined;
  const { text, attachments } = decodeRepeated(wire, element);
  const { author } = element ?? {};
  return { index, text, fromBot: author?.bot === true, ...(author && { sender: decodeAuthor(author) }), attachments };
}

/** What QQ repeats of the quoted message: an element, and for a record its text beside it. */
function decodeRepeated(wire: Message, element: MessageElement | undefined): Passage {
  const repeated = element ? decodeElement(element) : decodeForwarded([]);
  const nodes = isForwarded(wire) ? [] : (wire.parallel_message?.msg_nodes ?? []);
  return repeated.text === "" && nodes.length > 0 ? decodeForwarded(nodes) : repeated;
}

/** Of a quoted message; in groups and C2C each scene has an id of its own. */
function decodeAuthor(author: NonNullable<MessageElement["author"]>): Sender {
  const { member_openid: member, user_openid: user, id = "", username, member_role: role } = author;
  return { id: member ?? user ?? id, ...named(username), ...(role && { role }) };
}

function isForwarded({ message_type: type }: Message): boolean {
  return type !== undefined && FORWARDED_TYPES.includes(type);
}

/** `key=value` texts; a value may itself end in `==`, so only the first `=` divides. */
function readExt(ext: readonly string[] | undefined): ReadonlyMap<string, string> {
  return new Map(
    (ext ?? []).flatMap((entry) => {
      const equals = entry.indexOf("=");
      return equals > 0 ? [[entry.slice(0, equals), entry.slice(equals + 1)] as const] : [];
    }),
  );
}

/** Takes out the mark of the bot itself and puts names in place of the others' openids. */
function nameMentions(content: string, mentions: Mentions): string {
  const byId = new Map(mentions.map((mention) => [mention.member_openid ?? mention.id, mention]));
  return content.replaceAll(/<@!?([^<>\s]+)>/g, (mark: string, id: string) => {
    const mention = byId.get(id);
    if (mention?.is_you === true) return "";
    return mention?.username ? `@${mention.username}` : mark;
  });
}

function named(username: string | undefined): { name?: string } {
  const name = username?.trim();
  return name ? { name } : {};
}

/** RFC 3339, or as Go writes a time: blanks for `T` and before the offset, a zone and a monotonic clock behind it. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(?:Z|([+-]\d\d):?(\d\d))/;

/** Undefined when it is no time at all. What stands behind the offset would mislead `Date.parse`: CST is not China's. */
function parseTimestamp(timestamp: unknown): number | undefined {
  if (typeof timestamp !== "string") return undefined;
  const [match, date, time, hours = "+00", minutes = "00"] = TIME.exec(timestamp) ?? [];
  const at = match === undefined ? Number.NaN : Date.parse(`${date}T${time}${hours}:${minutes}`);
  return Number.isNaN(at) ? undefined : at;
}

function ignored(reason: string): Decoded {
  return { kind: "ignored", reason };
}
