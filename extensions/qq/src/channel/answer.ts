import { QQApiError, QQError, QQKeptError, type FaultKind } from "../errors.ts";
import type { AnswerPart } from "../journal/parked.ts";
import { formatTarget, type Target } from "../message/target.ts";
import { MAX_TEXT_UNITS } from "../protocol/official/limits.ts";
import { text } from "../texts.ts";
import { chunkMarkdown, chunkText } from "./chunk.ts";
import { replyWith, sendProactively, type Delivered, type TextPart } from "./outbound.ts";
import type { RunningAccount } from "./running.ts";

/** Room for the line that says that more is kept, UTF-16 units. */
const NOTICE_UNITS = 100;
/** Refusals that say the chat takes no proactive message today; `rate-limited` says that it takes none just now. */
const CLOSED: ReadonlySet<FaultKind> = new Set(["permission", "quota", "target"]);

/** A whole answer, uncut. */
export interface Answer {
  /** The same at every try. */
  readonly id: string;
  readonly target: Target;
  readonly text: string;
}

/**
 * Delivers an answer: cut once, each part kept until it has gone out. Parts go as passive replies while the chat allows
 * them, then proactively where it takes that; what is left then is kept until the user writes again, and the last
 * reply says so. A try after a failure or a crash goes on where the one before it ended. Rejects with `QQKeptError`
 * when all of it had to be kept.
 */
export async function deliverAnswer(answer: Answer, running: RunningAccount, signal?: AbortSignal): Promise<Delivered> {
  const target = formatTarget(answer.target);
  const parts = running.parked.begin(answer.id, target, cut(answer, running), running.clock.now());
  let last: Delivered | undefined;
  for (const part of parts) {
    if (part.state === "trying") writeOff(part, running);
    if (part.state !== "open") continue;
    const sent = await deliverPart(part, answer.target, parts.length - part.index - 1, running, signal);
    if (!sent) {
      for (const rest of parts.slice(part.index)) running.parked.mark(rest, "parked");
      running.log.warn(`answer kept chat=${target} parts=${parts.length - part.index} until="the user writes again"`);
      break;
    }
    running.parked.mark(part, "done");
    last = sent;
  }
  if (!last && parts.some(({ state }) => state === "parked" || state === "open")) throw new QQKeptError(target);
  return last ?? { messageId: answer.id };
}

/** A proactive part whose outcome nobody knows is not said twice: the platform could not tell the repetition. */
function writeOff(part: AnswerPart, running: RunningAccount): void {
  running.log.warn(`part of an answer may be missing chat=${part.target} part=${part.index}: its send was cut off`);
  running.parked.mark(part, "done");
}

/** Delivers what was kept for a chat whose user has written again; one reply stays for the answer to what they wrote. */
export async function deliverKept(target: Target, running: RunningAccount): Promise<void> {
  const { parked, replies, clock } = running;
  const chat = formatTarget(target);
  for (const part of parked.waiting(chat)) {
    if (replies.left(chat, clock.now()) < 2) return;
    if (!(await replyWith(textPart(part, target, part.text), running))) return;
    parked.mark(part, "done");
  }
}

/** Cuts at the configured size, or at the platform's where that makes too many parts for the replies that are left. */
function cut({ target, text: whole }: Answer, running: RunningAccount): readonly string[] {
  const { cfg, account } = running.current();
  const chunks = chunkText(whole, cfg, account.accountId);
  const left = running.replies.left(formatTarget(target), running.clock.now());
  return chunks.length > left ? chunkMarkdown(whole, MAX_TEXT_UNITS - NOTICE_UNITS) : chunks;
}

/** Sends one part with `more` parts behind it; `undefined` when the chat allows nothing now. */
async function deliverPart(
  part: AnswerPart,
  target: Target,
  more: number,
  running: RunningAccount,
  signal: AbortSignal | undefined,
): Promise<Delivered | undefined> {
  const { replies, clock } = running;
  const isLastReply = replies.left(part.target, clock.now()) < 2 && !replies.knows(keyOf(part));
  // The last reply is kept back as long as proactive messages carry the answer on: it may have to say where the rest is.
  if (isLastReply && more > 0) {
    const sent = await tryProactively(part, target, running, signal);
    if (sent) return sent;
  }
  const notice =
    isLastReply && more > 0
      ? `\n${text(running.current().account.locale, "answerGoesOn", { parts: String(more) })}`
      : "";
  const replied = await replyWith(textPart(part, target, part.text + notice), running, signal);
  return replied ?? (await tryProactively(part, target, running, signal));
}

/** `undefined` when the chat takes no proactive messages: known before, or heard now. */
async function tryProactively(
  part: AnswerPart,
  target: Target,
  running: RunningAccount,
  signal: AbortSignal | undefined,
): Promise<Delivered | undefined> {
  const { parked, peers, clock, log } = running;
  if (peers.refusesProactive(part.target, clock.now())) return undefined;
  parked.mark(part, "trying");
  try {
    const sent = await sendProactively(textPart(part, target, part.text), running, signal);
    peers.noteProactive(part.target, true, clock.now());
    return sent;
  } catch (error) {
    if (error instanceof QQError && !error.mayHaveArrived) parked.mark(part, "open");
    if (!(error instanceof QQApiError) || error.mayHaveArrived) throw error;
    if (!CLOSED.has(error.kind) && error.kind !== "rate-limited") throw error;
    log.info(`proactive message refused chat=${part.target} why="${error.message}"`);
    if (CLOSED.has(error.kind)) peers.noteProactive(part.target, false, clock.now());
    return undefined;
  }
}

function textPart(part: AnswerPart, target: Target, words: string): TextPart {
  return { target, text: words, part: keyOf(part) };
}

function keyOf({ answer, index }: AnswerPart): string {
  return `${answer}:${index}`;
}
