import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { QQApiError } from "../../errors.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet, type FakeNet } from "../testing/fake-net.ts";
import { createTokenSource, type TokenSource } from "./token.ts";

const CALL = "POST /app/getAppAccessToken";
const account = { appId: "102000001", appSecret: "the-secret", apiBaseUrl: "https://api.bot.qq.com" };
const granted = (token: string, seconds: unknown = "7200") => ({ json: { access_token: token, expires_in: seconds } });

let clock: FakeClock;
let net: FakeNet;
let tokens: TokenSource;
beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  tokens = createTokenSource(net, account);
});
afterEach(() => net.verify());

describe("token", () => {
  it("is asked for once by many at the same time", async () => {
    net.on(CALL, granted("t1"));
    expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(["t1", "t1", "t1"]);
    expect(net.calls.map(({ body }) => body)).toEqual([{ appId: "102000001", clientSecret: "the-secret" }]);
  });

  it.each([["7125"], [7125]])("keeps for the seconds it was given, as %j", async (seconds) => {
    net.on(CALL, granted("t1", seconds));
    await tokens.get();
    await clock.advance(7125_000 - 60_000);
    expect(await tokens.get()).toBe("t1");
    await clock.advance(20_000);
    net.on(CALL, granted("t2"));
    expect(await tokens.get()).toBe("t2");
  });

  it("is renewed only when the platform gives another, so that asking never loops", async () => {
    net.on(CALL, granted("t1", 70), granted("t1", 30));
    await tokens.get();
    await clock.advance(36_000);
    for (let times = 0; times < 20; times++) expect(await tokens.get()).toBe("t1");
    expect(net.calls).toHaveLength(2);
  });

  it("still serves the old token while the renewal fails, and only then", async () => {
    net.on(CALL, granted("t1", 7200));
    await tokens.get();
    await clock.advance(7155_000);
    net.on(CALL, { cut: "ECONNRESET" });
    expect(await tokens.get()).toBe("t1");
    await clock.advance(60_000);
    net.on(CALL, { cut: "ECONNRESET" });
    await expect(tokens.get()).rejects.toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: false });
  });

  it("forgets a refused token, but not the one that came after it", async () => {
    net.on(CALL, granted("t1"), granted("t2"));
    expect(await tokens.get()).toBe("t1");
    tokens.invalidate("t1");
    expect(await tokens.get()).toBe("t2");
    tokens.invalidate("t1");
    expect(await tokens.get()).toBe("t2");
  });

  it.each([
    [100016, "config"],
    [100007, "config"],
    [10004, "config"],
    [100001, "rate-limited"],
  ])("tells refusal %i, which comes with status 200, as %s", async (code, kind) => {
    net.on(CALL, { json: { code, message: "invalid the-secret" }, headers: { "x-tps-trace-id": "abc123" } });
    const error = await tokens.get().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(QQApiError);
    expect(error).toMatchObject({ kind, refusal: { platformCode: code, traceId: "abc123" } });
    expect(String(error)).toContain(`code ${code}`);
    expect(JSON.stringify(error) + String(error)).not.toContain("the-secret");
  });

  it("leaves the platform alone for a minute after too many calls", async () => {
    net.on(CALL, { json: { code: 100001, message: "Too many requests" } });
    await expect(tokens.get()).rejects.toMatchObject({ kind: "rate-limited" });
    await clock.advance(59_000);
    await expect(tokens.get()).rejects.toMatchObject({ kind: "rate-limited" });
    expect(net.calls).toHaveLength(1);
    net.on(CALL, granted("t1"));
    await clock.advance(1000);
    expect(await tokens.get()).toBe("t1");
  });

  it("gives up waiting when asked to, without stopping it for the others", async () => {
    net.on(CALL, granted("t1"));
    const stop = new AbortController();
    const mine = tokens.get(stop.signal);
    const others = tokens.get();
    stop.abort();
    await expect(mine).rejects.toMatchObject({ code: "QQ_TRANSPORT" });
    expect(await others).toBe("t1");
  });

  it("has a deadline, and takes no page of a captive portal for an answer", async () => {
    const endless = { html: `{"access_token":"t","expires_in":7${" ".repeat(1024 * 1024)}}`, status: 200 };
    net.on(CALL, { silence: true }, { html: "<html>log in</html>", status: 200 }, endless, { html: "", status: 302 });
    const slow = expect(tokens.get()).rejects.toThrow("no answer within 15000 ms");
    await clock.advance(15_000);
    await slow;
    await expect(tokens.get()).rejects.toMatchObject({ code: "QQ_TRANSPORT" });
    await expect(tokens.get()).rejects.toMatchObject({ code: "QQ_TRANSPORT" });
    await expect(tokens.get()).rejects.toMatchObject({
      kind: "temporary",
      message: expect.stringContaining("redirect"),
    });
  });
});
