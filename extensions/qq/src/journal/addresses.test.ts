import { expect, test } from "vitest";
import { openAddresses } from "./addresses.ts";
import { tempJournal } from "./testing/temp-journal.ts";

test("C2: the gateway's address and when it was asked for are there after a restart, for that bot only", () => {
  const journal = tempJournal();
  const first = openAddresses(journal.open(), "default:1:https://api.bot.qq.com");
  expect(first.load()).toBeUndefined();
  first.save({ url: "", shards: 1, toldAt: 0, askedAt: [] });
  expect(first.load()).toEqual({ url: "", shards: 1, toldAt: 0, askedAt: [] });
  const address = { url: "wss://api.sgroup.qq.com/websocket", shards: 3, toldAt: 1_790_000_000_000, askedAt: [1, 2] };
  first.save(address);
  const database = journal.open();
  expect(openAddresses(database, "default:1:https://api.bot.qq.com").load()).toEqual(address);
  expect(openAddresses(database, "default:2:https://api.bot.qq.com").load()).toBeUndefined();
});
