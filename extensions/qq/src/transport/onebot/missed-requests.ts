import { QQError } from "../../errors.ts";
import type { GroupSystemMessage } from "../../protocol/onebot/actions.ts";
import { wireId } from "../../protocol/onebot/values.ts";
import type { Log } from "../log.ts";
import { within } from "./call-options.ts";
import type { Arrival } from "./intake.ts";
import type { HistoryReader } from "./missed.ts";
import { placeEvent } from "./place.ts";
import { REPEATABLE_MS } from "./reach.ts";

/** Notices of groups that are looked through, the newest ones. */
const LOOKED_THROUGH = 50;
/** Longest wait for them, ms (`onebot-napcat.md` 7.2). */
const LIST_MS = 30_000;
/** NapCat's flag is QQ's sequence of the notice, and that is when it was made, µs since the epoch (`onebot-napcat.md` 5). */
const MICROSECONDS = /^\d{16}$/;

/**
 * Requests about groups that were made since then, ms since the epoch, and are open still: nobody pushes again what came
 * while no connection was up. They have the same keys as the events. Nothing where the implementation has no such list;
 * of friends none has one. Rejects only when `signal` aborts.
 */
export async function readMissedRequests(
  reader: HistoryReader,
  since: number,
  log: Log,
  signal: AbortSignal,
): Promise<readonly Arrival[]> {
  // Whether the flags of others are times is not known, and what is old must not be asked again.
  if (reader.software.kind !== "napcat") return [];
  try {
    const options = within(LIST_MS, signal);
    const { invites, joins } = await reader.calls.call("get_group_system_msg", { count: LOOKED_THROUGH }, options);
    const from = Math.max(since, reader.now() - REPEATABLE_MS);
    return [
      // Who invites is the notice's second person, in the event too.
      ...invites.flatMap((each) => place(each, each.actor ?? each.invitor_uin, "invite", from, reader)),
      ...joins.flatMap((each) => place(each, each.invitor_uin, "add", from, reader)),
    ];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof QQError)) throw error;
    log.debug(`onebot requests not read why="${error.message}"`);
    return [];
  }
}

function place(
  { request_id: flag, group_id, message, checked }: GroupSystemMessage,
  userId: string | undefined,
  sub_type: "add" | "invite",
  from: number,
  { selfId, now }: HistoryReader,
): readonly Arrival[] {
  const at = MICROSECONDS.test(flag) ? Number(flag) / 1000 : 0;
  if (checked !== false || userId === undefined || group_id === undefined || at < from) return [];
  const event = {
    time: Math.floor(at / 1000),
    ...(selfId !== undefined && { self_id: wireId(selfId) }),
    post_type: "request",
    request_type: "group",
    sub_type,
    group_id: wireId(group_id),
    user_id: wireId(userId),
    comment: message ?? "",
    flag,
  };
  const placed = placeEvent(JSON.stringify(event), now());
  return placed.event ? [placed] : [];
}
