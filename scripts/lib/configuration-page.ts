import type { KeyText } from "../../extensions/qq/src/config/key-text.ts";

const pages = {
  en: {
    title: "# Configuration of `channels.qq`",
    other: "English | [简体中文](configuration.zh-CN.md)",
    intro:
      "Generated from the schema (`npm run generate`). Each key stands at the top of `channels.qq` for the default account, or under `channels.qq.accounts.<name>` for a further one, which inherits what it does not set.",
    head: "| key | what it does |",
  },
  zh: {
    title: "# `channels.qq` 配置",
    other: "[English](configuration.md) | 简体中文",
    intro:
      "由配置 schema 生成（`npm run generate`）。每个键写在 `channels.qq` 顶层即为默认账号，写在 `channels.qq.accounts.<名称>` 下即为其他账号；未设置的键继承顶层。",
    head: "| 键 | 作用 |",
  },
} as const;

/** docs/configuration.md in one of its two languages. */
export function configurationPage(locale: keyof typeof pages, keys: readonly (readonly [string, KeyText])[]): string {
  const { title, other, intro, head } = pages[locale];
  const rows = keys.map(([key, text]) => `| \`${key}\` | ${locale === "zh" ? text.helpZh : text.help} |`);
  return `${[title, "", other, "", intro, "", head, "| --- | --- |", ...rows].join("\n")}\n`;
}
