import type { Level } from "../checks/finding.ts";
import type { Wording } from "../errors.ts";

/** The frame around the findings. */
export const doctorTexts = {
  machine: { en: "This machine", zh: "本机" },
  account: (id: string): Wording => ({ en: `Account ${id}`, zh: `账号 ${id}` }),
  why: { en: "why: ", zh: "原因：" },
  fix: { en: "fix: ", zh: "解决：" },
  marks: {
    ok: { en: "ok  ", zh: "正常" },
    warning: { en: "WARN", zh: "警告" },
    error: { en: "FAIL", zh: "错误" },
  } satisfies Record<Level, Wording>,
  summary: (counts: Readonly<Record<Level, number>>): Wording => ({
    en: `errors: ${counts.error}, warnings: ${counts.warning}, well: ${counts.ok}`,
    zh: `${counts.error} 个错误，${counts.warning} 个警告，${counts.ok} 项正常`,
  }),
  unknownAccount: (id: string, known: readonly string[]): Wording => ({
    en: `there is no QQ account ${id}; give --account one of: ${known.join(", ") || "none is configured"}`,
    zh: `没有 QQ 账号 ${id}；--account 可用：${known.join("、") || "尚未配置账号"}`,
  }),
  badUrl: (value: string): Wording => ({
    en: `--public-url ${value} is no http(s) address; write it like https://bot.example.com`,
    zh: `--public-url ${value} 不是 http(s) 地址；请写成 https://bot.example.com 的形式`,
  }),
  unfitUrl: {
    en: "--public-url takes no user name, password, query or fragment; write it like https://bot.example.com",
    zh: "--public-url 不能包含用户名、密码、查询参数或片段；请写成 https://bot.example.com 的形式",
  },
  badTimeout: (value: string): Wording => ({
    en: `--timeout ${value} is no number of milliseconds from 100 to 120000`,
    zh: `--timeout ${value} 不是 100 到 120000 之间的毫秒数`,
  }),
  command: {
    en: "Check the QQ accounts and what they need, and say what to do",
    zh: "检查 QQ 账号及其所需环境，并给出解决办法",
  },
  optionAccount: { en: "only this account", zh: "只检查该账号" },
  optionJson: { en: "print JSON and nothing else", zh: "只输出 JSON" },
  optionPublicUrl: {
    en: "also send the webhook self-test to this public address",
    zh: "同时向该公网地址发送 Webhook 自检",
  },
  optionTimeout: { en: "longest wait for one answer, ms", zh: "单次应答的最长等待时间（毫秒）" },
} as const;
