import { faceName } from "../protocol/faces.ts";
import { parseCq } from "../protocol/onebot/cq.ts";
import { InSegment } from "../protocol/onebot/segments.ts";
import { OpaqueId } from "../protocol/onebot/values.ts";
import { showName } from "./decode-attachments.ts";
import { describeCardSegment, describeContact, describeJsonCard } from "./decode-onebot-card.ts";
import { decodeMedia, isMediaType } from "./decode-onebot-media.ts";
import type { InboundAttachment } from "./inbound.ts";
import { isRecord } from "./json.ts";

/** Bounds of one message: segments that are read, UTF-16 units of text, files (QQ takes 4500 and 50; 7.1). */
const MAX_SEGMENTS = 500;
const MAX_TEXT_UNITS = 16_000;
const MAX_ATTACHMENTS = 50;
/** Chat records in one message: QQ's client puts one in. */
const MAX_FORWARDS = 3;
/** Longest CQ string that is read, UTF-16 units. */
const MAX_CQ_UNITS = 500_000;

/** A chat record in a message: its messages where they came along, else the id to read them by. */
export interface ForwardPart {
  readonly id?: string;
  readonly content?: readonly unknown[];
}

/** What the segments of a message say. */
export interface SegmentReading {
  /** Without the mention of the bot. */
  readonly text: string;
  readonly mentionsBot: boolean;
  /** Numbers of the others that are mentioned; never everybody. */
  readonly mentions: readonly string[];
  readonly attachments: readonly InboundAttachment[];
  readonly quotedId?: string;
  readonly forwards: readonly ForwardPart[];
}

/** What one segment brings. `alone`: its text stands on lines of its own. */
interface Part {
  readonly text?: string;
  readonly alone?: true;
  readonly mention?: string;
  readonly attachment?: InboundAttachment;
  readonly quotedId?: string;
  readonly forward?: ForwardPart;
}

type Data = NonNullable<InSegment["data"]>;

/** In a mention, in place of a number. */
const EVERYBODY = "all";

/** Everything but media. A type that is not here stands as its name in brackets. */
const readers: ReadonlyMap<string, (data: Data) => Part> = new Map<string, (data: Data) => Part>([
  ["text", (data) => ({ text: textOf(data["text"]) })],
  ["at", readAt],
  ["face", (data) => ({ text: `[${faceName(textOf(data["id"])) ?? readFaceText(data["raw"])}]` })],
  ["reply", readReply],
  ["forward", readForward],
  ["json", (data) => ({ text: describeJsonCard(data["data"]), alone: true })],
  ["share", (data) => ({ text: describeCardSegment("share", data), alone: true })],
  ["music", (data) => ({ text: describeCardSegment("music", data), alone: true })],
  ["location", (data) => ({ text: describeCardSegment("location", data), alone: true })],
  ["contact", (data) => ({ text: describeContact(data), alone: true })],
  ["markdown", (data) => ({ text: textOf(data["content"]), alone: true })],
  ["dice", (data) => ({ text: `[骰子 ${showName(textOf(data["result"]))}]` })],
  ["rps", (data) => ({ text: `[猜拳 ${showName(textOf(data["result"]))}]` })],
  ["poke", () => ({ text: "[戳一戳]" })],
  ["onlinefile", (data) => ({ text: `[文件: ${showName(textOf(data["fileName"]))}]`, alone: true })],
]);

/**
 * Reads a `message`: an array of segments, one segment, or a CQ string. Text in an array is never taken for CQ codes.
 * `selfId` tells which mention is the bot's. Nothing is thrown.
 */
export function decodeSegments(message: unknown, selfId: string | undefined): SegmentReading {
  const lines = new Lines();
  const mentions = new Set<string>();
  const attachments: InboundAttachment[] = [];
  const forwards: ForwardPart[] = [];
  let quotedId: string | undefined;
  let mentionsBot = false;
  let afterBot = false;
  for (const segment of readSegments(message)) {
    const part = readPart(segment);
    const isBot = part.mention !== undefined && part.mention === selfId;
    if (!isBot) lines.add(afterBot ? withoutBlank(part) : part);
    afterBot = isBot;
    mentionsBot ||= isBot;
    if (part.mention !== undefined && part.mention !== EVERYBODY && !isBot) mentions.add(part.mention);
    if (part.attachment) attachments.push(part.attachment);
    if (part.forward) forwards.push(part.forward);
    quotedId ??= part.quotedId;
  }
  return {
    text: lines.toString(),
    mentionsBot,
    mentions: [...mentions],
    attachments: attachments.slice(0, MAX_ATTACHMENTS),
    forwards: forwards.slice(0, MAX_FORWARDS),
    ...(quotedId !== undefined && { quotedId }),
  };
}

/** The blank that QQ puts behind a mention goes with it. */
function withoutBlank(part: Part): Part {
  return part.text === undefined ? part : { ...part, text: part.text.replace(/^[ \u00A0]/, "") };
}

function readSegments(message: unknown): readonly InSegment[] {
  if (typeof message === "string") return parseCq(message.slice(0, MAX_CQ_UNITS)).slice(0, MAX_SEGMENTS);
  const members: readonly unknown[] = Array.isArray(message) ? message.slice(0, MAX_SEGMENTS) : [message];
  return members.flatMap((member) => {
    const parsed = InSegment.safeParse(member);
    return parsed.success ? [parsed.data] : [];
  });
}

function readPart({ type, data }: InSegment): Part {
  if (isMediaType(type)) return { ...decodeMedia(type, data ?? {}), alone: true };
  return readers.get(type)?.(data ?? {}) ?? { text: `[${showName(type)}]` };
}

/** Puts texts behind one another; a part that stands alone begins a line and ends it. */
class Lines {
  #text = "";
  #broken = false;

  add({ text = "", alone }: Part): void {
    // What is behind the bound is cut off anyway.
    if (text === "" || this.#text.length > MAX_TEXT_UNITS) return;
    const breaks = alone === true || this.#broken;
    this.#text = breaks ? `${this.#text.trimEnd()}\n${text.trimStart()}` : this.#text + text;
    this.#broken = alone === true;
  }

  toString(): string {
    return this.#text.trim().slice(0, MAX_TEXT_UNITS).toWellFormed();
  }
}

function readAt(data: Data): Part {
  const id = textOf(data["qq"]);
  if (id === EVERYBODY) return { text: "@全体成员", mention: id };
  if (!/^\d{1,20}$/.test(id)) return {};
  const name = showName(textOf(data["name"]).trim().replace(/^@/, ""));
  return { text: `@${name === "" ? id : name}`, mention: id };
}

/** A face that is newer than our list: NapCat passes on what QQ itself calls it, as `/捂脸`. */
function readFaceText(raw: unknown): string {
  const name = isRecord(raw) ? showName(textOf(raw["faceText"]).replace(/^\//, "")) : "";
  return name === "" ? "表情" : name;
}

function readForward(data: Data): Part {
  const content = Array.isArray(data["content"]) && data["content"].length > 0 ? data["content"] : undefined;
  const id = idOf(data["id"]);
  return { forward: { ...(id !== undefined && { id }), ...(content && { content }) } };
}

function readReply(data: Data): Part {
  const quotedId = idOf(data["id"]);
  return quotedId === undefined ? {} : { quotedId };
}

function idOf(value: unknown): string | undefined {
  return OpaqueId.safeParse(value).data;
}

function textOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.slice(0, MAX_TEXT_UNITS) : "";
}
