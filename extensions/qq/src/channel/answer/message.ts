import { randomUUID } from "node:crypto";
import { defineChannelMessageAdapter } from "openclaw/plugin-sdk/channel-outbound";
import { PlatformMessageNotDispatchedError } from "openclaw/plugin-sdk/error-runtime";
import type { ReplyPayload } from "openclaw/plugin-sdk/reply-payload";
import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import { QQError } from "../../errors.ts";
import { parseTarget, TARGET_SHAPES, type Target } from "../../message/target.ts";
import { deliverAnswer } from "./answer.ts";
import { keyboardOf } from "../interaction/keyboard.ts";
import { withButtons } from "../interaction/presentation.ts";
import type { MediaAccess } from "../media-out/media-source.ts";
import { sayProgress } from "../receive/progress.ts";
import { receiptOf } from "./outbound.ts";
import type { Answer } from "./plan.ts";
import type { RunningAccount, RunningAccounts } from "../running.ts";

type Adapter = ReturnType<typeof defineChannelMessageAdapter>;

/** What we read of the host's send contexts, the newer and the older one alike. */
interface SendContext {
  readonly to: string;
  readonly text: string;
  readonly accountId?: string | null | undefined;
  readonly payload?: ReplyPayload | undefined;
  readonly mediaUrl?: string | undefined;
  readonly audioAsVoice?: boolean | undefined;
  readonly forceDocument?: boolean | undefined;
  readonly mediaAccess?: MediaAccess["mediaAccess"] | undefined;
  readonly mediaLocalRoots?: MediaAccess["mediaLocalRoots"] | undefined;
  readonly mediaReadFile?: MediaAccess["mediaReadFile"] | undefined;
  readonly replyToId?: string | null | undefined;
  /** Key of the turn, as `turnMark` has made it a thread. */
  readonly threadId?: string | number | null | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly deliveryQueueId?: string | undefined;
  readonly deliveryPartIndex?: number | undefined;
  readonly onPlatformSendDispatch?: (() => Promise<void>) | undefined;
  readonly assertDirectAdapterHandoff?: (() => void) | undefined;
}
type Reconcile = NonNullable<NonNullable<Adapter["durableFinal"]>["reconcileUnknownSend"]>;

/**
 * The send path of the host's durable queue: it stores before it sends and replays after a crash. The host hands over
 * whole answers; only here is known into how many messages a chat lets them be cut.
 */
export function messageAdapter(accounts: RunningAccounts): Adapter {
  return defineChannelMessageAdapter({
    id: "qq",
    durableFinal: {
      // A capability that a payload needs and that is missing here sends it past the queue, where a crash loses it.
      capabilities: {
        text: true,
        media: true,
        payload: true,
        batch: true,
        replyTo: true,
        // QQ has none: by it an answer is told which turn it ends.
        thread: true,
        silent: true,
        messageSendingHooks: true,
        reconcileUnknownSend: true,
      },
      automaticUnknownSendReconciliation: true,
      reconcileUnknownSendKinds: { text: true, media: true, payload: true },
      reconcileUnknownSend: (ctx) => reconcile(ctx, accounts),
    },
    send: {
      text: async (ctx) => send(ctx, accounts),
      media: async (ctx) => send(ctx, accounts),
      payload: async (ctx) => send(ctx, accounts),
    },
  });
}

/** The same sends in the shape the host's older callers use. */
export function directSends(accounts: RunningAccounts) {
  const sendOld = async (ctx: SendContext) => ({ channel: "qq", ...(await send(ctx, accounts)) });
  return { sendText: sendOld, sendMedia: sendOld, sendPayload: sendOld };
}

async function send(ctx: SendContext, accounts: RunningAccounts) {
  const { running, target } = locate(ctx, accounts);
  const id = ctx.deliveryQueueId === undefined ? directId() : answerId(ctx.deliveryQueueId, ctx.deliveryPartIndex ?? 0);
  await ctx.onPlatformSendDispatch?.();
  ctx.assertDirectAdapterHandoff?.();
  const { mediaAccess, mediaLocalRoots, mediaReadFile } = ctx;
  const access = definedOf({ mediaAccess, mediaLocalRoots, mediaReadFile });
  try {
    return receiptOf(await deliverAnswer(answerOf(id, target, ctx), running, ctx.signal, access), target);
  } catch (error) {
    throw certain(error, running.parked.read(id).length > 0);
  }
}

/** What the host hands over, as an answer: a text, a file with a caption, or a payload with all of it. */
function answerOf(id: string, target: Target, ctx: SendContext): Answer {
  const { payload } = ctx;
  const urls = ctx.mediaUrl ? [ctx.mediaUrl] : mediaUrls(payload);
  const asVoice = ctx.audioAsVoice ?? payload?.audioAsVoice;
  const keyboard = keyboardOf(payload);
  const quotes = ctx.replyToId ?? undefined;
  const turn = turnOf(ctx.threadId);
  return {
    id,
    target,
    text: payload?.text ?? ctx.text,
    media: urls.map((source) => ({ source, ...(asVoice && { asVoice }), ...(ctx.forceDocument && { asFile: true }) })),
    ...(keyboard && { keyboard }),
    ...(quotes !== undefined && { quotes }),
    ...(turn !== undefined && { turn }),
  };
}

const TURN = "turn:";

/**
 * Has the host's durable queue say of an answer which turn it ends, over a crash too. QQ has no threads, and a thread is
 * the one thing of ours that the queue keeps with an answer. Of a turn that the host has recovered itself the answer
 * comes without.
 */
export function turnMark(key: string): string {
  return TURN + key;
}

function turnOf(threadId: SendContext["threadId"]): string | undefined {
  const thread = String(threadId ?? "");
  return thread.startsWith(TURN) ? thread.slice(TURN.length) : undefined;
}

/**
 * Delivers what does not pass the host's durable queue: files in the middle of a turn, what it asks the user, and what
 * it tells of its tools. The answer's reply stays free, and what is only told of tools is left out before it costs that.
 */
export async function deliverReply(
  payload: ReplyPayload,
  kind: "tool" | "block" | "final",
  target: Target,
  running: RunningAccount,
) {
  const shown = await withButtons(payload, target, running);
  const context = { to: "", text: shown.text ?? "", payload: shown, replyToId: shown.replyToId };
  const answer: Answer = { ...answerOf(directId(), target, context), reserve: kind === "final" ? 0 : 1 };
  const isProgress = kind === "tool" && !answer.media?.length && !answer.keyboard && !shown.channelData;
  const { messageId } = isProgress
    ? ((await sayProgress(answer.text, target, running)) ?? {})
    : await deliverAnswer(answer, running, running.signal);
  return { messageIds: messageId === undefined ? [] : [messageId], visibleReplySent: messageId !== undefined };
}

function mediaUrls(payload: ReplyPayload | undefined): readonly string[] {
  if (payload?.mediaUrls?.length) return payload.mediaUrls;
  return payload?.mediaUrl ? [payload.mediaUrl] : [];
}

/** The host's types predate exactOptionalPropertyTypes: what is undefined there is absent here. */
function definedOf<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Object.fromEntries knows nothing of keys: what stays has the key and the value that it had.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/**
 * What surely did not arrive is no ambiguous send: the host may then try again, or give up, without fear of doubles.
 * Before its parts were kept nothing of an answer was sent, whatever failed; of what is ambiguous and unknown to the
 * journal the host would not try anything again.
 */
function certain(error: unknown, hasBegun: boolean): unknown {
  if (error instanceof QQError ? error.mayHaveArrived : hasBegun) return error;
  const retryable = !(error instanceof QQError) || error.retry !== "never";
  return new PlatformMessageNotDispatchedError(error instanceof Error ? error.message : String(error), {
    cause: error,
    retryable,
  });
}

function locate(
  ctx: Pick<SendContext, "accountId" | "to">,
  accounts: RunningAccounts,
): { running: RunningAccount; target: Target } {
  const accountId = normalizeAccountId(ctx.accountId);
  const running = accounts.find(accountId);
  if (!running) {
    const message = `QQ account ${accountId} is not running; look at \`openclaw channels status --probe\``;
    throw new PlatformMessageNotDispatchedError(message, { cause: undefined, retryable: true });
  }
  const target = parseTarget(ctx.to);
  if (!target) {
    const message = `QQ does not know this kind of target; write one of: ${TARGET_SHAPES}`;
    throw new PlatformMessageNotDispatchedError(message, { cause: undefined, retryable: false });
  }
  return { running, target };
}

/** Of an answer that nobody will hand over again. */
function directId(): string {
  return `direct:${randomUUID()}`;
}

/** One payload is one answer; the host numbers the payloads of a batch. */
function answerId(queueId: string, index: number): string {
  return `${queueId}:${index}`;
}

/**
 * After a crash in the middle of a send: goes on with the answer where it stands. A part that was on its way goes again
 * with the number it had: QQ recognises it (40054005) if it arrived, and takes it now if not.
 */
async function reconcile(
  ctx: Parameters<Reconcile>[0],
  accounts: RunningAccounts,
): Promise<Awaited<ReturnType<Reconcile>>> {
  const [payload] = ctx.payloads;
  if (!payload || ctx.payloads.length > 1) return { status: "unresolved", retryable: false };
  if (!accounts.find(normalizeAccountId(ctx.accountId))) return { status: "unresolved", retryable: true };
  const { running, target } = locate(ctx, accounts);
  const id = answerId(ctx.queueId, 0);
  if (running.parked.read(id).length === 0) return { status: "not_sent" };
  const answer = answerOf(id, target, { to: ctx.to, text: payload.text ?? "", payload, replyToId: payload.replyToId });
  try {
    const delivered = await deliverAnswer(answer, running);
    if (delivered.messageId === undefined) return { status: "unresolved", retryable: false };
    const { receipt } = receiptOf(delivered, target);
    return { status: "sent", receipt, messageId: delivered.messageId };
  } catch (error) {
    const retryable = error instanceof QQError && error.retry !== "never";
    return { status: "unresolved", error: error instanceof Error ? error.message : "unknown", retryable };
  }
}
