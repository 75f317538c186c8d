import { describe, expect, test } from "vitest";
import { localeOf, text, type TextName } from "./texts.ts";

describe("localeOf", () => {
  test.each([
    [{}, "en"],
    [{ LANG: "zh_CN.UTF-8" }, "zh"],
    [{ LANG: "zh" }, "zh"],
    [{ LANG: "ZH_TW.Big5" }, "zh"],
    [{ LANG: "en_US.UTF-8" }, "en"],
    [{ LANG: "C" }, "en"],
    [{ LANG: "de_DE@zh" }, "en"],
    [{ LANG: "zh_CN", LC_MESSAGES: "en_US" }, "en"],
    [{ LANG: "en_US", LC_MESSAGES: "zh_CN" }, "zh"],
    [{ LC_MESSAGES: "en_US", LC_ALL: "zh_CN" }, "zh"],
    [{ LANG: "zh_CN", LC_MESSAGES: "", LC_ALL: "" }, "zh"],
    [{ LANG: undefined, LC_CTYPE: "zh_CN" }, "en"],
    [{ LC_ALL: "en_US", OPENCLAW_LOCALE: "zh-CN" }, "zh"],
    [{ LC_ALL: "zh_CN", OPENCLAW_LOCALE: " " }, "zh"],
    [{ LC_ALL: "zh_CN", OPENCLAW_LOCALE: "en" }, "en"],
  ] as const)("%j is %s", (env, locale) => {
    expect(localeOf(env)).toBe(locale);
  });
});

describe("text", () => {
  const names: readonly TextName[] = ["pairingSenderId", "pairingApproved"];

  test.each(names)("%s is there in English and in Chinese", (name) => {
    expect(text("en", name, { id: "X" })).toMatch(/^[\x20-\x7e]+$/);
    expect(text("zh", name, { id: "X" })).toMatch(/\p{Script=Han}/u);
    expect(text(undefined, name, { id: "X" })).toBe(text("en", name, { id: "X" }));
  });

  test("D1: the sender reads their own openid, byte for byte", () => {
    for (const locale of ["en", "zh"] as const)
      expect(text(locale, "pairingSenderId", { id: "aB$&" })).toContain("aB$&");
  });
});
