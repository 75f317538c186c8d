import { createMessageReceiptFromOutboundResults } from "openclaw/plugin-sdk/channel-outbound";
import { PlatformMessageNotDispatchedError } from "openclaw/plugin-sdk/error-runtime";
import { QQApiError, QQError, type FaultKind, type NoMessageReason } from "../../errors.ts";
import type { OutboundContent, OutboundMessage, PassiveAnchor, SentMessage } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { withOpenDm } from "./guild-dm.ts";
import { noteChatState, noPersonalReason } from "./chat-state.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { showWords, type Send, type Shown } from "./show.ts";

/** Where one message goes, and by what a repetition of it is known. */
export interface Envelope {
  readonly target: Target;
  /** The same at every try of the same message, so that the platform can tell a repetition; absent for what is said once. */
  readonly key?: string;
  /** What the message quotes, as the platform names it. */
  readonly quote?: string;
  /** Replies that must stay free for what is yet to come; 0 when absent. */
  readonly reserve?: number;
  /** Called before each try, where QQ cannot tell a repetition. */
  readonly trying?: (message: OutboundMessage) => void;
  /** Notes that it has gone out; in one transaction with what else is noted of it, so that a crash parts none of it. */
  readonly gone?: () => void;
}

/** What became of one message. */
export interface Delivered {
  /** Absent while QQ reviews the message: nobody has seen it. */
  readonly messageId?: string;
  /** QQ refused what it says; a notice stands in its place. */
  readonly refused?: QQApiError;
}

/** Shows a message with whatever it takes; `send` ties every try to the same anchor. */
export type Show = (send: Send) => Promise<Shown>;

/** Refusals that say the chat takes no proactive message today; `rate-limited` says that it takes none just now. */
const CLOSED: ReadonlySet<FaultKind> = new Set(["permission", "quota"]);

/** The address of a chat as the host keeps it: the channel's prefix and `formatTarget`. */
export function durableTarget(target: Target): string {
  return `qq:${formatTarget(target)}`;
}

/** Says one line: as a passive reply where the chat still allows one, else proactively. Rejects with a `QQError`. */
export async function sendLine(line: string, target: Target, running: RunningAccount): Promise<Delivered> {
  const show: Show = (send) => showWords({ text: line, plain: true }, target, send, running);
  return (await replyWith({ target }, show, running)) ?? (await sendProactively({ target }, show, running));
}

/**
 * Sends one message as a passive reply to the newest message or event of the chat that still allows one; `undefined`
 * when none does. A window that the platform has shut meanwhile is closed in the ledger, and the next one tried.
 */
export async function replyWith(
  envelope: Envelope,
  show: Show,
  running: RunningAccount,
  signal?: AbortSignal,
): Promise<Delivered | undefined> {
  const target = formatTarget(envelope.target);
  const { key, reserve = 0 } = envelope;
  const claim = { target, reserve, ...(key === undefined ? {} : { part: key }) };
  for (;;) {
    const anchor = running.replies.claim(claim, running.clock.now());
    if (!anchor) return undefined;
    try {
      return await dispatch(envelope, show, { anchor }, running, signal);
    } catch (error) {
      if (noteChatState(error, envelope.target, running)) return undefined;
      if (!(error instanceof QQApiError) || error.kind !== "reply-window") throw error;
      running.replies.close(anchor);
    }
  }
}

/** Sends one message that answers nothing. The platform knows no repetition of it. */
async function sendProactively(
  envelope: Envelope,
  show: Show,
  running: RunningAccount,
  signal?: AbortSignal,
): Promise<Delivered> {
  return dispatch(envelope, show, {}, running, signal);
}

/** Why the chat takes no message that answers nothing, as far as it is known; `undefined` when one may go. */
export function noProactiveReason(target: Target, running: RunningAccount): NoMessageReason | undefined {
  if (isPersonal(running)) return noPersonalReason(target, running);
  const { proactivePerDay } = running.current().account.config;
  return running.chats.proactiveBar(formatTarget(target), running.clock.now(), proactivePerDay);
}

/**
 * Sends one message that answers nothing; `undefined` where the chat takes none: known before, or heard now, and
 * remembered. Rejects with what says nothing about the chat.
 */
export async function tryProactively(
  envelope: Envelope,
  show: Show,
  running: RunningAccount,
  signal?: AbortSignal,
): Promise<Delivered | undefined> {
  const { chats, clock, log } = running;
  const target = formatTarget(envelope.target);
  if (noProactiveReason(envelope.target, running) !== undefined) return undefined;
  try {
    const delivered = await sendProactively(envelope, show, running, signal);
    if (!isPersonal(running)) chats.noteProactive(target, true, clock.now());
    return delivered;
  } catch (error) {
    if (noteChatState(error, envelope.target, running)) return undefined;
    const kind = refusalOfChat(error);
    if (kind === undefined || isPersonal(running)) throw error;
    log.info(`proactive message refused chat=${target} why="${String(error)}"`);
    if (kind !== "rate-limited") chats.noteProactive(target, false, clock.now());
    return undefined;
  }
}

/**
 * Sends one message as a wake-up push (互动召回): what QQ leaves a bot whose person takes nothing else, four times in
 * the 30 days after they last wrote. Never to whom has switched messages off. `undefined` when there is none to take.
 */
export async function tryWakeUp(
  envelope: Envelope,
  show: Show,
  running: RunningAccount,
  signal?: AbortSignal,
): Promise<Delivered | undefined> {
  const { target } = envelope;
  if (target.kind !== "c2c" || noProactiveReason(target, running) !== "refused-lately") return undefined;
  if (!running.chats.takeWakeUp(formatTarget(target), running.clock.now())) return undefined;
  try {
    return await dispatch(envelope, show, { wakeUp: true }, running, signal);
  } catch (error) {
    if (refusalOfChat(error) === undefined) throw error;
    running.log.info(`wake-up push refused chat=${formatTarget(envelope.target)} why="${String(error)}"`);
    return undefined;
  }
}

/** What a refusal says about proactive messages there; `undefined` when it says nothing, or the message may have arrived. */
function refusalOfChat(error: unknown): FaultKind | undefined {
  if (!(error instanceof QQApiError) || error.mayHaveArrived) return undefined;
  return CLOSED.has(error.kind) || error.kind === "rate-limited" ? error.kind : undefined;
}

type Tie = { readonly anchor?: PassiveAnchor; readonly wakeUp?: true };

async function dispatch(
  { target, quote, trying, gone }: Envelope,
  show: Show,
  tie: Tie,
  running: RunningAccount,
  signal: AbortSignal | undefined,
): Promise<Delivered> {
  const send: Send = async (content) => {
    const message = { content, ...tie, ...(quote !== undefined && { quote }) };
    trying?.(message);
    const sent = await withOpenDm(target, running, (chat) => running.line.send(chat, message, signal), signal);
    running.atomically(() => {
      noteSent(sent, content, target, running);
      gone?.();
    });
    return sent;
  };
  const { sent, refused } = await show(send);
  if (sent?.auditId !== undefined) {
    running.audits.begin(sent.auditId, formatTarget(target), running.clock.now());
    running.log.info(`message under review chat=${formatTarget(target)} audit=${sent.auditId}`);
  }
  const messageId = sent && idOf(sent, tie.anchor);
  return { ...(messageId !== undefined && { messageId }), ...(refused && { refused }) };
}

/** A later message may quote this one, by its index or by its id. */
export function noteSent(
  sent: SentMessage,
  content: OutboundContent,
  target: Target,
  { refs, clock, sent: told }: RunningAccount,
): void {
  told();
  if (sent.messageId === undefined) return;
  const text = content.kind === "media" ? (content.caption ?? "") : content.text;
  const ids = { ref: sent.quoteIndex ?? sent.messageId, messageId: sent.messageId };
  refs.note({ ...ids, own: true, text, chat: formatTarget(target) }, clock.now());
}

/** A repetition that the platform recognised has no id any more; the number it was known by stands for it. */
function idOf(sent: SentMessage, anchor: PassiveAnchor | undefined): string | undefined {
  if (sent.auditId !== undefined) return undefined;
  return sent.messageId ?? `reply-${anchor?.msgSeq ?? 0}-to-${anchor?.msgId ?? anchor?.eventId ?? "nobody"}`;
}

/**
 * What the host wants to know of a send. Nothing is delivered while QQ reviews it: rejects then, so that the host
 * neither counts it as said nor says anything in its place.
 */
export function receiptOf({ messageId }: Delivered, target: Target) {
  if (messageId === undefined) {
    const chat = formatTarget(target);
    const message = `QQ reviews this message to ${chat} before it shows it; the log tells how that ends`;
    throw new PlatformMessageNotDispatchedError(message, { cause: undefined, retryable: false });
  }
  const results = [{ channel: "qq", messageId, conversationId: formatTarget(target) }];
  return { messageId, receipt: createMessageReceiptFromOutboundResults({ results, kind: "text" }) };
}

/** Surely not arrived: the same may be sent another way, or again. */
export function surelyNotArrived(error: unknown): boolean {
  return error instanceof QQError && !error.mayHaveArrived;
}
