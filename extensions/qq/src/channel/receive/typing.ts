import type { InboundMessage } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";
import type { Routed } from "./route.ts";
import type { RunningAccount } from "../running.ts";

/** How long one notice is shown, s: the most that QQ takes. */
const SHOWN_S = 60;
/** A notice is renewed no sooner than this, ms: each costs a reply. */
const RENEW_MS = 55_000;
/** Replies that stay free for the answer: a notice is never worth the end of one. */
const RESERVED_REPLIES = 2;

/** The host calls `start` every few seconds while the agent works; most calls cost nothing. */
export function typingNotices(message: InboundMessage, { account }: Routed, running: RunningAccount) {
  let shownAt = Number.NEGATIVE_INFINITY;
  const start = async (): Promise<void> => {
    const { chat } = message;
    const { line, clock, replies, growing, signal } = running;
    if (chat.kind !== "c2c" || !line.typing || account.config.typing === false) return;
    if (clock.now() - shownAt < RENEW_MS || growing.get(formatTarget(chat))?.isShown) return;
    shownAt = clock.now();
    const anchor = replies.claim({ target: formatTarget(chat), reserve: RESERVED_REPLIES }, shownAt);
    if (anchor) await line.typing(chat.userId, { anchor, seconds: SHOWN_S }, signal);
  };
  const onStartError = (error: unknown): void =>
    running.log.debug(`typing notice not shown why="${error instanceof Error ? error.message : "unknown"}"`);
  return { start, onStartError };
}
