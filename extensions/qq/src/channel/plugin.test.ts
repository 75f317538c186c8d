import { expect, test } from "vitest";
import { qqPlugin } from "./plugin.ts";

const reference = { source: "env", provider: "default", id: "NOT_SET_IN_TESTS" };

/** What the host is told of the default account without a gateway. */
const inspect = (qq: Readonly<Record<string, unknown>>): unknown =>
  qqPlugin.config.inspectAccount?.({ channels: { qq } }, "default");

// The host's `channel-surfaces.md`, "Read-only channel inspection": without `configured` it says that it knows nothing.
test.each([
  [
    { appId: "102000001", appSecret: "s" },
    { configured: true, tokenStatus: "available", tokenSource: "config" },
  ],
  [
    { appId: "102000001", appSecret: reference },
    { configured: true, tokenStatus: "configured_unavailable" },
  ],
  [{ appId: "102000001" }, { configured: true, tokenStatus: "missing" }],
  [{ wsUrl: "ws://localhost:3001" }, { configured: true, mode: "onebot (wsUrl is set)" }],
  [
    { enabled: false, wsUrl: "ws://localhost:3001" },
    { configured: true, enabled: false },
  ],
  [{}, { configured: false, enabled: true }],
])("A6: an inspection says whether the account is set up, and how: %j", (qq, expected) => {
  expect(inspect(qq)).toMatchObject({ accountId: "default", dmPolicy: "pairing", ...expected });
});

test("an account that is deleted from the base leaves nothing of its road to the others", () => {
  const own = { appId: "1020", appSecretFile: "/secret", webhookPath: "/hook", transport: "webhook", name: "bot" };
  const cfg = { channels: { qq: { ...own, dmPolicy: "pairing", accounts: { work: { appId: "1030" } } } } };
  const left = qqPlugin.config.deleteAccount?.({ cfg, accountId: "default" });
  expect(left?.channels?.["qq"]).toEqual({ dmPolicy: "pairing", accounts: { work: { appId: "1030" } } });
});
