import type { ReplyPayload } from "openclaw/plugin-sdk/reply-payload";
import { createMessageReceiptFromOutboundResults } from "openclaw/plugin-sdk/channel-outbound";
import { QQApiError } from "../errors.ts";
import type { PassiveAnchor, SentMessage } from "../message/outbound.ts";
import { widenLinks } from "../message/links.ts";
import { formatTarget, type Target } from "../message/target.ts";
import { chunkText } from "./chunk.ts";
import type { RunningAccount } from "./running.ts";

/** A message of the plugin's own cutting: already short enough for the platform. */
export interface TextPart {
  readonly target: Target;
  readonly text: string;
  /** The same at every try of the same part, so that the platform can tell a repetition; absent outside the durable queue. */
  readonly part: string | undefined;
}

export interface Delivered {
  readonly messageId: string;
}

/** The address of a chat as the host keeps it: the channel's prefix and `formatTarget`. */
export function durableTarget(target: Target): string {
  return `qq:${formatTarget(target)}`;
}

/** Sends one part: as a passive reply where the chat still allows one, else proactively. Rejects with a `QQError`. */
export async function sendText(part: TextPart, running: RunningAccount, signal?: AbortSignal): Promise<Delivered> {
  return (await replyWith(part, running, signal)) ?? (await sendProactively(part, running, signal));
}

/**
 * Sends one part as a passive reply to the newest message of the chat that still allows one; `undefined` when none
 * does. A window that the platform has shut meanwhile is closed in the ledger, and the next one tried.
 */
export async function replyWith(
  part: TextPart,
  running: RunningAccount,
  signal?: AbortSignal,
): Promise<Delivered | undefined> {
  const target = formatTarget(part.target);
  const claim = { target, ...(part.part === undefined ? {} : { part: part.part }) };
  for (;;) {
    const anchor = running.replies.claim(claim, running.clock.now());
    if (!anchor) return undefined;
    try {
      return delivered(await sendAnchored(part, anchor, running, signal), anchor, running);
    } catch (error) {
      if (!isShut(error)) throw error;
      running.replies.close(anchor.msgId);
    }
  }
}

/** Sends one part as a message that answers nothing. The platform knows no repetition of it. */
export async function sendProactively(
  part: TextPart,
  running: RunningAccount,
  signal?: AbortSignal,
): Promise<Delivered> {
  return delivered(await sendAnchored(part, undefined, running, signal), undefined, running);
}

function delivered(sent: SentMessage, anchor: PassiveAnchor | undefined, running: RunningAccount): Delivered {
  running.sent();
  return { messageId: idOf(sent, anchor) };
}

/** Where QQ refuses the links in a text, it arrives with them in a form that gets through: a lost answer helps nobody. */
async function sendAnchored(
  { target, text }: TextPart,
  anchor: PassiveAnchor | undefined,
  running: RunningAccount,
  signal: AbortSignal | undefined,
): Promise<SentMessage> {
  const tied = anchor ? { anchor } : {};
  try {
    return await running.line.send(target, { text, ...tied }, signal);
  } catch (error) {
    const widened = widenLinks(text);
    if (!(error instanceof QQApiError) || error.kind !== "url" || widened === text) throw error;
    running.log.info(`links refused chat=${formatTarget(target)} sent="with widened dots" why="${error.message}"`);
    return await running.line.send(target, { text: widened, ...tied }, signal);
  }
}

/** A repetition that the platform recognised has no id any more; the number it was known by stands for it. */
function idOf(sent: SentMessage, anchor: PassiveAnchor | undefined): string {
  return sent.messageId ?? `reply-${anchor?.msgSeq ?? 0}-to-${anchor?.msgId ?? "nobody"}`;
}

function isShut(error: unknown): boolean {
  return error instanceof QQApiError && error.kind === "reply-window";
}

/**
 * Delivers what does not pass the host's durable queue: blocks and tool results. Media has no way of its own yet and
 * arrives as its address.
 */
export async function deliverReply(payload: ReplyPayload, target: Target, running: RunningAccount) {
  const body = [payload.text ?? "", ...mediaLines(payload)].filter((line) => line !== "").join("\n");
  const { cfg, account } = running.current();
  const messageIds: string[] = [];
  for (const text of chunkText(body, cfg, account.accountId)) {
    const sent = await sendText({ target, text, part: undefined }, running);
    messageIds.push(sent.messageId);
  }
  return { messageIds, visibleReplySent: messageIds.length > 0 };
}

function mediaLines(payload: ReplyPayload): string[] {
  const urls = payload.mediaUrls?.length ? payload.mediaUrls : payload.mediaUrl ? [payload.mediaUrl] : [];
  return [...urls];
}

/** What the host wants to know of a send. */
export function receiptOf({ messageId }: Delivered, target: Target) {
  const results = [{ channel: "qq", messageId, conversationId: formatTarget(target) }];
  return { messageId, receipt: createMessageReceiptFromOutboundResults({ results, kind: "text" }) };
}
