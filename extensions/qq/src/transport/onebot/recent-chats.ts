import { QQApiError } from "../../errors.ts";
import type { Log } from "../log.ts";
import type { OneBotCalls } from "./calls.ts";

/** A conversation, and when its newest message was written, ms since the epoch. */
export interface RecentChat {
  readonly lane: string;
  readonly at: number;
}

/** Asks for the conversations of late, the newest first; `undefined` when nobody can say. */
export type RecentChats = (count: number, signal: AbortSignal) => Promise<readonly RecentChat[] | undefined>;

/** `chatType` of a group (`onebot-napcat.md` 4.3); the others are conversations with a person. */
const GROUP_CHAT = 2;

/** An implementation that has no such action is asked once for each connection; `openings` is how many have opened. */
export function createRecentChats(calls: OneBotCalls, log: Log, openings: () => number): RecentChats {
  let unsupportedSince: number | undefined;
  return async (count, signal) => {
    const since = openings();
    if (unsupportedSince === since) return undefined;
    try {
      const contacts = await calls.call("get_recent_contact", { count }, { signal });
      return contacts.map(({ peerUin, msgTime, chatType }) => ({
        lane: `${chatType === GROUP_CHAT ? "group" : "c2c"}:${peerUin}`,
        at: msgTime * 1000,
      }));
    } catch (error) {
      if (error instanceof QQApiError && error.kind === "unsupported") unsupportedSince = since;
      if (!signal.aborted)
        log.debug(`onebot recent chats not read why="${error instanceof Error ? error.message : "unknown"}"`);
      return undefined;
    }
  };
}
