import { expect, test } from "vitest";
import { isConfiguredElsewhere } from "./siblings.ts";

const cfg = {
  channels: {
    qq: {
      wsUrl: "ws://one:3001",
      selfId: 10_001,
      accounts: {
        two: { wsUrl: "ws://two:3001", selfId: 10_002 },
        off: { wsUrl: "ws://off:3001", selfId: 10_003, enabled: false },
        any: { wsUrl: "ws://any:3001" },
        bot: { appId: 102_000_001 },
      },
    },
  },
};

/** Which of the numbers are another's, as an account sees it. */
const elsewhere = (id: string) =>
  ["10001", "10002", "10003", "20001"].map((user) => isConfiguredElsewhere(cfg, {}, id, user));

test("D4: the number that another account is configured for is known before that account has connected", () => {
  expect(elsewhere("default")).toEqual([false, true, false, false]);
  expect(elsewhere("two")).toEqual([true, false, false, false]);
  expect(elsewhere("bot")).toEqual([true, true, false, false]);
});
