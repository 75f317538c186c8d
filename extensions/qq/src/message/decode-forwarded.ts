import { MessageElement } from "../protocol/official/events.ts";
import { decodeAttachments, describeAttachment } from "./decode-attachments.ts";
import { describeCard } from "./decode-card.ts";
import { nameFaces } from "./decode-faces.ts";
import type { InboundAttachment } from "./inbound.ts";

/** Records in records are followed so far. */
const MAX_DEPTH = 3;
/** Bounds of what is told of a record: its messages, and UTF-16 units in all, of one message, of a name. */
const MAX_MESSAGES = 100;
const MAX_UNITS = 8_000;
const MAX_MESSAGE_UNITS = 2_000;
const MAX_NAME_UNITS = 32;
/** Files of one record that may be fetched. */
const MAX_ATTACHMENTS = 20;

/** What a message inside another one brings. */
export interface Passage {
  readonly text: string;
  readonly attachments: readonly InboundAttachment[];
}

/** A message inside another one: text, card and files, with the record in it. */
export function decodeElement(element: MessageElement): Passage {
  const inner = decodeForwarded(element.msg_elements ?? []);
  return {
    text: [...describe(element), inner.text].filter((part) => part !== "").join("\n"),
    attachments: [...decodeAttachments(element.attachments), ...inner.attachments].slice(0, MAX_ATTACHMENTS),
  };
}

/**
 * A chat record: `name: text` for each message, those of a record within it set in, "…" for what is too much. Whoever
 * forwards a record can write what they like into it, so a message's further lines are set in too: none looks like
 * another's.
 */
export function decodeForwarded(elements: readonly unknown[]): Passage {
  if (elements.length === 0) return { text: "", attachments: [] };
  const parts = ["[聊天记录]"];
  const attachments: InboundAttachment[] = [];
  let units = 0;
  for (const { depth, element } of walk(elements, 0)) {
    const part = describeForwarded(element, depth);
    units += part.length;
    if (parts.length > MAX_MESSAGES || units > MAX_UNITS) {
      parts.push("…");
      break;
    }
    parts.push(part);
    attachments.push(...decodeAttachments(element.attachments));
  }
  return { text: parts.join("\n"), attachments: attachments.slice(0, MAX_ATTACHMENTS) };
}

/** Messages in reading order. What cannot be read is left out. */
function* walk(
  elements: readonly unknown[],
  depth: number,
): Generator<{ readonly depth: number; readonly element: MessageElement }> {
  for (const each of elements) {
    const element = MessageElement.safeParse(each).data;
    if (!element) continue;
    yield { depth, element };
    if (depth + 1 < MAX_DEPTH) yield* walk(element.msg_elements ?? [], depth + 1);
  }
}

function describeForwarded(element: MessageElement, depth: number): string {
  const name = (element.author?.username ?? "")
    .slice(0, MAX_NAME_UNITS)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  const text = [...describe(element), ...(element.msg_elements?.length ? ["[聊天记录]"] : [])]
    .join("\n")
    .slice(0, MAX_MESSAGE_UNITS)
    .toWellFormed();
  const indent = "  ".repeat(depth);
  const said = text.split(/[\r\n\p{Zl}\p{Zp}]+/u).join(`\n${indent}  `);
  return `${indent}${name === "" ? "" : `${name}: `}${said}`;
}

function describe({ content = "", ark_data: ark, attachments }: MessageElement): readonly string[] {
  const parts = [nameFaces(content).trim(), describeCard(ark, content), ...(attachments ?? []).map(describeAttachment)];
  return parts.filter((part) => part !== "");
}
