import type { KeyText } from "../../extensions/qq/src/config/key-text.ts";

/** As much of a key's JSON schema as says what may stand there. */
export interface KeySchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly KeySchema[];
  readonly oneOf?: readonly KeySchema[];
}

/** A key with its texts and its schema. */
export interface DocumentedKey {
  readonly key: string;
  readonly text: KeyText;
  readonly schema: KeySchema;
}

const pages = {
  en: {
    title: "# Configuration of `channels.qq`",
    other: "English | [简体中文](configuration.zh-CN.md)",
    intro:
      "Generated from the schema (`npm run generate`). Each key stands at the top of `channels.qq` for the default account, or under `channels.qq.accounts.<name>` for a further one, which inherits what it does not set.",
    head: "| key | type | default | what it does |",
    types: { string: "text", number: "number", integer: "number", array: "list", object: "object" },
    secret: "text or SecretRef",
    or: " or ",
  },
  zh: {
    title: "# `channels.qq` 配置",
    other: "[English](configuration.md) | 简体中文",
    intro:
      "由配置 schema 生成（`npm run generate`）。每个键写在 `channels.qq` 顶层即为默认账号，写在 `channels.qq.accounts.<名称>` 下即为其他账号；未设置的键继承顶层。",
    head: "| 键 | 类型 | 默认值 | 作用 |",
    types: { string: "文本", number: "数字", integer: "数字", array: "列表", object: "对象" },
    secret: "文本或 SecretRef",
    or: "或",
  },
} as const;

type Page = (typeof pages)[keyof typeof pages];

/** docs/configuration.md in one of its two languages. */
export function configurationPage(locale: keyof typeof pages, keys: readonly DocumentedKey[]): string {
  const page = pages[locale];
  const rows = keys.map(({ key, text, schema }) => {
    const standard = text.default === undefined ? "" : `\`${text.default}\``;
    return `| \`${key}\` | ${typeOf(schema, page)} | ${standard} | ${locale === "zh" ? text.helpZh : text.help} |`;
  });
  return `${[page.title, "", page.other, "", page.intro, "", page.head, "| --- | --- | --- | --- |", ...rows].join("\n")}\n`;
}

/** What may stand at a key, in words; throws where the page has none for it. */
function typeOf({ type, enum: values, anyOf }: KeySchema, page: Page): string {
  if (values) return values.map((value) => `\`${String(value)}\``).join(page.or);
  if (type === "boolean") return `\`true\`${page.or}\`false\``;
  if (anyOf?.some(({ oneOf }) => oneOf)) return page.secret;
  if (anyOf) return [...new Set(anyOf.map((choice) => typeOf(choice, page)))].join(page.or);
  const named = Object.entries(page.types).find(([name]) => name === type)?.[1];
  if (named === undefined) throw new Error(`the page of the configuration has no word for the type ${String(type)}`);
  return named;
}
