import {
  createAckReactionHandle,
  removeAckReactionHandleAfterReply,
  resolveAckReaction,
  shouldAckReaction,
} from "openclaw/plugin-sdk/channel-feedback";
import type { InboundMessage } from "../../message/inbound.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import type { Routed } from "./route.ts";

/** The host's own default, which QQ takes under a message. Of other emoji it knows a few hundred, an agent's need not be among them. */
const KNOWN_EMOJI = "👀";

/** A reaction under the message that a turn answers. */
export interface AckReaction {
  /** Whether it is there, as far as it is known. */
  isShown(): boolean;
  /** The turn is over: takes it away where that is configured. */
  end(): void;
}

/**
 * Shows in groups, where QQ shows nobody typing, that a message is being answered: by the host's `messages.ackReaction`,
 * `ackReactionScope` and `removeAckAfterReply`, and the account's own keys of these names. Failures cost a debug line.
 */
export function ackReaction(message: InboundMessage, routed: Routed, running: RunningAccount): AckReaction {
  const { line, signal, log } = running;
  let shown: string | undefined;
  const place = async (emoji: string): Promise<void> => {
    await line.react?.(message.chat, message.id, emoji, true, signal);
    shown = emoji;
  };
  const handle = createAckReactionHandle({
    ackReactionValue: isWanted(message, routed, running) ? emojiOf(routed) : "",
    send: async () =>
      place(emojiOf(routed)).catch((error: unknown) => {
        if (emojiOf(routed) === KNOWN_EMOJI) throw error;
        return place(KNOWN_EMOJI);
      }),
    remove: async () => {
      if (shown !== undefined) await line.react?.(message.chat, message.id, shown, false, signal);
    },
    onSendError: (error) => log.debug(`reaction not shown why="${String(error)}"`),
  });
  const { cfg, account } = routed;
  const removeAfterReply = account.config.removeAckAfterReply ?? cfg.messages?.removeAckAfterReply ?? false;
  return {
    isShown: () => shown !== undefined,
    end: () =>
      removeAckReactionHandleAfterReply({
        removeAfterReply,
        ackReaction: handle,
        onError: (error) => log.debug(`reaction not taken away why="${String(error)}"`),
      }),
  };
}

function emojiOf({ cfg, account, route }: Routed): string {
  return resolveAckReaction(cfg, route.agentId, { channel: "qq", accountId: account.accountId }).trim();
}

/** Only of groups on personal accounts: QQ has no reactions in private chats, and official bots have none in groups. */
function isWanted({ chat, mentionsBot, quoted }: InboundMessage, routed: Routed, running: RunningAccount): boolean {
  if (!isPersonal(running) || chat.kind !== "group" || !running.line.react) return false;
  return shouldAckReaction({
    scope: routed.cfg.messages?.ackReactionScope,
    isDirect: false,
    isGroup: true,
    isMentionableGroup: true,
    canDetectMention: true,
    effectiveWasMentioned: mentionsBot || routed.matchesPattern || quoted?.fromBot === true,
  });
}
