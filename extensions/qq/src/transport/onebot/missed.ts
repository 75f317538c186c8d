import { formatTarget, parseTarget, type Target } from "../../message/target.ts";
import { HistoryEntry, historyPage, type HistoryPage } from "../../protocol/onebot/history.ts";
import type { Software } from "../../protocol/onebot/software.ts";
import { wireId } from "../../protocol/onebot/values.ts";
import type { OneBotCalls } from "./calls.ts";
import type { Arrival } from "./intake.ts";
import type { OneBotMark } from "./memory.ts";
import { placeEvent } from "./place.ts";

/** What was written in a conversation since its mark. */
export interface Missed {
  /** Messages of others, oldest first; among them may be some from before the mark, which have come already or not. */
  readonly arrivals: readonly Arrival[];
  /** The newest message, whoever wrote it; absent when there is none. */
  readonly newest?: OneBotMark | undefined;
  /** There are more than are read: those just after the mark are left out. */
  readonly isCut?: boolean;
}

/** Messages of a page, and pages of a conversation: of a longer gap only the newest part is read (`onebot-napcat.md` 7.6). */
const PAGE = 20;
const MOST_PAGES = 5;
/** Media are looked up for each message of a page: longer than other calls, ms (`onebot-napcat.md` 7.2). */
const HISTORY_MS = 45_000;

export interface HistoryReader {
  readonly calls: OneBotCalls;
  readonly software: Software;
  /** Number of the account, which some leave out of what history holds. */
  readonly selfId: string | undefined;
  readonly now: () => number;
}

interface Entry {
  readonly entry: HistoryEntry;
  readonly at: number;
  readonly arrival: Arrival | undefined;
}

/**
 * Reads a conversation back to `since`, ms since the epoch and not after its mark, page by page. Rejects with a `QQError`
 * when it cannot be read.
 */
export async function readMissed(
  reader: HistoryReader,
  mark: OneBotMark,
  since: number,
  signal: AbortSignal,
): Promise<Missed> {
  const target = parseTarget(mark.lane);
  if (!target) return { arrivals: [] };
  const entries = new Map<string, Entry>();
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const before = oldest(entries);
    if (before && (before.at < since || (since >= mark.at && entries.has(mark.messageId)))) break;
    const ask = historyPage(reader.software, PAGE, before?.entry);
    const known = entries.size;
    for (const entry of ask ? await readPage(reader, target, ask, signal) : []) {
      if (!entries.has(entry.entry.message_id)) entries.set(entry.entry.message_id, entry);
    }
    if (entries.size === known) break;
  }
  const first = oldest(entries);
  const isCut = first !== undefined && first.at > mark.at && !entries.has(mark.messageId) && isFull(entries.size);
  const sorted = [...entries.values()].sort(byAge);
  const newest = sorted.at(-1);
  return {
    arrivals: sorted.flatMap(({ at, arrival, entry }) =>
      arrival && at >= since && entry.message_id !== mark.messageId ? [arrival] : [],
    ),
    newest: newest && { lane: mark.lane, messageId: newest.entry.message_id, at: newest.at },
    isCut,
  };
}

async function readPage(
  reader: HistoryReader,
  target: Target,
  page: HistoryPage,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const options = { timeoutMs: HISTORY_MS, signal };
  const { messages } =
    target.kind === "group"
      ? await reader.calls.call("get_group_msg_history", { group_id: wireId(target.groupId), ...page }, options)
      : target.kind === "c2c"
        ? await reader.calls.call("get_friend_msg_history", { user_id: wireId(target.userId), ...page }, options)
        : { messages: [] };
  return messages.flatMap((message) => readEntry(reader, formatTarget(target), message));
}

/** One message of a page, as the event that it would have been. */
function readEntry({ selfId, now }: HistoryReader, lane: string, message: unknown): readonly Entry[] {
  const entry = HistoryEntry.safeParse(message).data;
  if (!entry || typeof message !== "object" || message === null) return [];
  const self = selfId === undefined ? {} : { self_id: wireId(selfId) };
  const placed = placeEvent(JSON.stringify({ post_type: "message", ...self, ...message }), now());
  const taken = placed.event && placed.message && formatTarget(placed.message.chat) === lane ? placed : undefined;
  return [{ entry, at: taken?.message?.at ?? toMs(entry.time), arrival: taken }];
}

/** s since the epoch, or ms where QQ gave no time (`onebot-napcat.md` 4.1). */
function toMs(time = 0): number {
  return time > 1e12 ? time : time * 1000;
}

/** The last of the pages was a full one too; each repeats a message of the one before. */
function isFull(entries: number): boolean {
  return entries > (PAGE - 1) * MOST_PAGES;
}

function oldest(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  return [...entries.values()].sort(byAge)[0];
}

/** Those of one second by QQ's own sequence, where it is told. */
function byAge(a: Entry, b: Entry): number {
  return a.at - b.at || Number(a.entry.real_seq ?? 0) - Number(b.entry.real_seq ?? 0) || 0;
}
