import type { openInbox } from "../../extensions/qq/src/journal/inbox.ts";
import type { Replies } from "../../extensions/qq/src/journal/replies.ts";
import { decodeOfficial } from "../../extensions/qq/src/message/decode-official.ts";
import { decodeOneBot } from "../../extensions/qq/src/message/decode-onebot.ts";
import type { Decoded } from "../../extensions/qq/src/message/inbound.ts";
import { formatTarget } from "../../extensions/qq/src/message/target.ts";
import { REPLY_LIMITS } from "../../extensions/qq/src/protocol/official/limits.ts";
import type { Clock } from "../../extensions/qq/src/transport/clock.ts";
import type { RawEvent, Transport } from "../../extensions/qq/src/transport/transport.ts";
import { sendFreely, type Attempts } from "./sending.ts";

export interface DrainOptions {
  readonly inbox: ReturnType<typeof openInbox<RawEvent>>;
  readonly replies: Replies;
  readonly transport: Transport;
  readonly clock: Clock;
  /** What is known of sends that were cut off; outlives a run. */
  readonly attempts: Attempts;
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

async function answer(options: DrainOptions, claim: Claim): Promise<void> {
  const { replies, transport, clock, signal } = options;
  const decoded = await decode(claim, options);
  if (decoded.kind !== "message" || !decoded.message.mentionsBot) return;
  const { id, chat, text, at } = decoded.message;
  const content = { kind: "text", text: options.answer(text) } as const;
  if (transport.unmetered) return await sendFreely(options, claim.id, chat, { content });
  const target = formatTarget(chat);
  replies.open({ msgId: id, target, receivedAt: at, limit: REPLY_LIMITS[chat.kind] });
  const anchor = replies.claim({ target, part: claim.id }, clock.now());
  await transport.send(chat, { content, ...(anchor && { anchor }) }, signal);
}

async function decode({ payload, receivedAt }: Claim, { transport, signal }: DrainOptions): Promise<Decoded> {
  if (transport.unmetered) return decodeOneBot(payload.text, receivedAt);
  const selfId = payload.lane.startsWith("channel:") ? await transport.selfId?.(signal) : undefined;
  return decodeOfficial(payload.text, receivedAt, selfId);
}
