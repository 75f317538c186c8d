import { describe, expect, test } from "vitest";
import { QQApiError, QQConfigError, QQError, QQProtocolError, QQTransportError, type ApiRefusal } from "./errors.ts";

const refusal: ApiRefusal = {
  kind: "rate-limited",
  retry: "later",
  status: 429,
  platformCode: 22009,
  traceId: "t",
  call: "POST /v2/users/{id}/messages",
};

describe("errors", () => {
  test.each([
    [new QQConfigError("channels.qq.appId", { en: "write it", zh: "请填写" }), "QQConfigError", "QQ_CONFIG", "never"],
    [new QQTransportError("no answer"), "QQTransportError", "QQ_TRANSPORT", "later"],
    [new QQApiError("refused", refusal), "QQApiError", "QQ_API", "later"],
    [new QQProtocolError("unreadable"), "QQProtocolError", "QQ_PROTOCOL", "never"],
  ] as const)("%s has a stable code and says whether to try again", (error, name, code, retry) => {
    expect(error).toBeInstanceOf(QQError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, code, retry, mayHaveArrived: false });
    expect(String(error)).toBe(`${name}: ${error.message}`);
  });

  test("a refusal's retry and kind are its own", () => {
    const error = new QQApiError("no", { ...refusal, kind: "target", retry: "never" });
    expect(error).toMatchObject({ kind: "target", retry: "never", refusal: { platformCode: 22009, traceId: "t" } });
  });

  test("F3: what may have arrived says so", () => {
    expect(new QQTransportError("timeout", { mayHaveArrived: true }).mayHaveArrived).toBe(true);
    expect(new QQApiError("504", { ...refusal, mayHaveArrived: true }).mayHaveArrived).toBe(true);
  });

  test("a cause is kept", () => {
    const cause = new Error("inner");
    expect(new QQTransportError("outer", { cause }).cause).toBe(cause);
    expect(new QQConfigError("p", { en: "e", zh: "中" }, { cause })).toMatchObject({ cause, message: "e", path: "p" });
  });
});
