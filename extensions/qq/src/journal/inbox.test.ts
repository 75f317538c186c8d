import { describe, expect, test } from "vitest";
import { openQueue, type Body } from "./testing/open-queue.ts";

type Queue = ReturnType<typeof openQueue>["queue"];

/** Brings the event `e` into each status that a repetition of it can meet. */
const statuses: Readonly<Record<"pending" | "claimed" | "completed" | "failed", (queue: Queue) => Promise<unknown>>> = {
  pending: async () => undefined,
  claimed: async (queue) => queue.claim("e"),
  completed: async (queue) => queue.complete("e"),
  failed: async (queue) => queue.fail("e", { reason: "bad", message: "why" }),
};

describe("enqueue", () => {
  test("G1: an event that is new is accepted with all that it came with", async () => {
    const { queue } = openQueue();
    const result = await queue.enqueue("e", { n: 1 }, { laneKey: "c2c:A", receivedAt: 900 });
    expect(result).toMatchObject({ kind: "accepted", duplicate: false });
    expect(result.record).toMatchObject({
      id: "e",
      channelId: "qq",
      accountId: "default",
      payload: { n: 1 },
      laneKey: "c2c:A",
      receivedAt: 900,
      updatedAt: 1_000,
      attempts: 0,
    });
    expect(result.record).not.toHaveProperty("lastError");
    expect(result.record).not.toHaveProperty("lastAttemptAt");
  });

  test("an event without a time or a lane is received now, in no lane", async () => {
    const { queue } = openQueue();
    const { record } = await queue.enqueue("e", { n: 1 });
    expect(record).toMatchObject({ receivedAt: 1_000 });
    expect(record).not.toHaveProperty("laneKey");
  });

  test.each(["pending", "claimed", "completed", "failed"] as const)(
    "G2: a repetition of a %s event is a duplicate and changes nothing",
    async (kind) => {
      const { queue, clock } = openQueue();
      await queue.enqueue("e", { n: 1 }, { laneKey: "first" });
      await statuses[kind](queue);
      clock.now = 2_000;
      const again = await queue.enqueue("e", { n: 2 }, { laneKey: "second", receivedAt: 5 });
      expect(again).toMatchObject({ kind, duplicate: true, record: { id: "e" } });
      if (kind === "completed") {
        expect(again.record).toMatchObject({ completedAt: 1_000 });
        expect(again.record).not.toHaveProperty("payload");
      } else {
        expect(again.record).toMatchObject({ payload: { n: 1 }, laneKey: "first", receivedAt: 1_000 });
      }
      if (kind === "claimed") expect(again.record).toHaveProperty("claim.token", expect.stringMatching(/./));
      if (kind === "failed") expect(again.record).toMatchObject({ failedAt: 1_000, reason: "bad", message: "why" });
      expect(await queue.listPending()).toHaveLength(kind === "pending" ? 1 : 0);
    },
  );

  test("G2: two enqueues of one event at once store it once", async () => {
    const { queue } = openQueue();
    const results = await Promise.all([1, 2, 3].map(async (n) => queue.enqueue("e", { n })));
    expect(results.map(({ kind }) => kind)).toEqual(["accepted", "pending", "pending"]);
  });

  test("two accounts in one file do not see each other", async () => {
    const { queue, other } = openQueue();
    await queue.enqueue("e", { n: 1 });
    expect(await other.enqueue("e", { n: 2 })).toMatchObject({ kind: "accepted", record: { accountId: "work" } });
    expect(await other.complete("e")).toBe(true);
    expect((await queue.listPending()).map(({ payload }) => payload)).toEqual([{ n: 1 }]);
    expect(await other.claimNext()).toBeNull();
    const claim = await queue.claimNext();
    expect(claim?.payload).toEqual({ n: 1 } satisfies Body);
    expect(await other.complete(claim ?? "")).toBe(false);
    expect(await other.recoverStaleClaims()).toBe(0);
    expect(await other.prune({ completedMaxEntries: 0, pendingMaxEntries: 0 })).toBe(1);
    expect(await queue.listClaims()).toHaveLength(1);
  });
});

describe("listing", () => {
  test("pending events come oldest first, within a millisecond as they came, as many as asked for", async () => {
    const { queue } = openQueue();
    for (const [id, receivedAt] of [
      ["a", 30],
      ["c", 10],
      ["b", 10],
      ["d", 20],
    ] as const) {
      await queue.enqueue(id, { n: 0 }, { receivedAt });
    }
    const ids = async (options?: Parameters<Queue["listPending"]>[0]): Promise<string[]> =>
      (await queue.listPending(options)).map(({ id }) => id);
    expect(await ids()).toEqual(["c", "b", "d", "a"]);
    expect(await ids({ limit: 2 })).toEqual(["c", "b"]);
    expect(await ids({ limit: 0 })).toEqual(["c"]);
    expect(await ids({ orderBy: "id" })).toEqual(["a", "b", "c", "d"]);
    expect(await ids({ orderBy: "id", limit: 1 })).toEqual(["a"]);
  });

  test("'all' is all, and no limit is 100", async () => {
    const { queue } = openQueue();
    for (let n = 0; n < 130; n++) await queue.enqueue(`e${n}`, { n });
    expect(await queue.listPending({ limit: "all" })).toHaveLength(130);
    expect(await queue.listPending()).toHaveLength(100);
  });

  test("claims and failures are listed with what is known of them", async () => {
    const { queue, clock } = openQueue();
    for (const id of ["a", "b", "c"]) await queue.enqueue(id, { n: 7 }, { laneKey: `lane-${id}` });
    await queue.claim("a", { ownerId: "pump" });
    clock.now = 1_500;
    await queue.fail("c", { reason: "later", failedAt: 3_000 });
    await queue.fail("b", { reason: "poison", message: "it broke" });
    expect(await queue.listClaims()).toMatchObject([{ id: "a", claim: { ownerId: "pump", claimedAt: 1_000 } }]);
    expect(await queue.listFailed?.()).toMatchObject([
      { id: "b", reason: "poison", message: "it broke", failedAt: 1_500, payload: { n: 7 }, laneKey: "lane-b" },
      { id: "c", reason: "later", failedAt: 3_000 },
    ]);
    expect(await queue.listFailed?.({ limit: 1 })).toHaveLength(1);
    expect(await queue.listPending()).toEqual([]);
  });
});
