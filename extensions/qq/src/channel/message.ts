import { randomUUID } from "node:crypto";
import { defineChannelMessageAdapter } from "openclaw/plugin-sdk/channel-outbound";
import { PlatformMessageNotDispatchedError } from "openclaw/plugin-sdk/error-runtime";
import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import { QQError } from "../errors.ts";
import { parseTarget, TARGET_SHAPES, type Target } from "../message/target.ts";
import { deliverAnswer } from "./answer.ts";
import { receiptOf } from "./outbound.ts";
import type { RunningAccount, RunningAccounts } from "./running.ts";

type Adapter = ReturnType<typeof defineChannelMessageAdapter>;

/** What we read of the host's send contexts, the newer and the older one alike. */
interface SendContext {
  readonly to: string;
  readonly text: string;
  readonly accountId?: string | null | undefined;
  readonly mediaUrl?: string | undefined;
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
        silent: true,
        messageSendingHooks: true,
        reconcileUnknownSend: true,
      },
      automaticUnknownSendReconciliation: true,
      reconcileUnknownSendKinds: { text: true, payload: true },
      reconcileUnknownSend: (ctx) => reconcile(ctx, accounts),
    },
    send: {
      text: async (ctx) => send(ctx, ctx.text, accounts),
      media: async (ctx) => send(ctx, withAddress(ctx.text, ctx.mediaUrl), accounts),
      payload: async (ctx) => send(ctx, withAddress(ctx.payload.text ?? ctx.text, ctx.mediaUrl), accounts),
    },
  });
}

/** The same sends in the shape the host's older callers use. */
export function directSends(accounts: RunningAccounts) {
  return {
    sendText: async (ctx: SendContext) => ({ channel: "qq", ...(await send(ctx, ctx.text, accounts)) }),
    sendMedia: async (ctx: SendContext) => ({
      channel: "qq",
      ...(await send(ctx, withAddress(ctx.text, ctx.mediaUrl), accounts)),
    }),
  };
}

/** Media has no way of its own yet and arrives as its address. */
function withAddress(text: string, url: string | undefined): string {
  return [text, url ?? ""].filter((line) => line !== "").join("\n");
}

async function send(ctx: SendContext, text: string, accounts: RunningAccounts) {
  const { running, target } = locate(ctx, accounts);
  const id =
    ctx.deliveryQueueId === undefined ? randomUUID() : answerId(ctx.deliveryQueueId, ctx.deliveryPartIndex ?? 0);
  await ctx.onPlatformSendDispatch?.();
  ctx.assertDirectAdapterHandoff?.();
  try {
    return receiptOf(await deliverAnswer({ id, target, text }, running, ctx.signal), target);
  } catch (error) {
    throw certain(error);
  }
}

/** What surely did not arrive is no ambiguous send: the host may then try again, or give up, without fear of doubles. */
function certain(error: unknown): unknown {
  if (!(error instanceof QQError) || error.mayHaveArrived) return error;
  return new PlatformMessageNotDispatchedError(error.message, { cause: error, retryable: error.retry !== "never" });
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
  const text = ctx.payloads.length === 1 ? ctx.payloads[0]?.text : undefined;
  if (text === undefined) return { status: "unresolved", retryable: false };
  if (!accounts.find(normalizeAccountId(ctx.accountId))) return { status: "unresolved", retryable: true };
  const { running, target } = locate(ctx, accounts);
  const id = answerId(ctx.queueId, 0);
  if (!running.parked.knows(id)) return { status: "not_sent" };
  try {
    const { receipt, messageId } = receiptOf(await deliverAnswer({ id, target, text }, running), target);
    return { status: "sent", receipt, messageId };
  } catch (error) {
    const retryable = error instanceof QQError && error.retry !== "never";
    return { status: "unresolved", error: error instanceof Error ? error.message : "unknown", retryable };
  }
}
