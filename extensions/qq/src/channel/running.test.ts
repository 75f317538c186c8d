import { expect, test } from "vitest";
import { RunningAccounts, type RunningAccount } from "./running.ts";

/** As far as the table of accounts looks at one. */
const named = (accountId: string): RunningAccount => ({ accountId }) as RunningAccount;

test("an account knows the numbers of the others that run, and not its own", () => {
  const accounts = new RunningAccounts();
  const [one, two] = [named("one"), named("two")];
  for (const account of [one, two]) accounts.add(account);
  expect(accounts.recognise("one", "10001")).toBeUndefined();
  expect(accounts.recognise("two", "10001")).toBe("one");
  expect(accounts.recognise("two", "10002")).toBeUndefined();
  expect(["10001", "10002", "20001"].map((id) => accounts.isSibling("one", id))).toEqual([false, true, false]);
  // A start that was overtaken takes nothing of its successor's away.
  accounts.remove(named("two"));
  expect(accounts.isSibling("one", "10002")).toBe(true);
  accounts.remove(two);
  expect(accounts.isSibling("one", "10002")).toBe(false);
});
