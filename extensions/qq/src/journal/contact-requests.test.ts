import { expect, test } from "vitest";
import type { ContactRequest } from "../message/inbound.ts";
import { openContactRequests } from "./contact-requests.ts";
import { openJournal } from "./database.ts";

const DAY = 24 * 3_600_000;
const request = (userId: string, at = 0): ContactRequest => ({ what: "friend", flag: "1", userId, comment: "", at });

test("requests have numbers that are never given twice, and two of one flag are two", () => {
  const journal = openJournal(":memory:");
  const requests = openContactRequests(journal, "a");
  expect([request("A"), request("B"), request("A")].map((each) => requests.add(each).number)).toEqual([1, 2, 1]);
  requests.decide(1, "denied");
  expect(requests.add(request("A")).decision).toBe("denied");
  expect(requests.open().map(({ number }) => number)).toEqual([2]);
  requests.prune(31 * DAY);
  expect([requests.find(1), requests.find(2)?.number]).toEqual([undefined, 2]);
  expect(requests.add(request("C", DAY)).number).toBe(3);
  expect(openContactRequests(journal, "b").add(request("A")).number).toBe(1);
});
