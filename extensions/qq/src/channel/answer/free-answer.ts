import { QQApiError, QQError, QQKeptError, QQTransportError, type NoMessageReason } from "../../errors.ts";
import type { AnswerPart } from "../../journal/parked.ts";
import type { OutboundMessage, UploadedMedia } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { deliverAsRecord } from "./chat-record.ts";
import { noProactiveReason, noteSent, surelyNotArrived, tryProactively, type Delivered } from "./outbound.ts";
import { envelope, keepFiles, park, show, writeOff, type PartDelivery } from "./parts.ts";
import type { Answer } from "./plan.ts";
import type { RunningAccount } from "../running.ts";

/** How long a send of unknown outcome is looked for, ms: as long as the chat cannot be read. Then it counts as said. */
const LOOK_FOR_MS = 24 * 3_600_000;

/**
 * Delivers an answer on a personal account: part by part, none tied to anything and none counted. QQ cannot tell a
 * repetition there, so each send is written down before it is made, and one of unknown outcome is looked up in the chat:
 * what is there is not said again, what is surely not there is. Rejects with `QQKeptError` when the chat takes nothing,
 * swallows what is sent, or the line is down, with the refusal when QQ refused what a part says, and with an error that
 * `mayHaveArrived` while nobody can tell.
 */
export async function deliverFreely(
  answer: Answer,
  parts: readonly AnswerPart[],
  delivery: PartDelivery,
): Promise<Delivered> {
  const { running, target } = delivery;
  let last = await orKeep(deliverAsRecord(parts, delivery), parts, delivery, surelyNotArrived);
  let refused: QQError | undefined;
  for (const part of last ? [] : parts) {
    if (part.state === "done" || part.state === "parked") continue;
    const rest = parts.slice(parts.indexOf(part));
    const delivered = await orKeep(deliverPart(part, delivery), rest, delivery);
    if (!delivered) {
      await park(rest, delivery);
      running.log.warn(`answer kept chat=${formatTarget(target)} parts=${rest.length} until="the chat takes messages"`);
      if (last) break;
      throw kept(delivery);
    }
    last = delivered;
    refused ??= delivered.refused;
  }
  if (refused) throw refused;
  if (!last && parts.some(({ state }) => state === "parked")) throw kept(delivery);
  return last ?? { messageId: answer.id };
}

function kept({ target, running }: PartDelivery): QQKeptError {
  return new QQKeptError(formatTarget(target), noProactiveReason(target, running));
}

/** Keeps what is left of an answer where sending it later is all that is wanted, and it `mayWait`. */
async function orKeep<T>(
  sending: Promise<T>,
  rest: readonly AnswerPart[],
  delivery: PartDelivery,
  mayWait: (error: unknown) => boolean = () => true,
): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    const waitsFor = passingReason(error, delivery);
    if (waitsFor === undefined || !mayWait(error)) throw error;
    throw await keepUntil(waitsFor, rest, delivery);
  }
}

/** What keeps a message back and passes by itself, be it in hours; `undefined` where it is what the message says. */
function passingReason(error: unknown, { running, signal }: PartDelivery): PassingReason | undefined {
  if (running.signal.aborted || signal?.aborted) return undefined;
  if (error instanceof QQApiError && error.refusal.heldBack) return "unanswered";
  const isLineDown =
    error instanceof QQApiError
      ? error.kind === "offline" || (error.kind === "token" && !running.isUp())
      : error instanceof QQTransportError && !running.isUp();
  return isLineDown ? "line-down" : undefined;
}

type PassingReason = Extract<NoMessageReason, "line-down" | "unanswered">;

const UNTIL: Readonly<Record<PassingReason, string>> = {
  "line-down": "the line is up",
  unanswered: "QQ answers there again",
};

/** Whether trying again can never help: nobody would ever hear of it, and what waits behind it would wait for ever. */
function isHopeless(error: unknown, delivery: PartDelivery): boolean {
  if (!(error instanceof QQError) || error.mayHaveArrived || passingReason(error, delivery)) return false;
  return error.retry === "never" && !(error instanceof QQApiError && error.kind === "token");
}

/**
 * Keeps what is left of an answer until that has passed: the host tries a few times within minutes, and the account may
 * be away for hours. What was on its way stays so, to be looked up then.
 */
async function keepUntil(
  reason: PassingReason,
  rest: readonly AnswerPart[],
  delivery: PartDelivery,
): Promise<QQKeptError> {
  const { running, target } = delivery;
  const { parked, log } = running;
  for (const part of rest) {
    const { state, attempt } = parked.read(part.answer).find(({ index }) => index === part.index) ?? part;
    if (state === "open") parked.mark(part, "parked");
    else if (state === "trying" && attempt) parked.tryNow(part, { ...attempt, kept: true });
  }
  await keepFiles(rest, delivery);
  log.warn(`answer kept chat=${formatTarget(target)} parts=${rest.length} until="${UNTIL[reason]}"`);
  return new QQKeptError(formatTarget(target), reason);
}

/** Delivers what was kept for a chat that takes messages again. Asked twice at once, it goes once. */
export async function deliverKeptFreely(target: Target, running: RunningAccount): Promise<void> {
  const chat = formatTarget(target);
  const { keptOnItsWay } = running;
  const before = keptOnItsWay.get(chat);
  if (before) return before;
  const delivery = deliverWaiting(target, running).finally(() => keptOnItsWay.delete(chat));
  keptOnItsWay.set(chat, delivery);
  return delivery;
}

async function deliverWaiting(target: Target, running: RunningAccount): Promise<void> {
  const access = { mediaLocalRoots: [running.keptFiles.directory] };
  const delivery = { target, running, signal: running.signal, access };
  for (const part of running.parked.waiting(formatTarget(target))) {
    try {
      if (!(await deliverPart(part, delivery, "parked"))) return;
    } catch (error) {
      if (!isHopeless(error, delivery)) throw error;
      running.log.error(`kept part dropped chat=${part.target} part=${part.index} why="${String(error)}"`);
      running.parked.mark(part, "done");
    }
    if (part.extra?.media) await running.keptFiles.drop(part.extra.media.source);
  }
}

/** Delivers one part; `undefined` when the chat takes nothing. `before`: what the part is until it has gone out. */
async function deliverPart(
  part: AnswerPart,
  delivery: PartDelivery,
  before: "open" | "parked" = "open",
): Promise<Delivered | undefined> {
  const { running, signal } = delivery;
  const { parked, clock } = running;
  if (part.state === "trying") {
    const settled = await settle(part, delivery);
    if (settled) return settled;
    parked.mark(part, before);
  }
  const keptBefore = before === "parked" ? { kept: true as const } : {};
  const trying = (message: OutboundMessage): void =>
    parked.tryNow(part, { since: clock.now(), message: withoutBytes(message), ...keptBefore });
  try {
    // Once the message counts as known, a lookup passes over it: a crash between the two would have it said again.
    const gone = (): void => parked.mark(part, "done");
    const to = { ...envelope(part, delivery), trying, gone };
    const sent = await tryProactively(to, show(part, "", delivery), running, signal);
    if (!sent) parked.mark(part, before);
    return sent;
  } catch (error) {
    if (surelyNotArrived(error)) parked.mark(part, before);
    throw error;
  }
}

/** What became of a send that was cut off; `undefined`: it surely did not arrive. Rejects while the chat cannot be read. */
async function settle(part: AnswerPart, delivery: PartDelivery): Promise<Delivered | undefined> {
  const { target, running, signal } = delivery;
  const { line, refs, clock, parked, log } = running;
  const { attempt } = part;
  if (!attempt || !line.findSent || clock.now() - attempt.since > LOOK_FOR_MS) {
    writeOff(part, running);
    return { messageId: `direct:${part.answer}` };
  }
  const isKnown = (messageId: string): boolean => refs.findIn(formatTarget(target), messageId)?.own === true;
  try {
    const found = await line.findSent(target, attempt.message, attempt.since, isKnown, signal);
    log.info(`send looked up chat=${part.target} part=${part.index} found=${found !== undefined}`);
    if (!found) return undefined;
    running.atomically(() => {
      noteSent(found, attempt.message.content, target, running);
      parked.mark(part, "done");
    });
    return { messageId: found.messageId ?? `direct:${part.answer}` };
  } catch (error) {
    if (!(error instanceof QQError)) throw error;
    const message = `it is unknown whether a message to ${part.target} has arrived, and the chat cannot be read now; it is looked up again`;
    throw new QQTransportError(message, { cause: error, mayHaveArrived: true });
  }
}

/** What a lookup needs of a message. A file may be in it as base64, and the journal is no place for that. */
function withoutBytes(message: OutboundMessage): OutboundMessage {
  const { content } = message;
  if (content.kind !== "media" || content.media.source === undefined) return message;
  const media: UploadedMedia = { ...content.media, source: "" };
  return { ...message, content: { ...content, media } };
}
