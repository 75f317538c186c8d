import { describe, expect, test } from "vitest";
import { inheritsRoad, issueOf, withAccount, withoutAccount, withRoad } from "./save.ts";

const qq = (channel: object) => ({ channels: { qq: channel } });

describe("A2: where an account is written", () => {
  test("the default account is the base of channels.qq", () => {
    expect(withAccount({}, "default", { appId: "1020" })).toEqual(qq({ enabled: true, appId: "1020" }));
  });

  test("a named account stands under accounts, and the base keeps its keys", () => {
    const before = qq({ appId: "1020", appSecret: "s", dmPolicy: "open", allowFrom: ["*"] });
    expect(withAccount(before, "work", { appId: "1030" })).toEqual(
      qq({
        appId: "1020",
        appSecret: "s",
        dmPolicy: "open",
        allowFrom: ["*"],
        enabled: true,
        accounts: { default: {}, work: { appId: "1030", enabled: true } },
      }),
    );
  });

  test("the base stays the default account when it is named beside others", () => {
    const two = withAccount(qq({ appId: "1020", appSecret: "s" }), "work", { appId: "1030" });
    expect(withAccount(two, "default", { appSecret: "new" })).toEqual(
      qq({
        appId: "1020",
        appSecret: "new",
        enabled: true,
        accounts: { default: {}, work: { appId: "1030", enabled: true } },
      }),
    );
  });

  test("the default account stands where it stood", () => {
    const before = qq({ accounts: { Default: { appId: "1020" } } });
    expect(withAccount(before, "default", { name: "bot" })).toEqual(
      qq({ enabled: true, accounts: { Default: { appId: "1020", name: "bot", enabled: true } } }),
    );
  });

  test("where accounts stand and the base is none, the default account comes beside them and they inherit nothing", () => {
    const before = qq({ dmPolicy: "pairing", accounts: { work: { appId: "1030" } } });
    expect(withAccount(before, "default", { transport: "webhook" })).toEqual(
      qq({
        dmPolicy: "pairing",
        enabled: true,
        accounts: { work: { appId: "1030" }, default: { transport: "webhook", enabled: true } },
      }),
    );
  });

  test("a key that is there and undefined is taken out", () => {
    expect(withAccount(qq({ appId: "1020", appSecret: "s" }), "default", { appSecret: undefined })).toEqual(
      qq({ enabled: true, appId: "1020" }),
    );
  });

  test("another road takes what belonged to the old one with it, and leaves access and groups", () => {
    const before = qq({ appId: "1020", appSecret: "s", webhookPath: "/p", name: "n", groups: { G: {} } });
    expect(withRoad(before, "default", { wsUrl: "ws://127.0.0.1:3001" })).toEqual(
      qq({ enabled: true, wsUrl: "ws://127.0.0.1:3001", name: "n", groups: { G: {} } }),
    );
  });

  test("what else the configuration holds stays the same object", () => {
    const before = { ...qq({}), gateway: { port: 1 } };
    expect(withAccount(before, "default", {}).gateway).toBe(before.gateway);
    expect(before).toEqual({ ...qq({}), gateway: { port: 1 } });
  });
});

test("A2: an account is switched off without losing a key", () => {
  expect(withoutAccount(qq({ appId: "1020" }), "default")).toEqual(qq({ appId: "1020", enabled: false }));
  const two = qq({ appId: "1020", enabled: true, accounts: { work: { appId: "1030" } } });
  expect(withoutAccount(two, "work")).toEqual(
    qq({ appId: "1020", enabled: true, accounts: { work: { appId: "1030", enabled: false } } }),
  );
  expect(withoutAccount(two, "default")).toEqual(
    qq({ appId: "1020", enabled: true, accounts: { work: { appId: "1030" }, default: { enabled: false } } }),
  );
});

test("A7: what the schema refuses is told with its path", () => {
  expect(issueOf(qq({ appId: "1020" }))).toBeUndefined();
  expect(issueOf(qq({ accounts: { work: { appId: "abc" } } }))).toMatch(
    /^channels\.qq\.accounts\.work\.appId: .*q\.qq\.com/,
  );
});

test("B1: a named account comes by the base's road unless it says otherwise", () => {
  const base = qq({ appId: "1020", webhookPath: "/p" });
  expect([inheritsRoad(base, "work"), inheritsRoad(base, "default"), inheritsRoad(qq({ appId: "1" }), "work")]).toEqual(
    [true, false, false],
  );
});
