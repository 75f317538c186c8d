import { expect, test } from "vitest";
import { BindResult, connectUrl, decodeBindStatus, type BindStatus } from "./bind.ts";

const OPENID = "7FABD5615BFA1E24D2DCFF130B2C59B5";
const decode = (data: object): BindStatus | undefined => decodeBindStatus(BindResult.parse({ retcode: 0, data }));

test("A2: each status of a scan is read", () => {
  expect(decode({ status: 0 })).toEqual({ status: "waiting" });
  expect(decode({ status: 1, bot_appid: "", bot_encrypt_secret: "", user_openid: "" })).toEqual({ status: "waiting" });
  expect(decode({ status: 2, bot_appid: "102000001", bot_encrypt_secret: "c2Vj", user_openid: OPENID })).toEqual({
    status: "completed",
    appId: "102000001",
    sealedSecret: "c2Vj",
    userOpenid: OPENID,
  });
  expect(decode({ status: 3 })).toEqual({ status: "expired" });
});

test("an AppID may come as a number, and connectors before 1.2 were told no openid", () => {
  expect(decode({ status: 2, bot_appid: 102000001, bot_encrypt_secret: "c2Vj" })).toEqual({
    status: "completed",
    appId: "102000001",
    sealedSecret: "c2Vj",
    userOpenid: undefined,
  });
});

test("a status that nobody knows yet does not end the scan", () => {
  expect(decode({ status: 7 })).toEqual({ status: "waiting" });
});

test("a bound bot without what was asked for is not one", () => {
  expect(decode({ status: 2, bot_appid: "102000001" })).toBeUndefined();
  expect(decode({ status: 2, bot_appid: "", bot_encrypt_secret: "c2Vj" })).toBeUndefined();
});

test.each(["", "*", "qq:*", "10001", `${OPENID}A`, `*${OPENID.slice(1)}`])(
  "what is no openid never reaches an allowlist: %s",
  (user_openid) => {
    const data = { status: 2, bot_appid: "102000001", bot_encrypt_secret: "c2Vj", user_openid };
    expect(decode(data)).toMatchObject({ status: "completed", userOpenid: undefined });
  },
);

test.each(["102", "1020000x1", "../102000001", "1".repeat(21)])(
  "a bot with what is no AppID is not one: %s",
  (appId) => {
    expect(decode({ status: 2, bot_appid: appId, bot_encrypt_secret: "c2Vj" })).toBeUndefined();
  },
);

test("A2: the QR code leads to q.qq.com, whatever host of QQ's is asked", () => {
  const url = "https://q.qq.com/qqbot/openclaw/connect.html?task_id=t%2F1&source=My+OpenClaw&_wv=2";
  expect(connectUrl("https://q.qq.com", "t/1", "My OpenClaw")).toBe(url);
  expect(connectUrl("https://test.q.qq.com", "t/1", "My OpenClaw")).toBe(url);
});

test("where another host stands in for QQ, its page is there", () => {
  expect(connectUrl("http://127.0.0.1:8990", "t", "")).toBe(
    "http://127.0.0.1:8990/qqbot/openclaw/connect.html?task_id=t&source=&_wv=2",
  );
  expect(connectUrl("https://evilq.qq.com.example", "t", "")).toMatch(/^https:\/\/evilq\.qq\.com\.example\//);
});
