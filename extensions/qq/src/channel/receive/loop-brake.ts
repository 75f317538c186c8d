import { recordChannelBotPairLoopAndCheckSuppression } from "openclaw/plugin-sdk/channel-inbound";
import type { InboundMessage } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";

/** Who writes this soon after the account's own answer has not read it, ms. People do it now and then, bots each time. */
const QUICK_MS = 10_000;
/**
 * So many quick answers in so long a time are a loop: one each half minute, for half an hour. QQ does not tell which
 * sender is a bot, so the host's own limits, which are for senders that are known to be, would catch people.
 */
const LIMITS = { maxEventsPerWindow: 60, windowSeconds: 1800, cooldownSeconds: 300 };
/** Answers that are remembered per sender: as many of their messages may wait behind each other. */
const MOST_ANSWERS = 8;
/** Senders that are remembered. */
const MOST_SENDERS = 500;

/** Ends what two bots that answer each other would never end. */
export interface LoopBrake {
  /** The account has answered a message, at `at`. */
  answered(message: InboundMessage, at: number): void;
  /** Whether a message that came at `receivedAt` is one quick answer too many; each is counted once. All times in ms since the epoch. */
  isLoop(message: InboundMessage, receivedAt: number, now: number): boolean;
}

/** `enabled`: what the host's `channels.defaults.botLoopProtection` says. */
export function createLoopBrake(accountId: string, enabled: () => boolean | undefined): LoopBrake {
  /** When the account answered a sender in a chat, without the answers that were answered themselves; the oldest first. */
  const answers = new Map<string, readonly number[]>();
  return {
    answered(message, at) {
      const key = keyOf(message);
      const earlier = answers.get(key) ?? [];
      answers.delete(key);
      answers.set(key, [...earlier, at].slice(-MOST_ANSWERS));
      for (const oldest of answers.keys()) {
        if (answers.size <= MOST_SENDERS) break;
        answers.delete(oldest);
      }
    },
    isLoop(message, receivedAt, now) {
      const key = keyOf(message);
      const times = answers.get(key) ?? [];
      const answered = times.findLastIndex((at) => receivedAt >= at && receivedAt - at <= QUICK_MS);
      if (answered < 0) return false;
      // Whoever writes in several pieces has answered once.
      answers.set(key, times.slice(answered + 1));
      const isEnabled = enabled();
      return recordChannelBotPairLoopAndCheckSuppression({
        scopeId: `qq:${accountId}`,
        conversationId: formatTarget(message.chat),
        senderId: message.sender.id,
        receiverId: "self",
        eventId: message.id,
        nowMs: now,
        defaultEnabled: true,
        defaultsConfig: { ...LIMITS, ...(isEnabled !== undefined && { enabled: isEnabled }) },
      }).suppressed;
    },
  };
}

function keyOf({ chat, sender }: InboundMessage): string {
  return `${formatTarget(chat)} ${sender.id}`;
}
