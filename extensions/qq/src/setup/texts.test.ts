import { redactSensitiveText } from "openclaw/plugin-sdk/logging-core";
import { describe, expect, test } from "vitest";
import type { Wording } from "../errors.ts";
import { nextTexts } from "./next-texts.ts";
import { flagTexts, tryTexts, wizardTexts } from "./texts.ts";

type Text = Wording | ((...facts: never[]) => Wording);

// The functions take texts and numbers, and say what they are given.
const worded = (text: Text): Wording =>
  typeof text === "function" ? (text as (...f: string[]) => Wording)("F1", "F2") : text;
const tables: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  flagTexts,
  nextTexts,
  tryTexts,
  wizardTexts,
};
const all = Object.entries(tables).flatMap(([table, texts]) =>
  Object.entries(texts).map(([name, text]) => [`${table}.${name}`, worded(text)] as const),
);
/** Names that are the same in every language. */
const SAME = new Set(["wizardTexts.title", "wizardTexts.webhook"]);

describe("A2: what set-up says", () => {
  test.each(all)("%s is there in English and in Chinese", (name, { en, zh }) => {
    expect(en.replaceAll(/[开发回调配置网络新建设]|→/gu, "")).toMatch(/^[\x20-\x7e\n]+$/);
    if (!SAME.has(name)) expect(zh).toMatch(/\p{Script=Han}/u);
  });

  // The host masks what looks like a secret in what it prints, "--token X" among it: advice would lose its example.
  test.each(Object.entries(flagTexts))("%s comes through the host's masks unharmed", (_name, text) => {
    const { en, zh } = worded(text);
    expect([redactSensitiveText(en), redactSensitiveText(zh)]).toEqual([en, zh]);
  });
});
