import { expect, test } from "vitest";
import type { Finding } from "../checks/finding.ts";
import { machineTexts } from "./machine-texts.ts";
import { officialTexts } from "./official-texts.ts";
import { oneBotTexts } from "./onebot-texts.ts";
import { passiveTexts } from "./passive-texts.ts";
import { toJson, toText } from "./report.ts";
import { fault, good, warning } from "./telling.ts";
import { webhookTexts } from "./webhook-texts.ts";

const findings: readonly Finding[] = [
  good({ check: "node-version", area: "runtime" }, machineTexts.node("24.16.0")),
  fault({ check: "disk-space", area: "runtime" }, machineTexts.diskFull(12)),
  good({ check: "token", area: "auth", accountId: "default" }, officialTexts.tokenGiven),
  warning(
    { check: "kept-answers", area: "runtime", accountId: "work" },
    {
      saw: { en: "2 wait", zh: "2 段滞留" },
      why: { en: "QQ allowed none", zh: "QQ 不允许" },
      fix: { en: "have them write", zh: "请对方发消息" },
    },
  ),
];

test("A6: the report in English", () => {
  expect(toText(findings, "en")).toMatchInlineSnapshot(`
    "This machine
      ok    node-version  Node.js 24.16.0
      FAIL  disk-space    only 12 MB of disk are free
                          why: a message that cannot be stored is not answered
                          fix: free some space, or move the state directory

    Account default
      ok    token         QQ takes the AppID and secret and gives an access token

    Account work
      WARN  kept-answers  2 wait
                          why: QQ allowed none
                          fix: have them write

    errors: 1, warnings: 1, well: 2
    "
  `);
});

test("A6: the report in Chinese", () => {
  expect(toText(findings, "zh")).toMatchInlineSnapshot(`
    "本机
      正常  node-version  Node.js 24.16.0
      错误  disk-space    磁盘仅剩 12 MB
                          原因：无法落盘的消息不会被处理
                          解决：请清理磁盘，或迁移状态目录

    账号 default
      正常  token         AppID 和密钥有效，已获取 access token

    账号 work
      警告  kept-answers  2 段滞留
                          原因：QQ 不允许
                          解决：请对方发消息

    1 个错误，1 个警告，2 项正常
    "
  `);
});

test("A6: the report as JSON: errors alone make it not ok", () => {
  const report = toJson(findings);
  expect(report).toEqual({ ok: false, counts: { ok: 2, warning: 1, error: 1 }, checks: findings });
  expect(toJson(findings.filter(({ level }) => level !== "error")).ok).toBe(true);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

/** All texts; a builder is given facts that stand for whatever it takes. */
function wordings(value: unknown): readonly { readonly en: string; readonly zh: string }[] {
  if (typeof value === "function") return wordings(value("local", "7", fact, fact) as unknown);
  if (typeof value !== "object" || value === null) return [];
  // What has both keys is a wording.
  if ("en" in value && "zh" in value) return [value as { en: string; zh: string }];
  return Object.values(value).flatMap(wordings);
}

const fact = { en: "a fact", zh: "事实" };

test("every text is there in Chinese as well as in English", () => {
  // This takes a list where the others take a name.
  const { otherPlugins, ...machine } = machineTexts;
  const all = [machine, otherPlugins(["one"]), passiveTexts, officialTexts, oneBotTexts, webhookTexts];
  const texts = all.flatMap(wordings);
  expect(texts.length).toBeGreaterThan(80);
  for (const { en, zh } of texts) {
    expect(en).toMatch(/[a-z]/);
    if (!en.startsWith("Node.js")) expect(zh).toMatch(/\p{Script=Han}/u);
  }
});
