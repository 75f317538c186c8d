import type { InboundMessage, QuotedMessage } from "../../message/inbound.ts";
import {
  boundAttachments,
  MAX_RECORD_DEPTH,
  RECORD_HEADING,
  writeRecord,
  type Passage,
  type RecordLine,
} from "../../message/record-text.ts";
import { formatTarget } from "../../message/target.ts";
import { untilAborted, withDeadline } from "../../transport/deadline.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { knownQuote } from "./quotes.ts";

/** Longest wait for a quoted message, ms: a group's message that may not even be for the bot waits behind it. */
const QUOTE_MS = 3_000;
/** Longest wait for all records of a message, ms. */
const RECORDS_MS = 10_000;
/** Records of one message that are read, those within records among them. */
const MAX_RECORDS = 5;

/**
 * Reads a quoted message that is not in our books: whether it is the bot's own decides whether the bot is meant.
 * `selfId`: the account's number. What cannot be read stays as it is.
 */
export async function withUnknownQuote(
  message: InboundMessage,
  selfId: string | undefined,
  running: RunningAccount,
): Promise<InboundMessage> {
  const { quoted } = message;
  if (!isPersonal(running) || !quoted?.index || knownQuote(quoted.index, message.chat, running)) return message;
  const read = await readQuoted(message, quoted.index, selfId, running);
  return read ? { ...message, quoted: read } : message;
}

/**
 * What only an answer needs, of the quoted message its files and of chat records what they say. Costs calls, so it is
 * read for messages that begin a turn. What cannot be read stays as it is.
 */
export async function withWhole(message: InboundMessage, running: RunningAccount): Promise<InboundMessage> {
  if (!isPersonal(running)) return message;
  const { quoted } = message;
  const { index } = quoted?.attachments.length === 0 ? quoted : {};
  const bare = index === undefined ? undefined : knownQuote(index, message.chat, running);
  const read = bare && (await readMessage(bare.messageId, running));
  const attachments = read && isSameChat(read, message) ? read.attachments : [];
  const filled = quoted && attachments.length > 0 ? { ...message, quoted: { ...quoted, attachments } } : message;
  return withRecords(filled, running);
}

async function readQuoted(
  message: InboundMessage,
  id: string,
  selfId: string | undefined,
  running: RunningAccount,
): Promise<QuotedMessage | undefined> {
  const read = await readMessage(id, running);
  if (!read) return undefined;
  const fromBot = read.sender.id === selfId;
  // A quote can only be of the same chat: anything else would carry words from one chat to another, the bot's own too.
  if (!isSameChat(read, message)) return undefined;
  const { text, attachments } = await withRecords(read, running);
  return { index: id, messageId: id, text, fromBot, ...(!fromBot && { sender: read.sender }), attachments };
}

function isSameChat(one: InboundMessage, other: InboundMessage): boolean {
  return formatTarget(one.chat) === formatTarget(other.chat);
}

async function readMessage(id: string, running: RunningAccount): Promise<InboundMessage | undefined> {
  const { line, clock, signal, log } = running;
  try {
    return await withDeadline(clock, QUOTE_MS, signal, async (due) =>
      untilAborted(line.readMessage?.(id, due) ?? Promise.resolve(undefined), due),
    );
  } catch (error) {
    signal.throwIfAborted();
    log.info(`quoted message not read why="${error instanceof Error ? error.message : String(error)}"`);
    return undefined;
  }
}

/** A message with its chat records in place of their headings. */
export async function withRecords(message: InboundMessage, running: RunningAccount): Promise<InboundMessage> {
  const { records = [] } = message;
  const { line, clock, signal, log } = running;
  if (records.length === 0 || !line.readForward) return message;
  let { text } = message;
  const attachments = [...message.attachments];
  try {
    await withDeadline(clock, RECORDS_MS, signal, async (due) => {
      const reader = { left: MAX_RECORDS, read: async (id: string) => (await line.readForward?.(id, due)) ?? [] };
      for (const id of records) {
        const record = await untilAborted(describeRecord(id, reader), due);
        if (!record) break;
        text = text.includes(RECORD_HEADING) ? text.replace(RECORD_HEADING, () => record.text) : text;
        attachments.push(...record.attachments);
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    log.info(`chat record not read why="${error instanceof Error ? error.message : String(error)}"`);
  }
  return { ...message, text, attachments: boundAttachments(attachments) };
}

interface RecordReader {
  /** Records that may still be read. */
  left: number;
  read(id: string): Promise<readonly InboundMessage[]>;
}

async function describeRecord(id: string, reader: RecordReader): Promise<Passage | undefined> {
  if (reader.left < 1) return undefined;
  return writeRecord(await readLines(id, 0, reader));
}

/** The lines of a record and of the records in it, as deep and as many as are told at all. */
async function readLines(id: string, depth: number, reader: RecordReader): Promise<readonly RecordLine[]> {
  reader.left -= 1;
  const lines: RecordLine[] = [];
  for (const { sender, text, attachments, records = [] } of await reader.read(id)) {
    lines.push({ depth, name: sender.name ?? "", text, attachments });
    if (depth + 1 >= MAX_RECORD_DEPTH) continue;
    for (const inner of records) if (reader.left > 0) lines.push(...(await readLines(inner, depth + 1, reader)));
  }
  return lines;
}
