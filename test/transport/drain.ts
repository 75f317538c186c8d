import type { openInbox } from "../../extensions/qq/src/journal/inbox.ts";
import type { Replies } from "../../extensions/qq/src/journal/replies.ts";
import { decodeOfficial } from "../../extensions/qq/src/message/decode-official.ts";
import { formatTarget } from "../../extensions/qq/src/message/target.ts";
import { REPLY_LIMITS } from "../../extensions/qq/src/protocol/official/limits.ts";
import type { RawEvent, Transport } from "../../extensions/qq/src/transport/transport.ts";

export interface DrainOptions {
  readonly inbox: ReturnType<typeof openInbox<RawEvent>>;
  readonly replies: Replies;
  readonly transport: Transport;
  readonly now: () => number;
  readonly answer: (text: string) => string;
  readonly failed: (error: unknown) => void;
  readonly signal: AbortSignal;
}

export interface Drain {
  /** Something may have been stored. */
  wake(): void;
  /** Resolves when `signal` has aborted and nothing is under way. */
  readonly ended: Promise<void>;
}

/** Stands for the host: takes one event after the other from the inbox and answers it. */
export function drainInbox(options: DrainOptions): Drain {
  const { inbox, signal } = options;
  let ring: (() => void) | undefined;
  let rung = false;
  const wake = (): void => {
    rung = true;
    ring?.();
  };
  const drain = async (): Promise<void> => {
    // What a run before this one held belongs to nobody any more.
    await inbox.recoverStaleClaims({ staleMs: 0 });
    signal.addEventListener("abort", wake, { once: true });
    while (!signal.aborted) {
      rung = false;
      const claim = await inbox.claimNext();
      if (claim) await finish(options, claim);
      else if (!rung) await new Promise<void>((resolve) => (ring = resolve));
    }
  };
  return { wake, ended: drain() };
}

type Claim = NonNullable<Awaited<ReturnType<DrainOptions["inbox"]["claimNext"]>>>;

async function finish(options: DrainOptions, claim: Claim): Promise<void> {
  const { inbox, signal, failed } = options;
  try {
    await answer(options, claim);
    await inbox.complete(claim);
  } catch (error) {
    if (signal.aborted) return void (await inbox.release(claim));
    failed(error);
    await inbox.fail(claim, { reason: "not sent" });
  }
}

async function answer({ replies, transport, now, answer, signal }: DrainOptions, claim: Claim): Promise<void> {
  const selfId = claim.payload.lane.startsWith("channel:") ? await transport.selfId?.(signal) : undefined;
  const decoded = decodeOfficial(claim.payload.text, claim.receivedAt, selfId);
  if (decoded.kind !== "message" || !decoded.message.mentionsBot) return;
  const { id, chat, text, at } = decoded.message;
  const target = formatTarget(chat);
  replies.open({ msgId: id, target, receivedAt: at, limit: REPLY_LIMITS[chat.kind] });
  const anchor = replies.claim({ target, part: claim.id }, now());
  await transport.send(chat, { content: { kind: "text", text: answer(text) }, ...(anchor && { anchor }) }, signal);
}
