import { MessageEvent, RecordEntry } from "../protocol/onebot/events.ts";
import { decodeSegments, type ForwardPart, type SegmentReading } from "./decode-onebot-segments.ts";
import type { InboundAttachment, InboundMessage, Sender } from "./inbound.ts";
import { isRecord } from "./json.ts";
import { boundAttachments, MAX_RECORD_DEPTH, RECORD_HEADING, writeRecord, type RecordLine } from "./record-text.ts";
import type { Target } from "./target.ts";

/** Longest name of a sender, UTF-16 units. */
const MAX_NAME_UNITS = 64;
const ROLES: readonly string[] = ["owner", "admin", "member"];

/**
 * A message as an event, in history, in the answer of `get_msg`, or in a chat record. The account's own are among them:
 * those have its number as their sender. `undefined` when it cannot be read, or says nothing. `at` is 0 when no time is
 * told. In a chat record little needs to be said: there `id` may be empty, and `chat` is the one with the sender, where
 * nothing was asked.
 */
export function decodeOneBotMessage(value: unknown): InboundMessage | undefined {
  const wire = MessageEvent.safeParse(value).data;
  if (!wire) return decodeRecordEntry(value);
  const userId = wire.user_id ?? wire.sender?.user_id;
  const chat = userId === undefined ? undefined : decodeChat(wire, userId);
  if (userId === undefined || !chat) return undefined;
  const reading = decodeSegments(wire.message, wire.self_id);
  const isGroup = chat.kind === "group";
  const body = decodeBody(reading, reading.mentionsBot ? `@${wire.self_id}` : "");
  if (!body) return undefined;
  return {
    id: wire.message_id,
    chat,
    sender: decodeSender(userId, wire.sender ?? {}),
    at: toMs(wire.time ?? 0),
    mentionsBot: !isGroup || reading.mentionsBot,
    quoteIndex: wire.message_id,
    ...(isGroup && reading.mentions.length > 0 && { mentions: reading.mentions }),
    ...body,
    ...(chat.kind === "group" && { attachments: body.attachments.map((each) => inGroup(each, chat.groupId)) }),
  };
}

/** What a file of a group is asked for by; pictures and voices need no more than their key. */
function inGroup(attachment: InboundAttachment, groupId: string): InboundAttachment {
  return attachment.kind === "file" ? { ...attachment, groupId } : attachment;
}

function decodeRecordEntry(value: unknown): InboundMessage | undefined {
  const entry = readEntry(value);
  const body = entry && decodeBody(decodeSegments(entry.message ?? entry.content, undefined), "");
  if (!entry || !body) return undefined;
  const sender = decodeSender(senderId(entry), senderOf(entry));
  const chat = { kind: "c2c", userId: sender.id } as const;
  return { id: entry.message_id ?? "", chat, sender, at: toMs(entry.time ?? 0), mentionsBot: false, ...body };
}

/** s, or ms where QQ gives no time and NapCat puts its own (`onebot-napcat.md` 4.1). */
export function toMs(time: number): number {
  return time > 1e12 ? time : time * 1000;
}

/** By `message_type` alone: a temporary session has a `group_id` too, and what is said in it is for nobody else. */
function decodeChat(wire: MessageEvent, userId: string): Target | undefined {
  if (wire.message_type === "group") return wire.group_id ? { kind: "group", groupId: wire.group_id } : undefined;
  const isOwn = wire.post_type === "message_sent" || userId === wire.self_id;
  const peer = isOwn ? wire.target_id : userId;
  return peer === undefined ? undefined : { kind: "c2c", userId: peer };
}

/** `bare`: what stands for nothing but the mention of the bot, with a quote or without. */
function decodeBody(
  reading: SegmentReading,
  bare: string,
): Pick<InboundMessage, "text" | "attachments" | "quoted" | "records"> | undefined {
  const { attachments, quotedId, forwards } = reading;
  const told = forwards.map(({ content }) =>
    content ? decodeRecord(content) : { text: RECORD_HEADING, attachments: [] },
  );
  const said = [reading.text, ...told.map((record) => record.text)].filter((part) => part !== "").join("\n");
  const text = said === "" ? bare : said;
  if (text === "") return undefined;
  const records = forwards.flatMap(({ id, content }) => (content || id === undefined ? [] : [id]));
  return {
    text,
    attachments: [...attachments, ...boundAttachments(told.flatMap((record) => record.attachments))],
    ...(quotedId !== undefined && { quoted: { index: quotedId, text: "", fromBot: false, attachments: [] } }),
    ...(records.length > 0 && { records }),
  };
}

function decodeRecord(content: readonly unknown[]) {
  return writeRecord(walk(content, 0));
}

/** Messages in reading order. What cannot be read is left out. */
function* walk(content: readonly unknown[], depth: number): Generator<RecordLine> {
  for (const each of content) {
    const entry = readEntry(each);
    if (!entry) continue;
    const { text, attachments, forwards } = decodeSegments(entry.message ?? entry.content, undefined);
    const headings = forwards.map(() => RECORD_HEADING);
    const { name = "" } = decodeSender(senderId(entry), senderOf(entry));
    yield { depth, name, attachments, text: [text, ...headings].filter((part) => part !== "").join("\n") };
    if (depth + 1 < MAX_RECORD_DEPTH) yield* walk(forwards.flatMap(innerOf), depth + 1);
  }
}

function innerOf({ content }: ForwardPart): readonly unknown[] {
  return content ?? [];
}

/** Lagrange wraps each message into a segment of the type `node`. */
function readEntry(value: unknown): RecordEntry | undefined {
  const isNode = isRecord(value) && value["type"] === "node" && isRecord(value["data"]);
  return RecordEntry.safeParse(isNode ? value["data"] : value).data;
}

function senderOf({ sender, nickname, name }: RecordEntry): NonNullable<MessageEvent["sender"]> {
  return sender ?? { nickname: nickname ?? name };
}

function senderId(entry: RecordEntry): string {
  return entry.user_id ?? entry.uin ?? entry.sender?.user_id ?? "0";
}

/** In a group by the card (群名片) where there is one. */
function decodeSender(id: string, { card, nickname, role }: NonNullable<MessageEvent["sender"]>): Sender {
  const name = (card?.trim() || nickname?.trim() || "").slice(0, MAX_NAME_UNITS).toWellFormed();
  return { id, ...(name !== "" && { name }), ...(role !== undefined && ROLES.includes(role) && { role }) };
}
