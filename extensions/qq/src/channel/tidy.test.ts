import { expect, test } from "vitest";
import { openFakeAccount, type FakeAccount } from "./testing/fake-account.ts";
import { openFakePersonal } from "./testing/fake-personal.ts";
import { keepTidy } from "./tidy.ts";

const HOUR = 3_600_000;

/** How often each of the tables was tidied in a little over an hour. */
async function tidied(fake: FakeAccount) {
  const counts: Record<string, number> = {};
  const prune = (name: string) => () => void (counts[name] = (counts[name] ?? 0) + 1);
  const stop = new AbortController();
  const { running } = fake;
  const tables = ["replies", "parked", "refs", "refusals", "audits", "buttons", "requests", "waits", "chats"] as const;
  Object.assign(running, Object.fromEntries(tables.map((name) => [name, { prune: prune(name) }])));
  Object.assign(running, { signal: stop.signal, keptFiles: { prune: async () => prune("keptFiles")() } });
  const over = keepTidy(running, { prune: prune("marks") });
  await fake.clock.advance(HOUR + 1);
  stop.abort();
  await fake.clock.advance(HOUR);
  await over;
  return counts;
}

test("every table is tidied at the start and every hour; what is known of chats only on personal accounts", async () => {
  const every = [
    "replies",
    "parked",
    "refs",
    "refusals",
    "audits",
    "buttons",
    "requests",
    "waits",
    "marks",
    "keptFiles",
  ];
  const twice = Object.fromEntries(every.map((name) => [name, 2]));
  expect(await tidied(openFakePersonal())).toEqual({ ...twice, chats: 2 });
  expect(await tidied(openFakeAccount())).toEqual(twice);
});
