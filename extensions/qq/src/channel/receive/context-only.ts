import { createChannelHistoryWindow } from "openclaw/plugin-sdk/reply-history";
import type { InboundMessage } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";
import { noteImages } from "../media-in/media-recent.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import type { Access } from "./access.ts";
import { historyKeyOf, type Routed } from "./route.ts";
import { speaker } from "./speaker.ts";

/** Default of `staleAfterMinutes`. */
const STALE_AFTER_MINUTES = 15;

/**
 * Whether a message of a personal account came so late that nobody waits for an answer any more: QQ and the back-fill
 * hand out what was written while the line was down. One that was stored in time and had to wait here is not stale.
 */
export function isStale(
  { id, at }: InboundMessage,
  receivedAt: number,
  { turnId }: Pick<Routed, "turnId">,
  running: RunningAccount,
): boolean {
  // A turn that a crash cut off and that is begun again had been in time.
  if (!isPersonal(running) || turnId !== id) return false;
  const minutes = running.current().account.config.staleAfterMinutes ?? STALE_AFTER_MINUTES;
  return receivedAt - at > minutes * 60_000;
}

/** Keeps a stale message of somebody who may talk there: the next turn of the chat is told of it. */
export function keepStale(message: InboundMessage, routed: Routed, access: Access, running: RunningAccount): void {
  const minutes = Math.round((running.clock.now() - message.at) / 60_000);
  keepUnanswered(message, `written ${minutes} min ago`, routed, access, running);
}

/** Keeps a message that is not answered though it could be; one of somebody who may not talk there is left out. */
export function keepUnanswered(
  message: InboundMessage,
  why: string,
  routed: Routed,
  access: Access,
  running: RunningAccount,
): void {
  const isHeard = access.ingress.admission === "dispatch" || isContext(routed, access);
  running.log.info(`message not answered chat=${formatTarget(message.chat)} why="${why}" context=${isHeard}`);
  if (isHeard) keepAsContext(message, routed, running);
}

/** Whether it was written by somebody whom the bot listens to in this group, and not to the bot. */
export function isContext({ isGroup }: Routed, access: Access): boolean {
  return isGroup && access.activationAccess.shouldSkip && access.senderAccess.allowed;
}

/** Costs no model call, but the next answer may need it. */
export function keepAsContext(message: InboundMessage, routed: Routed, { history }: RunningAccount): void {
  createChannelHistoryWindow({ historyMap: history }).record({
    historyKey: historyKeyOf(message, routed),
    limit: routed.historyLimit,
    entry: noteImages(
      { sender: speaker(message.sender), body: message.text, timestamp: message.at, messageId: message.id },
      message,
    ),
  });
}
