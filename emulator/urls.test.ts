import { describe, expect, test } from "vitest";
import { findUrl } from "./urls.ts";

describe("findUrl", () => {
  test.each([
    "https://example.com/a?b=c",
    "ftp://files",
    "http://10.0.0.1:8080",
    "去www.example看看",
    "GitHub.com/x",
    "运行 install.sh",
    "看README.md。",
    "文档.md",
    "[这里](https://example.com)",
    "a.b.dev",
    "中文在前example.com",
  ])("finds the address in %s", (text) => {
    expect(findUrl(text, [])).toBeDefined();
  });

  test.each([
    "你好。再见",
    "版本 1.2.3",
    "example．com",
    "等等...再说",
    "3.14",
    "a. b",
    "foo.bar()",
    "![图 #200px #100px](https://example.com/a.png)",
    "x.shell",
  ])("lets %s through", (text) => {
    expect(findUrl(text, [])).toBeUndefined();
  });

  test("lets registered domains and what is under them through, and nothing that only looks so", () => {
    expect(findUrl("https://a.example.com https://www.example.com example.com", ["example.com"])).toBeUndefined();
    expect(findUrl("https://badexample.com", ["example.com"])).toBe("badexample.com");
    expect(findUrl("https://example.com.cn", ["example.com"])).toBe("example.com.cn");
  });
});
