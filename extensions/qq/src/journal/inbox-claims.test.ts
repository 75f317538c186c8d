import { describe, expect, test } from "vitest";
import { openQueue } from "./testing/open-queue.ts";

type Queue = ReturnType<typeof openQueue>["queue"];
type Claim = NonNullable<Awaited<ReturnType<Queue["claim"]>>>;

async function claimed(queue: Queue, id: string): Promise<Claim> {
  const claim = await queue.claim(id);
  if (!claim) throw new Error(`${id} could not be claimed`);
  return claim;
}

/** Four events in lanes: a1 and a2 of lane A, b1 of lane B, n1 of none; received in this order. */
async function lanes() {
  const opened = openQueue();
  const events = [
    ["a1", "A"],
    ["a2", "A"],
    ["b1", "B"],
    ["n1", undefined],
  ] as const;
  for (const [index, [id, laneKey]] of events.entries()) {
    await opened.queue.enqueue(id, { n: index }, { receivedAt: index, ...(laneKey && { laneKey }) });
  }
  return opened;
}

describe("claimNext", () => {
  test.each([
    ["the oldest", {}, "a1"],
    ["not of a blocked lane", { blockedLaneKeys: ["A"] }, "b1"],
    ["one without a lane when every lane is blocked", { blockedLaneKeys: new Set(["A", "B"]) }, "n1"],
    ["among the candidates only", { candidateIds: ["b1", "n1"] }, "b1"],
    ["a candidate whose lane is free", { candidateIds: new Set(["a2", "n1"]), blockedLaneKeys: ["A"] }, "n1"],
    ["nothing when there are no candidates", { candidateIds: [] }, null],
    ["nothing when no candidate is known", { candidateIds: ["x"] }, null],
    ["nothing when the candidates' lanes are blocked", { candidateIds: ["a1", "a2"], blockedLaneKeys: ["A"] }, null],
    ["one beyond a scan limit of blocked rows", { blockedLaneKeys: ["A"], scanLimit: 1 }, "b1"],
  ] as const)("takes %s", async (_name, options, expected) => {
    const { queue } = await lanes();
    expect((await queue.claimNext(options))?.id ?? null).toBe(expected);
  });

  test("iterables that can be read only once are read once", async () => {
    const { queue } = await lanes();
    const candidateIds = ["a1", "b1"].values();
    const blockedLaneKeys = ["A"].values();
    expect((await queue.claimNext({ candidateIds, blockedLaneKeys }))?.id).toBe("b1");
  });

  test("a candidate that is claimed already blocks its lane", async () => {
    const { queue } = await lanes();
    await claimed(queue, "a1");
    expect((await queue.claimNext({ candidateIds: ["a1", "a2", "b1"] }))?.id).toBe("b1");
    expect(await queue.claimNext({ candidateIds: ["a1", "a2"] })).toBeNull();
  });

  test("a claim of a row that is no candidate blocks nothing: which lanes are busy is the caller's to say", async () => {
    const { queue } = await lanes();
    await claimed(queue, "a1");
    expect((await queue.claimNext({ candidateIds: ["a2"] }))?.id).toBe("a2");
  });

  test("G2: orders by time, within a millisecond as they came; or by id alone", async () => {
    const { queue } = openQueue();
    await queue.enqueue("a", { n: 1 }, { receivedAt: 20 });
    await queue.enqueue("c", { n: 2 }, { receivedAt: 10 });
    await queue.enqueue("b", { n: 3 }, { receivedAt: 10 });
    expect((await queue.claimNext())?.id).toBe("c");
    expect((await queue.claimNext({ orderBy: "id" }))?.id).toBe("a");
    expect((await queue.claimNext({ orderBy: "received" }))?.id).toBe("b");
    expect(await queue.claimNext()).toBeNull();
  });

  test("with staleMs it takes back what was held too long", async () => {
    const { queue, clock } = openQueue();
    await queue.enqueue("e", { n: 1 });
    const first = await queue.claimNext({ ownerId: "one" });
    expect(first?.claim).toMatchObject({ ownerId: "one", claimedAt: 1_000 });
    clock.now = 1_999;
    expect(await queue.claimNext({ staleMs: 1_000 })).toBeNull();
    clock.now = 2_000;
    const second = await queue.claimNext({ ownerId: "two", staleMs: 1_000 });
    expect(second).toMatchObject({ id: "e", attempts: 1, claim: { ownerId: "two", claimedAt: 2_000 } });
    expect(second?.claim.token).not.toBe(first?.claim.token);
  });
});

describe("claim", () => {
  test("names its owner, by default this process", async () => {
    const { queue } = await lanes();
    expect((await claimed(queue, "a1")).claim.ownerId).toBe(`${process.pid}`);
    expect((await queue.claim("b1", { ownerId: "me" }))?.claim.ownerId).toBe("me");
  });

  test("takes pending rows only", async () => {
    const { queue } = await lanes();
    await claimed(queue, "a1");
    await queue.complete("a2");
    await queue.fail("b1", { reason: "bad" });
    for (const id of ["a1", "a2", "b1", "unknown"]) expect(await queue.claim(id)).toBeNull();
  });
});

describe("a claim's token", () => {
  const uses: Readonly<Record<string, (queue: Queue, claim: Claim) => Promise<boolean> | undefined>> = {
    complete: async (queue, claim) => queue.complete(claim),
    release: async (queue, claim) => queue.release(claim),
    fail: async (queue, claim) => queue.fail(claim, { reason: "bad" }),
    delete: async (queue, claim) => queue.delete(claim),
    refresh: (queue, claim) => queue.refreshClaim?.(claim),
  };

  test.each(Object.entries(uses))("%s works with the token that holds, and not with an old one", async (_name, use) => {
    const { queue } = await lanes();
    const old = await claimed(queue, "a1");
    await queue.release(old);
    const current = await claimed(queue, "a1");
    expect(await use(queue, old)).toBe(false);
    expect((await queue.listClaims()).map(({ claim }) => claim.token)).toEqual([current.claim.token]);
    expect(await use(queue, current)).toBe(true);
  });

  test.each(Object.entries(uses))("%s of a row that is no longer claimed is false", async (_name, use) => {
    const { queue } = await lanes();
    const claim = await claimed(queue, "a1");
    await queue.release(claim);
    expect(await use(queue, claim)).toBe(false);
    expect((await queue.listPending()).map(({ id }) => id)).toContain("a1");
  });

  test("a bare id never touches a row that somebody holds", async () => {
    const { queue } = await lanes();
    await claimed(queue, "a1");
    expect(await queue.complete("a1")).toBe(false);
    expect(await queue.release("a1")).toBe(false);
    expect(await queue.fail("a1", { reason: "bad" })).toBe(false);
    expect(await queue.delete("a1")).toBe(false);
    expect(await queue.listClaims()).toHaveLength(1);
  });

  test("refreshing keeps a claim from going stale", async () => {
    const { queue, clock } = await lanes();
    const claim = await claimed(queue, "a1");
    clock.now = 5_000;
    expect(await queue.refreshClaim?.(claim)).toBe(true);
    clock.now = 5_500;
    expect(await queue.recoverStaleClaims({ staleMs: 1_000 })).toBe(0);
    expect(await queue.refreshClaim?.(claim, { refreshedAt: 1_000 })).toBe(true);
    expect(await queue.recoverStaleClaims({ staleMs: 1_000 })).toBe(1);
    expect(await queue.refreshClaim?.(claim)).toBe(false);
  });
});

test("G4: a row that a broken disk has made unreadable does not hold up the rows behind it", async () => {
  const { queue, database } = await lanes();
  database.exec("UPDATE inbox SET payload = '{broken' WHERE id = 'a1'");
  expect((await queue.listPending()).map(({ id, payload }) => [id, payload])).toEqual([
    ["a1", null],
    ["a2", { n: 1 }],
    ["b1", { n: 2 }],
    ["n1", { n: 3 }],
  ]);
  const claim = await claimed(queue, "a1");
  expect(await queue.fail(claim, { reason: "unreadable" })).toBe(true);
  expect((await queue.claimNext())?.id).toBe("a2");
});
