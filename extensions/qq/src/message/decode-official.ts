import { C2CMessageCreate, GroupMessageCreate, type Attachment } from "../protocol/official/events.ts";
import type { Decoded, InboundMessage } from "./inbound.ts";

type Message = C2CMessageCreate | GroupMessageCreate;
type Mentions = NonNullable<GroupMessageCreate["mentions"]>;

/**
 * Reads a stored dispatch or callback, `text` as it came off the wire. Anything that is not a message for the
 * agent is ignored by name; nothing is thrown for what the platform sends.
 */
export function decodeOfficial(text: string, receivedAt: number): Decoded {
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
    default:
      return ignored(`event ${type}`);
  }
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
  return finish(wire, receivedAt, {
    chat: { kind: "group", groupId: wire.group_openid },
    sender: { id, ...named(username), ...(role ? { role } : {}) },
    text: nameMentions(wire.content, mentions),
    // GROUP_AT_MESSAGE_CREATE carries no mention list when the bot alone is mentioned.
    mentionsBot: addressed || mentions.some((mention) => mention.is_you === true),
  });
}

type Scene = Pick<InboundMessage, "chat" | "sender" | "text" | "mentionsBot">;

function finish(wire: Message, receivedAt: number, scene: Scene): Decoded {
  // In groups that report everything the bot hears itself and other bots; answering them would never end.
  if (wire.author.bot === true) return ignored("written by a bot");
  const text = [nameFaces(scene.text).trim(), ...(wire.attachments ?? []).map(describeAttachment)]
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
      ...(quoteIndex === undefined ? {} : { quoteIndex }),
      ...(quoted === undefined ? {} : { quoted }),
    },
  };
}

function decodeQuote(wire: Message, refIndex: string | undefined): InboundMessage["quoted"] {
  const element = wire.msg_elements?.[0];
  const index = element?.msg_idx ?? refIndex;
  if (index === undefined) return undefined;
  const text = [element?.content?.trim() ?? "", ...(element?.attachments ?? []).map(describeAttachment)]
    .filter((part) => part !== "")
    .join("\n");
  return { index, text, fromBot: element?.author?.bot === true };
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

/** `<faceType=1,faceId="13",ext="BASE64">`, where the base64 is JSON with the face's name in `text`. */
function nameFaces(content: string): string {
  return content.replaceAll(/<faceType=\d+,faceId="[^"<>]*",ext="([^"<>]*)">/g, (_tag: string, ext: string) => {
    const face = parseJson(decodeBase64(ext));
    const name = isRecord(face) && typeof face["text"] === "string" ? face["text"] : "";
    return name === "" ? "[表情]" : `[${name}]`;
  });
}

/** An attachment as a line of text: the agent hears of it, whether or not it can be opened. */
function describeAttachment(attachment: Attachment): string {
  const type = attachment.content_type ?? "file";
  if (type === "voice" || type.startsWith("audio/")) {
    return attachment.asr_refer_text ? `[语音] ${attachment.asr_refer_text}` : "[语音]";
  }
  const kind = type.startsWith("image/") ? "图片" : type.startsWith("video/") ? "视频" : "文件";
  const name = attachment.filename
    ?.slice(0, 120)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\\/[\]]/gu, "_");
  return name ? `[${kind}: ${name}]` : `[${kind}]`;
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.codePointAt(0) ?? 0));
  } catch {
    return "";
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function ignored(reason: string): Decoded {
  return { kind: "ignored", reason };
}
