import { z } from "zod";
import { QQApiError, QQTransportError } from "../../errors.ts";
import { toMs } from "../../message/decode-onebot-message.ts";
import { historyPage } from "../../protocol/onebot/history.ts";
import { Count, maybe, OpaqueId, Uin, wireId } from "../../protocol/onebot/values.ts";
import { unsupported, type AbleCalls } from "./abilities.ts";
import { within } from "./call-options.ts";
import type { PersonalTarget } from "./personal-target.ts";
import { contentInHistory, type SentContent } from "./sent-content.ts";

/** A message of the account's own, as history shows it. */
export interface OwnMessage {
  readonly id: string;
  /** When QQ took it, ms since the epoch by QQ's clock; 0 when that is not told. */
  readonly at: number;
  readonly content: SentContent;
}

const Entry = z.looseObject({
  message_id: OpaqueId,
  user_id: maybe(Uin),
  sender: maybe(z.looseObject({ user_id: maybe(Uin) })),
  time: maybe(Count),
  message: z.unknown(),
});

/** So many of the newest messages of a chat are looked through. */
const LOOKED_THROUGH = 30;
/** Longest wait for history, ms (onebot-napcat.md, 7.2). */
const HISTORY_MS = 30_000;

/**
 * The newest messages of the account's own in a chat, oldest first. Rejects when the chat cannot be read; one that
 * nobody has ever written in is read as empty.
 */
export async function readOwnMessages(
  calls: AbleCalls,
  selfId: string | undefined,
  target: PersonalTarget,
  signal?: AbortSignal,
): Promise<readonly OwnMessage[]> {
  if (selfId === undefined) throw new QQTransportError("the account has not said yet who it is");
  const entries = await readPage(calls, target, signal);
  return entries.flatMap((entry) => {
    const parsed = Entry.safeParse(entry);
    if (!parsed.success || (parsed.data.user_id ?? parsed.data.sender?.user_id) !== selfId) return [];
    const { message_id, time, message } = parsed.data;
    return [{ id: message_id, at: toMs(time ?? 0), content: contentInHistory(message) }];
  });
}

async function readPage(
  calls: AbleCalls,
  target: PersonalTarget,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  const page = historyPage(calls.software(), LOOKED_THROUGH);
  if (!page) throw unsupported("history");
  const options = within(HISTORY_MS, signal);
  const lean = page.message_id === undefined && page.disable_get_url === false ? { disable_get_url: true } : {};
  try {
    const { messages } =
      target.kind === "group"
        ? await calls.call("get_group_msg_history", { group_id: wireId(target.groupId), ...page, ...lean }, options)
        : await calls.call("get_friend_msg_history", { user_id: wireId(target.userId), ...page, ...lean }, options);
    return messages;
  } catch (error) {
    // NapCat says of a chat without messages that the one it was asked by, which was none, is not there (7.6).
    if (error instanceof QQApiError && error.kind === "target") return [];
    throw error;
  }
}
