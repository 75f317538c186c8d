import { QQError, QQKeptError } from "../../errors.ts";
import type { AnswerPart } from "../../journal/parked.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { text } from "../../texts.ts";
import type { MediaAccess } from "../media-out/media-source.ts";
import { markdownFile } from "./answer-file.ts";
import { deliverFreely, deliverKeptFreely } from "./free-answer.ts";
import {
  noProactiveReason,
  replyWith,
  surelyNotArrived,
  tryProactively,
  tryWakeUp,
  type Delivered,
} from "./outbound.ts";
import { envelope, keyOf, park, show, writeOff, type PartDelivery } from "./parts.ts";
import type { Answer } from "./plan.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { beginAnswer, completeStream } from "../stream/streamed-answer.ts";

/**
 * Delivers an answer: cut once, each part kept until it has gone out. Parts go as passive replies while the chat allows
 * them, then proactively where it takes that; else the last reply carries the rest as a file, or says that the rest is
 * kept until the user writes again. A try after a failure or a crash goes on where the one before it ended. Rejects
 * with `QQKeptError` when all of it had to be kept, and with the refusal when QQ refused what a part says.
 */
export async function deliverAnswer(
  answer: Answer,
  running: RunningAccount,
  signal?: AbortSignal,
  access?: MediaAccess,
): Promise<Delivered> {
  const { parked, log } = running;
  const target = formatTarget(answer.target);
  const known = parked.read(answer.id);
  const begun = known.length > 0 ? known : await beginAnswer(answer, running);
  if (isPersonal(running)) return deliverFreely(answer, begun, { target: answer.target, running, signal, access });
  const { parts, delivered } = await completeStream(begun, answer.target, running, signal);
  const delivery: Delivery = { target: answer.target, running, signal, access, reserve: answer.reserve ?? 0 };
  let last: Delivered | undefined = delivered;
  let refused: QQError | undefined;
  for (let next = 0; next < parts.length;) {
    const rest = parts.slice(next);
    const [part] = rest;
    if (!part) break;
    if (part.state === "trying") writeOff(part, running);
    if (part.state !== "open" && part.state !== "in-file") {
      next += 1;
      continue;
    }
    const done = await deliverNext(part, rest, delivery);
    if (!done) {
      await park(rest, delivery);
      log.warn(`answer kept chat=${target} parts=${rest.length} until="the user writes again"`);
      break;
    }
    for (const sent of rest.slice(0, done.parts)) parked.mark(sent, "done");
    last = done.delivered;
    refused ??= done.delivered.refused;
    next += done.parts;
  }
  if (refused) throw refused;
  if (!last && parts.some(({ state }) => state === "parked" || state === "open")) {
    throw new QQKeptError(target, noProactiveReason(answer.target, running));
  }
  return last ?? { messageId: answer.id };
}

/**
 * Delivers what was kept for a chat whose user has written again; one reply stays for the answer to what they wrote.
 * What does not fit into the others goes as one file.
 */
export async function deliverKept(target: Target, running: RunningAccount): Promise<void> {
  if (isPersonal(running)) return deliverKeptFreely(target, running);
  const { parked, replies, clock } = running;
  const chat = formatTarget(target);
  const access = { mediaLocalRoots: [running.keptFiles.directory] };
  const delivery: Delivery = { target, running, signal: running.signal, access, reserve: 0 };
  for (let waiting = parked.waiting(chat); waiting.length > 0; waiting = parked.waiting(chat)) {
    const [part] = waiting;
    const left = replies.left(chat, clock.now());
    if (!part || left < 2) return;
    const texts = waiting.filter(({ extra }) => !extra?.media);
    const asFile = left < 3 && texts.length > 1 && (await sendAsFile(texts, delivery));
    if (asFile) continue;
    if (!(await reply(part, "", delivery))) return;
    parked.mark(part, "done");
    if (part.extra?.media) await running.keptFiles.drop(part.extra.media.source);
  }
}

/** What every part of one answer is sent with. */
interface Delivery extends PartDelivery {
  /** Replies that it leaves free. */
  readonly reserve: number;
}

/** How many parts went out with one message, and what became of it. */
interface Done {
  readonly delivered: Delivered;
  readonly parts: number;
}

/** Sends the first of what is left of an answer; `undefined` when the chat allows nothing now. */
async function deliverNext(
  part: AnswerPart,
  rest: readonly AnswerPart[],
  delivery: Delivery,
): Promise<Done | undefined> {
  const { replies, clock, chats } = delivery.running;
  if (chats.isClosed(part.target)) return undefined;
  const file = part.state === "in-file" ? await sendAsFile(rest, delivery) : undefined;
  if (file) return file;
  const isLastReply = replies.left(part.target, clock.now()) < 2 + delivery.reserve && !replies.knows(keyOf(part));
  if (isLastReply && rest.length > 1) {
    // The last reply is kept back as long as proactive messages carry the answer on: it may have to carry the rest.
    const sent = await unasked(tryProactively, part, "", delivery);
    if (sent) return { delivered: sent, parts: 1 };
    const rested = await sendAsFile(rest, delivery);
    if (rested) return rested;
  }
  const notice = rest.length > 1 ? goesOn(rest.length - 1, delivery) : "";
  const sent =
    (await reply(part, isLastReply ? notice : "", delivery)) ??
    (await unasked(tryProactively, part, "", delivery)) ??
    // Whoever has just read the beginning need not be woken for the rest.
    (part.index === 0 ? await unasked(tryWakeUp, part, notice, delivery) : undefined);
  return sent && { delivered: sent, parts: 1 };
}

function goesOn(parts: number, { running }: Delivery): string {
  return `\n${text(running.current().account.locale, "answerGoesOn", { parts: String(parts) })}`;
}

async function reply(part: AnswerPart, notice: string, delivery: Delivery): Promise<Delivered | undefined> {
  const { running, signal } = delivery;
  return replyWith(
    { ...envelope(part, delivery), reserve: delivery.reserve },
    show(part, notice, delivery),
    running,
    signal,
  );
}

/** Sends a part by a road on which the platform knows no repetition; `undefined` when the chat does not take it. */
async function unasked(
  send: typeof tryProactively,
  part: AnswerPart,
  notice: string,
  delivery: Delivery,
): Promise<Delivered | undefined> {
  const { running, signal } = delivery;
  running.parked.mark(part, "trying");
  try {
    const sent = await send(
      { ...envelope(part, delivery), reserve: delivery.reserve },
      show(part, notice, delivery),
      running,
      signal,
    );
    if (!sent) running.parked.mark(part, "open");
    return sent;
  } catch (error) {
    if (surelyNotArrived(error)) running.parked.mark(part, "open");
    throw error;
  }
}

/**
 * Sends the texts that begin `rest` as one file in one reply; files among them go on by themselves. `undefined` when
 * the chat takes no files, or the platform not this one.
 */
async function sendAsFile(rest: readonly AnswerPart[], delivery: Delivery): Promise<Done | undefined> {
  const { running, signal, target } = delivery;
  const { parked, line, log } = running;
  const firstFile = rest.findIndex(({ extra }) => extra?.media);
  const texts = firstFile < 0 ? rest : rest.slice(0, firstFile);
  const [first] = texts;
  if (!first || !line.upload || target.kind === "channel" || target.kind === "dm") return undefined;
  const before = first.state;
  const { locale } = running.current().account;
  const file = markdownFile(text(locale, "restFileName", {}), texts.map((part) => part.text).join("\n\n"));
  // From here on the reply belongs to the file: a try after a crash must not put the bare text in its place.
  for (const part of texts) parked.mark(part, "in-file");
  try {
    const media = await line.upload(target, file, signal);
    const caption = text(locale, "restInFile", {});
    const delivered = await replyWith(
      { ...envelope(first, delivery), reserve: delivery.reserve },
      async (send) => ({ sent: await send({ kind: "media", media, caption }) }),
      running,
      signal,
    );
    if (delivered) {
      for (const part of texts) parked.mark(part, "done");
      return { delivered, parts: texts.length };
    }
  } catch (error) {
    if (!(error instanceof QQError) || error.mayHaveArrived || error.retry !== "never") throw error;
    log.warn(`rest of an answer not sent as a file chat=${first.target} why="${error.message}"`);
  }
  for (const part of texts) parked.mark(part, before === "parked" ? "parked" : "open");
  return undefined;
}
