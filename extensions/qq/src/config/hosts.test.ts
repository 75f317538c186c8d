import { expect, test } from "vitest";
import { isLoopback, isPrivateAddress, isPublicHost } from "./hosts.ts";

test.each([
  ["localhost", "loopback"],
  ["napcat.localhost", "loopback"],
  ["127.5.5.5", "loopback"],
  ["[::1]", "loopback"],
  ["0.0.0.0", "private"],
  ["10.1.2.3", "private"],
  ["100.64.0.1", "private"],
  ["100.127.255.255", "private"],
  ["169.254.1.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.5", "private"],
  ["198.19.255.255", "private"],
  ["[::]", "private"],
  ["[fd12::1]", "private"],
  ["[fe80::1]", "private"],
  ["[::ffff:10.0.0.1]", "private"],
  ["napcat", "private"],
  ["nas.lan", "private"],
  ["NAS.Home.Arpa", "private"],
  ["100.63.255.255", "public"],
  ["100.128.0.1", "public"],
  ["172.32.0.1", "public"],
  ["198.20.0.1", "public"],
  ["43.1.2.3", "public"],
  ["[2408:8000::1]", "public"],
  ["[::2]", "public"],
  ["127.example.com", "public"],
  ["napcat.example.com", "public"],
])("%s is %s", (host, reach) => {
  expect(isLoopback(host)).toBe(reach === "loopback");
  expect(isPublicHost(host)).toBe(reach === "public");
});

test("addresses out of look-ups stand without brackets", () => {
  expect(["10.0.0.1", "::1", "fe80::1", "::ffff:192.168.0.1"].map(isPrivateAddress)).toEqual([true, true, true, true]);
  expect(["43.1.2.3", "2408:8000::1"].map(isPrivateAddress)).toEqual([false, false]);
});
