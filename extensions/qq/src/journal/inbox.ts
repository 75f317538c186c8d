import { randomUUID } from "node:crypto";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { ChannelIngressQueue, ChannelIngressQueueClaimRef } from "openclaw/plugin-sdk/channel-outbound";
import { transaction } from "./database.ts";
import { toClaim, toCompleted, toFailed, toRecord, type InboxRow } from "./rows.ts";

type Queue<P> = ChannelIngressQueue<P>;
type Status = InboxRow["status"];
type IdOrClaim = string | { readonly id: string; readonly claim?: { readonly token: string } };

/** How many rows are read where the host names no number; its own queue reads as many. */
const DEFAULT_LIMIT = 100;

/**
 * One account's events, stored before they are acknowledged: the host's queue type over our own table.
 *
 * The host refuses its durable queue to third-party plugins but not its pump, so lanes, claims, retries and
 * adoption stay the host's. An ended row stays as a tombstone without its payload, and keeps repetitions out.
 * Every method throws what SQLite throws, a full disk among it: the event is then not acknowledged.
 */
export function openInbox<P>(database: DatabaseSync, account: string, now: () => number): Queue<P> {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const rows = (sql: string, ...values: SQLInputValue[]): InboxRow[] =>
    // The statement selects whole rows of `inbox`.
    prepared(sql).all(account, ...values) as unknown as InboxRow[];
  const row = (id: string): InboxRow | undefined => rows("SELECT * FROM inbox WHERE account = ? AND id = ?", id)[0];
  const changed = (sql: string, ...values: SQLInputValue[]): number => Number(prepared(sql).run(...values).changes);
  // A status stands in the statement as a literal, or SQLite could not use the partial indexes.
  const open = (status: Status, limit: number, orderBy: "received" | "id" = "received"): InboxRow[] =>
    rows(
      `SELECT * FROM inbox WHERE account = ? AND status = '${status}' ORDER BY ${orderBy === "id" ? "id" : "received_at, id"} LIMIT ?`,
      limit,
    );

  // Events of one millisecond would be taken in the order of their ids: each is stored as a little later than the last.
  let last = { given: Number.NEGATIVE_INFINITY, stored: Number.NEGATIVE_INFINITY };
  const inOrder = (given: number): number => {
    const isBurst = given >= last.given && given <= last.stored;
    last = { given, stored: isBurst ? last.stored + 1 : given };
    return last.stored;
  };

  /** Moves a row on: a claim moves the row it holds, a bare id only a row that nobody holds. */
  const move = (target: IdOrClaim, set: string, ...values: SQLInputValue[]): boolean => {
    const token = tokenOf(target);
    const held = token === undefined ? "status = 'pending'" : "status = 'claimed' AND claim_token = ?";
    return (
      changed(
        `UPDATE inbox SET ${set}, claim_token = NULL, claim_owner = NULL, claimed_at = NULL WHERE account = ? AND id = ? AND ${held}`,
        ...values,
        account,
        idOf(target),
        ...(token === undefined ? [] : [token]),
      ) > 0
    );
  };

  const take = (id: string, ownerId: string | undefined): ReturnType<typeof toClaim<P>> | null => {
    const at = now();
    const taken = changed(
      "UPDATE inbox SET status = 'claimed', claim_token = ?, claim_owner = ?, claimed_at = ?, updated_at = ? WHERE account = ? AND id = ? AND status = 'pending'",
      randomUUID(),
      ownerId ?? `${process.pid}`,
      at,
      at,
      account,
      id,
    );
    const claimed = taken > 0 ? row(id) : undefined;
    return claimed ? toClaim<P>(claimed) : null;
  };

  const recoverStaleClaims: Queue<P>["recoverStaleClaims"] = async (options = {}) => {
    const at = options.now ?? now();
    const cutoff = at - Math.max(0, options.staleMs ?? 0);
    let recovered = 0;
    for (const stale of rows(
      "SELECT * FROM inbox WHERE account = ? AND status = 'claimed' AND claimed_at <= ?",
      cutoff,
    )) {
      const claim = toClaim<P>(stale);
      if (options.shouldRecover && !(await options.shouldRecover(claim))) continue;
      recovered += changed(
        "UPDATE inbox SET status = 'pending', claim_token = NULL, claim_owner = NULL, claimed_at = NULL, attempts = attempts + 1, last_attempt_at = ?, updated_at = ? WHERE account = ? AND id = ? AND status = 'claimed' AND claim_token = ? AND claimed_at <= ?",
        at,
        at,
        account,
        stale.id,
        claim.claim.token,
        cutoff,
      );
    }
    return recovered;
  };

  const pruneByAge = (status: Status, cutoff: number, spared: string): number =>
    changed(
      `DELETE FROM inbox WHERE account = ? AND status = '${status}' AND updated_at < ? AND id NOT IN (SELECT value FROM json_each(?))`,
      account,
      cutoff,
      spared,
    );
  const pruneByCount = (status: Status, keep: number, spared: string): number =>
    changed(
      `DELETE FROM inbox WHERE account = ?1 AND id IN (SELECT id FROM inbox WHERE account = ?1 AND status = '${status}' ORDER BY updated_at DESC, id DESC LIMIT -1 OFFSET ?2)
         AND id NOT IN (SELECT value FROM json_each(?3))`,
      account,
      keep,
      spared,
    );

  return {
    enqueue: async (id, payload, options) => {
      const at = now();
      const inserted = changed(
        "INSERT INTO inbox (account, id, status, lane, payload, received_at, updated_at) VALUES (?, ?, 'pending', ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        account,
        id,
        options?.laneKey ?? null,
        JSON.stringify(payload),
        inOrder(options?.receivedAt ?? at),
        at,
      );
      const stored = row(id);
      if (!stored) throw new Error("the QQ journal did not keep an event it was given");
      if (inserted > 0) return { kind: "accepted", duplicate: false, record: toRecord<P>(stored) };
      switch (stored.status) {
        case "pending":
          return { kind: "pending", duplicate: true, record: toRecord<P>(stored) };
        case "claimed":
          return { kind: "claimed", duplicate: true, record: toClaim<P>(stored) };
        case "completed":
          return { kind: "completed", duplicate: true, record: toCompleted(stored) };
        case "failed":
          return { kind: "failed", duplicate: true, record: toFailed<P>(stored) };
      }
    },

    listPending: async (options) =>
      open("pending", limitOf(options?.limit), options?.orderBy).map((each) => toRecord<P>(each)),
    listClaims: async () => open("claimed", limitOf("all")).map((each) => toClaim<P>(each)),
    listFailed: async (options) =>
      rows(
        "SELECT * FROM inbox WHERE account = ? AND status = 'failed' ORDER BY updated_at, id LIMIT ?",
        limitOf(options?.limit),
      ).map((each) => toFailed<P>(each)),

    claimNext: async (options = {}) => {
      if (options.staleMs !== undefined) await recoverStaleClaims({ staleMs: options.staleMs });
      const candidates = options.candidateIds && JSON.stringify([...options.candidateIds]);
      return transaction(database, () => {
        const blocked = new Set(options.blockedLaneKeys);
        if (candidates !== undefined) {
          // A candidate that somebody claimed meanwhile still occupies its lane.
          const busy = rows(
            "SELECT * FROM inbox WHERE account = ? AND status = 'claimed' AND id IN (SELECT value FROM json_each(?))",
            candidates,
          );
          for (const { lane } of busy) if (lane !== null) blocked.add(lane);
        }
        const next = rows(
          `SELECT * FROM inbox WHERE account = ? AND status = 'pending'
             AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2)))
             AND (lane IS NULL OR lane NOT IN (SELECT value FROM json_each(?3)))
           ORDER BY ${options.orderBy === "id" ? "id" : "received_at, id"} LIMIT 1`,
          candidates ?? null,
          JSON.stringify([...blocked]),
        )[0];
        return next ? take(next.id, options.ownerId) : null;
      });
    },

    claim: async (id, options) => transaction(database, () => take(id, options?.ownerId)),

    refreshClaim: async (claim: ChannelIngressQueueClaimRef, options) => {
      const at = options?.refreshedAt ?? now();
      return (
        changed(
          "UPDATE inbox SET claimed_at = ?, updated_at = ? WHERE account = ? AND id = ? AND status = 'claimed' AND claim_token = ?",
          at,
          at,
          account,
          claim.id,
          claim.claim.token,
        ) > 0
      );
    },

    complete: async (target, options) => {
      const at = options?.completedAt ?? now();
      if (move(target, "status = 'completed', payload = NULL, last_error = NULL, updated_at = ?", at)) return true;
      if (tokenOf(target) !== undefined) return false;
      // A bare id that was never stored leaves a tombstone, so that the event stays out when it comes.
      return (
        changed(
          "INSERT INTO inbox (account, id, status, received_at, updated_at) VALUES (?, ?, 'completed', ?, ?) ON CONFLICT DO NOTHING",
          account,
          idOf(target),
          at,
          at,
        ) > 0
      );
    },

    release: async (target, options) => {
      const at = options?.releasedAt ?? now();
      const attempt = options?.recordAttempt === false ? 0 : 1;
      return move(
        target,
        "status = 'pending', attempts = attempts + ?, last_attempt_at = CASE WHEN ? THEN ? ELSE last_attempt_at END, last_error = coalesce(?, last_error), updated_at = ?",
        attempt,
        attempt,
        at,
        options?.lastError ?? null,
        at,
      );
    },

    fail: async (target, options) =>
      move(
        target,
        "status = 'failed', reason = ?, last_error = ?, updated_at = ?",
        options.reason,
        options.message ?? null,
        options.failedAt ?? now(),
      ),

    resubmit: async (id, options) =>
      transaction(database, () => {
        const previous = row(id);
        if (!previous) return { kind: "not-found" };
        if (previous.status === "completed") return { kind: "completed", record: toCompleted(previous) };
        if (previous.status !== "failed") return { kind: "active", status: previous.status };
        const at = options?.resubmittedAt ?? now();
        changed(
          "UPDATE inbox SET status = 'pending', attempts = 0, last_attempt_at = NULL, last_error = NULL, reason = NULL, received_at = ?, updated_at = ? WHERE account = ? AND id = ?",
          at,
          at,
          account,
          id,
        );
        const record = row(id) ?? previous;
        return { kind: "resubmitted", record: toRecord<P>(record), previous: toFailed<P>(previous) };
      }),

    delete: async (target) => {
      const token = tokenOf(target);
      return (
        changed(
          `DELETE FROM inbox WHERE account = ? AND id = ? AND ${token === undefined ? "status = 'pending'" : "status = 'claimed' AND claim_token = ?"}`,
          account,
          idOf(target),
          ...(token === undefined ? [] : [token]),
        ) > 0
      );
    },

    recoverStaleClaims,

    prune: async (options = {}) => {
      const at = options.now ?? now();
      const spared = JSON.stringify([...(options.protectIds ?? [])]);
      const ages = [
        ["pending", options.pendingTtlMs],
        ["completed", options.completedTtlMs],
        ["failed", options.failedTtlMs],
      ] as const;
      const counts = [
        ["pending", options.pendingMaxEntries],
        ["completed", options.completedMaxEntries],
        ["failed", options.failedMaxEntries],
      ] as const;
      return transaction(database, () => {
        let pruned = 0;
        for (const [status, ttl] of ages) if (ttl !== undefined) pruned += pruneByAge(status, at - ttl, spared);
        for (const [status, keep] of counts) if (keep !== undefined) pruned += pruneByCount(status, keep, spared);
        return pruned;
      });
    },
  };
}

function idOf(target: IdOrClaim): string {
  return typeof target === "string" ? target : target.id;
}

function tokenOf(target: IdOrClaim): string | undefined {
  return typeof target === "string" ? undefined : target.claim?.token;
}

function limitOf(limit: number | "all" | undefined): number {
  return limit === "all" ? -1 : Math.max(1, Math.floor(limit ?? DEFAULT_LIMIT));
}
