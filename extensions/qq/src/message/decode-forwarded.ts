import { MessageElement } from "../protocol/official/events.ts";
import { decodeAttachments, describeAttachment } from "./decode-attachments.ts";
import { describeCard } from "./decode-card.ts";
import { nameFaces } from "./decode-faces.ts";
import {
  boundAttachments,
  MAX_RECORD_DEPTH,
  RECORD_HEADING,
  writeRecord,
  type Passage,
  type RecordLine,
} from "./record-text.ts";

/** A message inside another one: text, card and files, with the record in it. */
export function decodeElement(element: MessageElement): Passage {
  const inner = decodeForwarded(element.msg_elements ?? []);
  return {
    text: [...describe(element), inner.text].filter((part) => part !== "").join("\n"),
    attachments: boundAttachments([...decodeAttachments(element.attachments), ...inner.attachments]),
  };
}

/** A chat record, as `writeRecord` writes it; empty where there is none. */
export function decodeForwarded(elements: readonly unknown[]): Passage {
  return elements.length === 0 ? { text: "", attachments: [] } : writeRecord(walk(elements, 0));
}

/** Messages in reading order. What cannot be read is left out. */
function* walk(elements: readonly unknown[], depth: number): Generator<RecordLine> {
  for (const each of elements) {
    const element = MessageElement.safeParse(each).data;
    if (!element) continue;
    const inner = element.msg_elements ?? [];
    yield {
      depth,
      name: element.author?.username ?? "",
      text: [...describe(element), ...(inner.length > 0 ? [RECORD_HEADING] : [])].join("\n"),
      attachments: decodeAttachments(element.attachments),
    };
    if (depth + 1 < MAX_RECORD_DEPTH) yield* walk(inner, depth + 1);
  }
}

function describe({ content = "", ark_data: ark, attachments }: MessageElement): readonly string[] {
  const parts = [nameFaces(content).trim(), describeCard(ark, content), ...(attachments ?? []).map(describeAttachment)];
  return parts.filter((part) => part !== "");
}
