import { describe, expect, test } from "vitest";
import { openQueue } from "./testing/open-queue.ts";

async function withEvent() {
  const opened = openQueue();
  await opened.queue.enqueue("e", { n: 1 }, { laneKey: "A", receivedAt: 500 });
  return opened;
}

describe("release", () => {
  test("counts the attempt and keeps its error", async () => {
    const { queue, clock } = await withEvent();
    clock.now = 2_000;
    const claim = await queue.claim("e");
    expect(await queue.release(claim ?? "", { lastError: "no line" })).toBe(true);
    expect(await queue.listPending()).toMatchObject([
      { attempts: 1, lastError: "no line", lastAttemptAt: 2_000, updatedAt: 2_000, receivedAt: 500, laneKey: "A" },
    ]);
    const again = await queue.claim("e");
    expect(await queue.release(again ?? "", { releasedAt: 3_000 })).toBe(true);
    expect(await queue.listPending()).toMatchObject([{ attempts: 2, lastError: "no line", lastAttemptAt: 3_000 }]);
  });

  test("counts nothing when told so: the gateway is going down", async () => {
    const { queue } = await withEvent();
    const claim = await queue.claim("e");
    expect(await queue.release(claim ?? "", { recordAttempt: false })).toBe(true);
    const [record] = await queue.listPending();
    expect(record?.attempts).toBe(0);
    expect(record).not.toHaveProperty("lastAttemptAt");
  });
});

describe("recoverStaleClaims", () => {
  test("asks before each claim, and counts what it took back as an attempt", async () => {
    const { queue, clock } = await withEvent();
    await queue.enqueue("f", { n: 2 });
    await queue.claim("e", { ownerId: "dead" });
    await queue.claim("f", { ownerId: "alive" });
    clock.now = 9_000;
    const asked: string[] = [];
    const recovered = await queue.recoverStaleClaims({
      shouldRecover: async ({ id, claim, payload }) => {
        asked.push(`${id} ${claim.ownerId} ${payload.n}`);
        return claim.ownerId === "dead";
      },
    });
    expect(recovered).toBe(1);
    expect(asked.sort()).toEqual(["e dead 1", "f alive 2"]);
    expect(await queue.listPending()).toMatchObject([{ id: "e", attempts: 1, lastAttemptAt: 9_000 }]);
    expect(await queue.listClaims()).toMatchObject([{ id: "f", claim: { ownerId: "alive" } }]);
  });

  test("takes only what is older than staleMs, by the clock or by `now`", async () => {
    const { queue } = await withEvent();
    await queue.claim("e");
    expect(await queue.recoverStaleClaims({ staleMs: 1, shouldRecover: () => true })).toBe(0);
    expect(await queue.recoverStaleClaims({ staleMs: 500, now: 1_499 })).toBe(0);
    expect(await queue.recoverStaleClaims({ staleMs: 500, now: 1_500 })).toBe(1);
  });

  test("leaves a claim alone that was refreshed or settled while it asked", async () => {
    const { queue, clock } = await withEvent();
    await queue.enqueue("f", { n: 2 });
    await queue.claim("e");
    await queue.claim("f");
    clock.now = 5_000;
    const recovered = await queue.recoverStaleClaims({
      staleMs: 1_000,
      shouldRecover: async (claim) => (claim.id === "e" ? queue.refreshClaim?.(claim) : queue.complete(claim)) ?? false,
    });
    expect(recovered).toBe(0);
    expect(await queue.listClaims()).toMatchObject([{ id: "e" }]);
  });
});

describe("complete", () => {
  test("leaves a tombstone without what was written", async () => {
    const { queue, database } = await withEvent();
    const claim = await queue.claim("e");
    expect(await queue.complete(claim ?? "", { completedAt: 4_000 })).toBe(true);
    expect(await queue.enqueue("e", { n: 2 })).toMatchObject({ kind: "completed", record: { completedAt: 4_000 } });
    expect(database.prepare("SELECT payload, claim_token, last_error FROM inbox").all()).toEqual([
      { payload: null, claim_token: null, last_error: null },
    ]);
    expect(await queue.complete("e")).toBe(false);
    expect(await queue.claimNext()).toBeNull();
  });

  test("G2: of an unknown id keeps the event out when it comes; of an unknown claim it does nothing", async () => {
    const { queue } = await withEvent();
    expect(await queue.complete("ahead")).toBe(true);
    expect(await queue.enqueue("ahead", { n: 1 })).toMatchObject({ kind: "completed", duplicate: true });
    const foreign = { id: "never", claim: { token: "t", ownerId: "o", claimedAt: 1 } };
    expect(await queue.complete(foreign)).toBe(false);
    expect(await queue.enqueue("never", { n: 1 })).toMatchObject({ kind: "accepted" });
  });
});

describe("fail and resubmit", () => {
  test("a failed event starts again with its payload and no past", async () => {
    const { queue, clock } = await withEvent();
    await queue.release((await queue.claim("e")) ?? "", { lastError: "first" });
    expect(await queue.fail((await queue.claim("e")) ?? "", { reason: "poison", message: "second" })).toBe(true);
    expect(await queue.claim("e")).toBeNull();
    clock.now = 7_000;
    const result = await queue.resubmit?.("e");
    expect(result).toMatchObject({
      kind: "resubmitted",
      record: { payload: { n: 1 }, attempts: 0, receivedAt: 7_000, laneKey: "A" },
      previous: { reason: "poison", message: "second", attempts: 1, failedAt: 1_000 },
    });
    expect(await queue.listFailed?.()).toEqual([]);
    const claim = await queue.claimNext();
    expect(claim).toMatchObject({ id: "e", payload: { n: 1 } });
    expect(claim).not.toHaveProperty("lastError");
  });

  test("only a failed event is resubmitted", async () => {
    const { queue } = await withEvent();
    expect(await queue.resubmit?.("unknown")).toEqual({ kind: "not-found" });
    expect(await queue.resubmit?.("e")).toEqual({ kind: "active", status: "pending" });
    await queue.claim("e");
    expect(await queue.resubmit?.("e")).toEqual({ kind: "active", status: "claimed" });
    await queue.complete("done");
    expect(await queue.resubmit?.("done")).toMatchObject({ kind: "completed", record: { id: "done" } });
  });

  test("a deleted event is forgotten altogether", async () => {
    const { queue } = await withEvent();
    expect(await queue.delete("e")).toBe(true);
    expect(await queue.delete("e")).toBe(false);
    expect(await queue.enqueue("e", { n: 3 })).toMatchObject({ kind: "accepted" });
  });
});

/** A pending, a completed and a failed event of each of three seconds. */
async function aged() {
  const opened = openQueue();
  const { queue } = opened;
  for (const [status, at] of [1, 2, 3].flatMap((n) => ["pending", "completed", "failed"].map((s) => [s, n] as const))) {
    opened.clock.now = at * 1_000;
    const id = `${status}${at}`;
    await queue.enqueue(id, { n: at });
    if (status === "completed") await queue.complete(id);
    if (status === "failed") await queue.fail(id, { reason: "bad" });
  }
  opened.clock.now = 4_000;
  const ids = (): unknown[] =>
    opened.database
      .prepare("SELECT id FROM inbox ORDER BY id")
      .all()
      .map(({ id }) => id);
  return { ...opened, ids };
}

describe("prune", () => {
  test.each([
    ["completed", { completedTtlMs: 2_000 }, ["completed2", "completed3"]],
    ["failed", { failedTtlMs: 1_500 }, ["failed3"]],
    ["pending", { pendingTtlMs: 0 }, []],
    ["completed", { completedTtlMs: 2_000, now: 3_000 }, ["completed1", "completed2", "completed3"]],
    ["completed", { completedMaxEntries: 1 }, ["completed3"]],
    ["failed", { failedMaxEntries: 2 }, ["failed2", "failed3"]],
    ["pending", { pendingMaxEntries: 0 }, []],
    ["completed", { completedMaxEntries: 1, protectIds: ["completed1"] }, ["completed1", "completed3"]],
    ["completed", { completedTtlMs: 1, protectIds: ["completed2"] }, ["completed2"]],
  ] as const)("of %s by %j keeps %j and the other kinds", async (status, options, kept) => {
    const { queue, ids } = await aged();
    const before = ids();
    const others = before.filter((id) => typeof id === "string" && !id.startsWith(status));
    const pruned = await queue.prune(options);
    expect(new Set(ids())).toEqual(new Set([...others, ...kept]));
    expect(pruned).toBe(before.length - ids().length);
  });

  test("never touches a claimed event, and does nothing when it is told nothing", async () => {
    const { queue, ids } = await aged();
    await queue.claim("pending1");
    expect(await queue.prune()).toBe(0);
    expect(await queue.prune({ pendingTtlMs: 0, pendingMaxEntries: 0 })).toBe(2);
    expect(ids()).toContain("pending1");
  });
});
