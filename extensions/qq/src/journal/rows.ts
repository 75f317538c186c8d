import type { ChannelIngressQueueClaim, ChannelIngressQueueRecord } from "openclaw/plugin-sdk/channel-outbound";

/** The channel's name in the host's records. */
const CHANNEL = "qq";

/** A row of the table `inbox`. Times are ms since the epoch. */
export interface InboxRow {
  readonly account: string;
  readonly id: string;
  readonly status: "pending" | "claimed" | "completed" | "failed";
  readonly lane: string | null;
  /** JSON; null once the row is completed. */
  readonly payload: string | null;
  readonly received_at: number;
  readonly updated_at: number;
  readonly attempts: number;
  readonly last_attempt_at: number | null;
  readonly last_error: string | null;
  readonly claim_token: string | null;
  readonly claim_owner: string | null;
  readonly claimed_at: number | null;
  readonly reason: string | null;
}

function named(row: InboxRow): { id: string; channelId: string; accountId: string; queueName: string } {
  return { id: row.id, channelId: CHANNEL, accountId: row.account, queueName: `${CHANNEL}:${row.account}` };
}

/**
 * The row as the host wants it. The payload is ours: it was written by `enqueue` and by nobody else. One that a broken
 * disk has made unreadable comes out as null: its claim then fails by itself, and the rows behind it go on.
 */
export function toRecord<P>(row: InboxRow): ChannelIngressQueueRecord<P> {
  return {
    ...named(row),
    payload: readPayload(row.payload) as P,
    receivedAt: row.received_at,
    updatedAt: row.updated_at,
    attempts: row.attempts,
    ...(row.lane === null ? {} : { laneKey: row.lane }),
    ...(row.last_attempt_at === null ? {} : { lastAttemptAt: row.last_attempt_at }),
    ...(row.last_error === null ? {} : { lastError: row.last_error }),
  };
}

function readPayload(payload: string | null): unknown {
  try {
    return JSON.parse(payload ?? "null");
  } catch {
    return null;
  }
}

export function toClaim<P>(row: InboxRow): ChannelIngressQueueClaim<P> {
  return {
    ...toRecord<P>(row),
    claim: {
      token: row.claim_token ?? "",
      ownerId: row.claim_owner ?? "",
      claimedAt: row.claimed_at ?? row.updated_at,
    },
  };
}

export function toCompleted(row: InboxRow) {
  return { ...named(row), completedAt: row.updated_at };
}

export function toFailed<P>(
  row: InboxRow,
): ChannelIngressQueueRecord<P> & { readonly failedAt: number; readonly reason: string; readonly message?: string } {
  return {
    ...toRecord<P>(row),
    failedAt: row.updated_at,
    reason: row.reason ?? "failed",
    ...(row.last_error === null ? {} : { message: row.last_error }),
  };
}
