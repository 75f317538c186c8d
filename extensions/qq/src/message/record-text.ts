import type { InboundAttachment } from "./inbound.ts";

/** Bounds of what is told of a record: its messages, and UTF-16 units in all, of one message, of a name. */
const MAX_MESSAGES = 100;
const MAX_UNITS = 8_000;
const MAX_MESSAGE_UNITS = 2_000;
const MAX_NAME_UNITS = 32;
/** Files of one record that may be fetched. */
const MAX_ATTACHMENTS = 20;

/** Records in records are followed so far. */
export const MAX_RECORD_DEPTH = 3;

/** Stands where a chat record does. */
export const RECORD_HEADING = "[聊天记录]";

/** What a message inside another one brings. */
export interface Passage {
  readonly text: string;
  readonly attachments: readonly InboundAttachment[];
}

/** One message of a chat record. */
export interface RecordLine extends Passage {
  /** 0: of the record itself; 1: of a record in it; ... */
  readonly depth: number;
  /** Whoever wrote it; empty when nobody knows. */
  readonly name: string;
}

/**
 * A chat record: `name: text` for each message, those of a record within it set in, "…" for what is too much. Whoever
 * forwards a record can write what they like into it, so a message's further lines are set in too: none looks like
 * another's.
 */
export function writeRecord(lines: Iterable<RecordLine>): Passage {
  const parts = [RECORD_HEADING];
  const attachments: InboundAttachment[] = [];
  let units = 0;
  for (const line of lines) {
    const part = writeLine(line);
    units += part.length;
    if (parts.length > MAX_MESSAGES || units > MAX_UNITS) {
      parts.push("…");
      break;
    }
    parts.push(part);
    attachments.push(...line.attachments);
  }
  return { text: parts.join("\n"), attachments: boundAttachments(attachments) };
}

export function boundAttachments(attachments: readonly InboundAttachment[]): readonly InboundAttachment[] {
  return attachments.slice(0, MAX_ATTACHMENTS);
}

function writeLine({ depth, name: given, text }: RecordLine): string {
  const name = given
    .slice(0, MAX_NAME_UNITS)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  const indent = "  ".repeat(depth);
  const said = text
    .slice(0, MAX_MESSAGE_UNITS)
    .toWellFormed()
    .split(/[\r\n\p{Zl}\p{Zp}]+/u)
    .join(`\n${indent}  `);
  return `${indent}${name === "" ? "" : `${name}: `}${said}`;
}
