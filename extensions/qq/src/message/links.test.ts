import { describe, expect, test } from "vitest";
import { numberLinks, widenLinks } from "./links.ts";

const label = (number: number) => `[link ${number}]`;

describe("F4: widenLinks", () => {
  test.each([
    ["见https://a.cn/b.html，好", "见https：//a．cn/b．html，好"],
    ["`curl http://localhost:80`", "`curl http：//localhost:80`"],
    ["https://a.cn/?u=https://b.cn/c", "https：//a．cn/?u=https：//b．cn/c"],
    ["run ./install.sh or .profile.sh", "run ./install．sh or .profile．sh"],
    ["`README.md` 和 文件.md", "`README．md` 和 文件．md"],
    ["[docs](https://a.cn)", "[docs](https：//a．cn)"],
  ])("F4: %s", (text, widened) => {
    expect(widenLinks(text)).toBe(widened);
  });

  test.each([
    "1.2.3",
    "v2026.9.6",
    "1.2.x",
    "v1.0.0.rc1",
    "5.3.RELEASE",
    "1.0.0-beta.1",
    "e.g. this, i.e. that",
    "U.S.A.",
    "3.14",
    "end. Next",
    "![图](https://a.cn/b.png)",
  ])("F4: %s stays as it is", (text) => {
    expect(widenLinks(text)).toBe(text);
  });
});

describe("F4: numberLinks", () => {
  test("F4: links become numbers, the same for the same link", () => {
    expect(numberLinks("见https://a.cn/b.html, docs (https://c.cn/x). Again https://a.cn/b.html!", label)).toEqual({
      text: "见[link 1], docs [link 2]. Again [link 1]!",
      links: ["https://a.cn/b.html", "https://c.cn/x"],
    });
    expect(numberLinks("用github.com/x查看 www.b.cn:80", label)).toEqual({
      text: "用[link 1]查看 [link 2]",
      links: ["github.com/x", "www.b.cn:80"],
    });
  });

  test("F4: file names, versions and e-mail addresses stay readable", () => {
    expect(numberLinks("README.md install.sh 1.2.3 me@a.cn", label)).toEqual({
      text: "README·md install·sh 1.2.3 me@a·cn",
      links: [],
    });
  });
});
