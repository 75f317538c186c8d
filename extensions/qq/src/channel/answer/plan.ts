import type { AnswerMedia, NewPart, PartExtra } from "../../journal/parked.ts";
import { cutMarkdown, cutText } from "../../message/cut.ts";
import type { Keyboard } from "../../message/outbound.ts";
import { toPlain } from "../../message/plain.ts";
import { forQQMarkdown } from "../../message/tables.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { MAX_TEXT_UNITS } from "../../protocol/official/limits.ts";
import { MAX_ONEBOT_TEXT_UNITS } from "../../protocol/onebot/limits.ts";
import { chunking } from "./chunk.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { showsMarkdown } from "./show.ts";

/** Room for the line that says where the rest is, UTF-16 units. */
const NOTICE_UNITS = 100;
/** Longest part of an answer, where the platform's size decides, UTF-16 units. */
export const PART_UNITS = MAX_TEXT_UNITS - NOTICE_UNITS;
/** Longest text that goes under a picture as its caption rather than before it, UTF-16 units. */
const CAPTION_UNITS = 200;

/** A whole answer, uncut. */
export interface Answer {
  /** The same at every try. */
  readonly id: string;
  readonly target: Target;
  /** Markdown. */
  readonly text: string;
  readonly media?: readonly AnswerMedia[];
  readonly keyboard?: Keyboard;
  /** Id of the message that the answer quotes. */
  readonly quotes?: string;
  /** Key of the turn that it ends, where that is known. */
  readonly turn?: string;
  /** Replies that it leaves free for what is yet to come; none when it is the turn's answer. */
  readonly reserve?: number;
}

/**
 * Cuts an answer into messages, in the order they are read: the text at the configured size, or at the platform's where
 * that makes more parts than there are replies left, which nobody counts on personal accounts; then its files.
 */
export function planAnswer(answer: Answer, running: RunningAccount): readonly NewPart[] {
  const media = answer.media ?? [];
  const [first] = media;
  if (first && media.length === 1 && takesCaption(first, running) && isCaption(answer)) {
    return [{ text: toPlain(answer.text), extra: { ...quoting(answer), media: first } }];
  }
  const texts = cutWords(answer, media.length, running);
  const lastText = texts.length - 1;
  const quotes = (index: number): PartExtra => (index === 0 || quotesAlways(running) ? quoting(answer) : {});
  return [
    ...texts.map(({ text, plain }, index) =>
      toPart(text, {
        ...quotes(index),
        ...(index === lastText && answer.keyboard && { keyboard: answer.keyboard }),
        ...(plain && { plain }),
      }),
    ),
    ...media.map((file, index) => toPart("", { ...quotes(texts.length + index), media: file })),
  ];
}

interface Cut {
  readonly text: string;
  readonly plain: boolean;
}

function cutWords({ target, text }: Answer, files: number, running: RunningAccount): readonly Cut[] {
  if (text.trim() === "") return [];
  const plain = !showsMarkdown(target, running);
  const whole = plain ? toPlain(text) : forQQMarkdown(text);
  const { cfg, account } = running.current();
  const { limit, mode } = chunking(cfg, account.accountId);
  const cutAt = (units: number): string[] => (plain ? cutText(whole, units) : cutMarkdown(whole, units, mode));
  if (isPersonal(running)) return toCuts(cutText(whole, Math.min(limit, MAX_ONEBOT_TEXT_UNITS), mode), plain);
  const chunks = cutAt(limit);
  const left = running.replies.left(formatTarget(target), running.clock.now());
  const fits = chunks.length + files <= left;
  return toCuts(fits ? chunks : cutAt(PART_UNITS), plain);
}

function toCuts(chunks: readonly string[], plain: boolean): readonly Cut[] {
  return chunks.map((text) => ({ text, plain }));
}

/**
 * Whether QQ may show a text under the file. On personal accounts it does so with pictures alone. There a part is one
 * message, so that a crash behind the text does not say it again, and a part is planned before the file is opened: by
 * what its source calls itself.
 */
function takesCaption({ source, asVoice, asFile }: AnswerMedia, running: RunningAccount): boolean {
  if (asVoice || asFile) return false;
  return !isPersonal(running) || PICTURE.test(source.trim());
}

/** A `data:` URL of a picture, or a path or an address that ends as those of the formats that go as one do. */
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp|bmp)[;,]|^(?!data:)[^?#]*\.(?:png|jpe?g|gif|webp|bmp)(?:[?#]|$)/i;

/** A short text without a format is the picture's caption: one message, one reply. */
function isCaption({ text, keyboard }: Answer): boolean {
  return !keyboard && text.length <= CAPTION_UNITS && toPlain(text).trim() === text.trim();
}

/** Whether each message of an answer quotes, rather than its first. */
function quotesAlways(running: RunningAccount): boolean {
  return running.current().account.config.replyToMode === "all";
}

function quoting({ quotes }: Answer): PartExtra {
  return quotes === undefined ? {} : { quotes };
}

function toPart(text: string, extra: PartExtra): NewPart {
  return Object.keys(extra).length === 0 ? { text } : { text, extra };
}
