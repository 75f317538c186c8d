import type { InboundMessage } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";
import type { Routed } from "./route.ts";
import { isPersonal, type RunningAccount } from "../running.ts";

/** How long one notice is shown, s: the most that QQ takes. */
const SHOWN_S = 60;
/** A notice is renewed no sooner than this, ms: each costs a reply. */
const RENEW_MS = 55_000;
/** The same on a personal account, where it costs nothing and QQ shows it for a few seconds (onebot-napcat.md 6.4). */
const RENEW_PERSONAL_MS = 8_000;
/** Replies that stay free for the answer: a notice is never worth the end of one. */
const RESERVED_REPLIES = 2;

/** The host calls `start` every few seconds while the agent works; most calls cost nothing. */
export function typingNotices(message: InboundMessage, { account }: Routed, running: RunningAccount) {
  const { line, clock, replies, growing, signal } = running;
  const { chat } = message;
  const personal = isPersonal(running);
  const renewMs = personal ? RENEW_PERSONAL_MS : RENEW_MS;
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  const start = async (): Promise<void> => {
    if (chat.kind !== "c2c" || !line.typing || account.config.typing === false) return;
    if (clock.now() - shownAt < renewMs || growing.get(formatTarget(chat))?.isShown) return;
    shownAt = clock.now();
    const anchor = personal
      ? undefined
      : replies.claim({ target: formatTarget(chat), reserve: RESERVED_REPLIES }, shownAt);
    if (!anchor && !personal) return;
    await line.typing(chat.userId, { ...(anchor && { anchor }), seconds: SHOWN_S }, signal);
    isShown = true;
  };
  const onStartError = (error: unknown): void => {
    isShown = false;
    running.log.debug(`typing notice not shown why="${error instanceof Error ? error.message : "unknown"}"`);
  };
  /** Whether the latest notice is shown, as far as it is known. */
  return { start, onStartError, isShown: (): boolean => isShown };
}
