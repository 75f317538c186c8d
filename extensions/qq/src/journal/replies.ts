import type { DatabaseSync } from "node:sqlite";
import type { PassiveAnchor } from "../message/outbound.ts";
import type { ReplyLimit } from "../protocol/official/limits.ts";
import { transaction } from "./database.ts";

/** Left over of a window that is not used: an answer claimed late must still arrive within it, ms. */
const MARGIN_MS = 5_000;

/** How long a part's number is remembered, so that a replay after a crash says the same number again: 7 days, ms. */
const PART_TTL_MS = 7 * 24 * 3_600_000;

/** How long a message that takes no more replies is remembered as such: longer than any window, ms. */
const ANCHOR_TTL_MS = 2 * 3_600_000;

export interface ReplyClaim {
  /** Chat the reply goes to, as `formatTarget` writes it. */
  readonly target: string;
  /**
   * Names the part of an answer that is sent, the same at every try: the host's delivery id and part index.
   * A part that has claimed before gets its claim again, so that the platform can tell a repetition.
   */
  readonly part?: string;
  /** Replies that must stay free for what is yet to come; 0 for a final answer. */
  readonly reserve?: number;
}

/** What replies can be tied to: a message by its id, or an event by its outer id. */
export type ReplyAnchor = (
  | { readonly msgId: string; readonly eventId?: never }
  | { readonly eventId: string; readonly msgId?: never }
) & { readonly target: string; readonly receivedAt: number; readonly limit: ReplyLimit };

/**
 * The reply budget of one account: how many passive replies each inbound message still allows, kept over a crash.
 * Arithmetic over (message, window, used) with `now` as an argument, ms since the epoch.
 */
export interface Replies {
  /** An inbound message, or an event, that may be replied to. Knows it already: nothing changes. */
  open(anchor: ReplyAnchor): void;
  /** Takes the next number of the newest message in the chat that still has a reply, or `undefined`: send proactively. */
  claim(claim: ReplyClaim, now: number): PassiveAnchor | undefined;
  /** How many replies the chat's messages still allow together. */
  left(target: string, now: number): number;
  /** Whether the part has claimed: its send has begun, and may have arrived. */
  knows(part: string): boolean;
  /** The platform says no more replies to this message or event: its window is shut or its count used up. */
  close(anchor: PassiveAnchor): void;
  /** Forgets what is out of every window. */
  prune(now: number): void;
}

export function openReplies(database: DatabaseSync, account: string): Replies {
  const insert = database.prepare(
    "INSERT INTO reply_anchors (account, msg_id, kind, target, received_at, expires_at, replies) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const claimed = database.prepare(
    `SELECT p.msg_id, p.msg_seq, coalesce(a.kind, 'message') AS kind
      FROM reply_parts p LEFT JOIN reply_anchors a ON a.account = p.account AND a.msg_id = p.msg_id
      WHERE p.account = ? AND p.part = ?`,
  );
  const newest = database.prepare(
    `SELECT msg_id, kind, used FROM reply_anchors
      WHERE account = ? AND target = ? AND expires_at > ? AND (replies IS NULL OR used + ? < replies)
      ORDER BY received_at DESC LIMIT 1`,
  );
  const free = database.prepare(
    `SELECT count(*) FILTER (WHERE replies IS NULL) AS unlimited, coalesce(sum(max(replies - used, 0)), 0) AS free
      FROM reply_anchors WHERE account = ? AND target = ? AND expires_at > ?`,
  );
  const latest = database.prepare("SELECT max(received_at) AS at FROM reply_anchors WHERE account = ? AND target = ?");
  const use = database.prepare("UPDATE reply_anchors SET used = used + 1 WHERE account = ? AND msg_id = ?");
  const remember = database.prepare(
    "INSERT OR REPLACE INTO reply_parts (account, part, msg_id, msg_seq, claimed_at) VALUES (?, ?, ?, ?, ?)",
  );
  const shut = database.prepare("UPDATE reply_anchors SET expires_at = 0 WHERE account = ? AND msg_id = ?");
  // The parts of a message that is shut must claim anew; those of one that is merely old keep their numbers.
  const forget = database.prepare("DELETE FROM reply_parts WHERE account = ? AND msg_id = ?");

  return {
    open: (anchor) => {
      const { target, receivedAt, limit } = anchor;
      const replies = Number.isFinite(limit.replies) ? limit.replies : null;
      const kind = anchor.msgId === undefined ? "event" : "message";
      const at = inOrder(receivedAt, Number(latest.get(account, target)?.["at"] ?? Number.NaN));
      insert.run(account, idOf(anchor), kind, target, at, receivedAt + limit.windowMs - MARGIN_MS, replies);
    },
    claim: ({ target, part, reserve = 0 }, now) =>
      transaction(database, () => {
        const before = part === undefined ? undefined : claimed.get(account, part);
        if (before) return toAnchor(before, Number(before["msg_seq"]));
        const anchor = newest.get(account, target, now, reserve);
        if (!anchor) return undefined;
        const msgId = String(anchor["msg_id"]);
        const msgSeq = Number(anchor["used"]) + 1;
        use.run(account, msgId);
        if (part !== undefined) remember.run(account, part, msgId, msgSeq, now);
        return toAnchor(anchor, msgSeq);
      }),
    left: (target, now) => {
      const row = free.get(account, target, now);
      return Number(row?.["unlimited"]) > 0 ? Number.POSITIVE_INFINITY : Number(row?.["free"] ?? 0);
    },
    knows: (part) => claimed.get(account, part) !== undefined,
    close: (anchor) => {
      transaction(database, () => {
        shut.run(account, idOf(anchor));
        forget.run(account, idOf(anchor));
      });
    },
    prune: (now) => {
      database
        .prepare("DELETE FROM reply_anchors WHERE account = ? AND expires_at < ? AND received_at < ?")
        .run(account, now, now - ANCHOR_TTL_MS);
      database.prepare("DELETE FROM reply_parts WHERE account = ? AND claimed_at < ?").run(account, now - PART_TTL_MS);
    },
  };
}

/** QQ tells times to the second: of two messages in one, the later one to come is the newer. */
function inOrder(receivedAt: number, latest: number): number {
  const isSameSecond = receivedAt % 1000 === 0 && receivedAt === Math.floor(latest / 1000) * 1000;
  return isSameSecond ? latest + 1 : receivedAt;
}

function idOf(anchor: Pick<PassiveAnchor, "msgId" | "eventId">): string {
  return anchor.msgId ?? anchor.eventId ?? "";
}

function toAnchor(row: Record<string, unknown>, msgSeq: number): PassiveAnchor {
  const id = String(row["msg_id"]);
  return row["kind"] === "event" ? { eventId: id, msgSeq } : { msgId: id, msgSeq };
}
