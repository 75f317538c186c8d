// oxlint-disable-next-line no-restricted-imports -- this proves that the host's own pump runs over our table
import { createChannelIngressMonitor } from "openclaw/plugin-sdk/channel-outbound";
import { expect, onTestFinished, test, vi } from "vitest";
import { openInbox } from "./inbox.ts";
import { tempJournal, type TempJournal } from "./testing/temp-journal.ts";

interface Event {
  readonly key: string;
  readonly lane: string;
  readonly text: string;
}

interface Stored {
  readonly version: number;
  readonly event: Event;
}

/** The host's pump as `channel/pump.ts` sets it up, on a connection of its own. */
function openPump(journal: TempJournal, deliver: (event: Event) => Promise<void>) {
  const errors: unknown[] = [];
  const database = journal.open();
  const monitor = createChannelIngressMonitor<Event, Event, Stored>({
    queue: openInbox<Stored>(database, "default", Date.now),
    inspect: (event) => ({ eventId: event.key, laneKey: event.lane }),
    payload: {
      version: 1,
      serialize: (event) => event,
      deserialize: (event) => event,
      encode: ({ version, body }) => ({ version, event: body }),
      decode: ({ version, event }) => ({ version, body: event }),
      createClaimError: (kind) => new Error(kind),
    },
    deliver,
    pollIntervalMs: 5,
    retention: "standard",
    waitForDeliveryIdleBeforeRepump: false,
    deferredClaims: "wait-on-stop",
    drain: { startLimit: 8 },
    onError: (error) => errors.push(error),
  });
  onTestFinished(async () => monitor.stop());
  return { monitor, database, errors };
}

const LANES = ["c2c:A", "group:B", "group:C"] as const;

function event(n: number): Event {
  return { key: `message:${String(n).padStart(2, "0")}`, lane: LANES[n % LANES.length] ?? "", text: `text ${n}` };
}

test("G1 G2: the host's pump delivers each event once, in the order of its lane", async () => {
  const delivered: Event[] = [];
  const busy = new Map<string, number>();
  let together = 0;
  const { monitor, database, errors } = openPump(tempJournal(), async (each) => {
    busy.set(each.lane, (busy.get(each.lane) ?? 0) + 1);
    together = Math.max(together, ...busy.values());
    await new Promise((resolve) => setImmediate(resolve));
    delivered.push(each);
    busy.set(each.lane, (busy.get(each.lane) ?? 0) - 1);
  });
  monitor.start();
  const events = Array.from({ length: 10 }, (_, n) => event(n));
  const admitted = [];
  for (const each of [...events, event(4)]) admitted.push(await monitor.admit(each));
  expect(admitted.every(({ kind }) => kind === "durable")).toBe(true);
  expect(admitted.at(-1)).toMatchObject({ queueResult: { duplicate: true } });

  const status = database.prepare("SELECT status, count(*) AS n FROM inbox GROUP BY status");
  await vi.waitFor(() => expect(status.all()).toEqual([{ status: "completed", n: 10 }]), 5_000);
  expect(delivered).toHaveLength(10);
  for (const lane of LANES) {
    expect(delivered.filter((each) => each.lane === lane)).toEqual(events.filter((each) => each.lane === lane));
  }
  expect(together).toBe(1);
  expect(errors).toEqual([]);
  expect(await monitor.admit(event(4))).toMatchObject({ queueResult: { kind: "completed", duplicate: true } });
});

test("G1: an event that was being delivered when the process died is delivered by the next one", async () => {
  const journal = tempJournal();
  const queue = openInbox<Stored>(journal.open(), "default", Date.now);
  await queue.enqueue("message:01", { version: 1, event: event(1) }, { laneKey: event(1).lane });
  await queue.claim("message:01", { ownerId: "dead" });

  const delivered: Event[] = [];
  const { monitor, errors } = openPump(journal, async (each) => void delivered.push(each));
  monitor.start();
  await vi.waitFor(() => expect(delivered).toEqual([event(1)]), 5_000);
  await vi.waitFor(async () => expect(await queue.listClaims()).toEqual([]), 5_000);
  expect(errors).toEqual([]);
});
