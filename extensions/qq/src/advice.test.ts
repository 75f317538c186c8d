import { describe, expect, it } from "vitest";
import { advise, adviseRefusal } from "./advice.ts";
import {
  QQApiError,
  QQConfigError,
  QQKeptError,
  QQProtocolError,
  QQTransportError,
  type ApiRefusal,
  type FaultKind,
} from "./errors.ts";

const refusal = (kind: FaultKind, more: Partial<ApiRefusal> = {}): ApiRefusal => ({
  kind,
  retry: "never",
  status: 400,
  platformCode: 40054010,
  traceId: "0af1",
  call: "POST /v2/groups/{group_openid}/messages",
  ...more,
});
const kinds = [
  "audit",
  "bug",
  "config",
  "content",
  "duplicate",
  "ip-blocked",
  "media",
  "permission",
  "quota",
  "rate-limited",
  "reply-window",
  "target",
  "temporary",
  "token",
  "url",
] as const satisfies readonly FaultKind[];

describe("advice", () => {
  it.each(kinds)("for %s is one line in two languages, each with what QQ's support asks for", (kind) => {
    const texts = (["en", "zh"] as const).map((locale) => adviseRefusal(refusal(kind), locale));
    for (const text of texts) {
      expect(text).not.toContain("\n");
      expect(text).toContain("code 40054010");
      expect(text).toContain("trace 0af1");
      expect(text).toContain("POST /v2/groups/{group_openid}/messages");
    }
    expect(texts[0]).toMatch(/^[\x20-\x7e]*(?:IP 白名单|消息URL配置)?[\x20-\x7e]*$/);
    expect(texts[1]).toMatch(/[\u4e00-\u9fff]{4}/);
  });

  it("differs from kind to kind", () => {
    expect(new Set(kinds.map((kind) => adviseRefusal(refusal(kind), "zh"))).size).toBe(kinds.length);
  });

  it("names the address that was seen, the console page and the way without a list", () => {
    const blocked = refusal("ip-blocked", { platformCode: 11298, seenAddress: "203.0.113.7" });
    for (const locale of ["en", "zh"] as const) {
      const text = adviseRefusal(blocked, locale);
      for (const fact of ["203.0.113.7", "11298", "IP 白名单", "q.qq.com/qqbot/openclaw"]) expect(text).toContain(fact);
    }
  });

  it("is the message of the error in English, and made anew in Chinese", () => {
    const error = new QQApiError(adviseRefusal(refusal("url"), "en"), refusal("url"));
    expect(advise(error, "en")).toBe(error.message);
    const kept = new QQKeptError("group:G1", undefined);
    expect([advise(kept, "en"), advise(kept, "zh")]).toEqual([kept.message, expect.stringContaining("内容已保留")]);
    expect(advise(error, "zh")).toBe(adviseRefusal(refusal("url"), "zh"));
    for (const error of [new QQTransportError("lost"), new QQProtocolError("odd")]) {
      expect(advise(error, "en")).toBe(error.message);
      expect(advise(error, "zh")).toMatch(/[\u4e00-\u9fff].*(?:lost|odd)/);
    }
    const config = new QQConfigError("channels.qq.appId", { en: "set it", zh: "请设置" });
    expect((["en", "zh"] as const).map((locale) => advise(config, locale))).toEqual(["set it", "请设置"]);
  });
});
