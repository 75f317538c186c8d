import { demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

/** Which messages of guilds a bot may reply to, and for how long (qq-official.md 5.5). Replies are not counted. */
export interface GuildAnchors {
  /** A message reaches a bot: from now it may be replied to where it was said. `chat` is the chat's key. */
  open(bot: string, messageId: string, chat: string, now: number): void;
  /** Whether the message has reached the bot. */
  knows(bot: string, messageId: string): boolean;
  /** Throws 304026 for an id of another chat or of nothing, 304027 for one whose time is over. */
  check(bot: string, messageId: string, chat: string, now: number): void;
  clear(): void;
}

export function createGuildAnchors(rules: Rules): GuildAnchors {
  const anchors = new Map<string, { readonly chat: string; readonly at: number }>();
  return {
    open: (bot, messageId, chat, now) => void anchors.set(key(bot, messageId), { chat, at: now }),
    knows: (bot, messageId) => anchors.has(key(bot, messageId)),
    check(bot, messageId, chat, now) {
      const anchor = anchors.get(key(bot, messageId));
      demand(anchor?.chat === chat, 304026);
      const age = now - anchor.at;
      demand(age <= rules.guildWindowMs, 304027, `(${Math.round(age / 1000)}s)`);
    },
    clear: () => anchors.clear(),
  };
}

const key = (bot: string, messageId: string): string => `${bot}/${messageId}`;
