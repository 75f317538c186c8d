import type { Wording } from "../errors.ts";

/** `openclaw qq bind --help`. */
export const bindHelp = {
  command: {
    en: "Bind an official bot by scanning a QR code with QQ on your phone",
    zh: "用手机 QQ 扫码绑定官方机器人",
  },
  account: { en: "account to save it as", zh: "保存为哪个账号" },
  source: {
    en: "who asks, as QQ shows it on the phone (OpenClaw if not given)",
    zh: "手机上显示的来源名称（默认 OpenClaw）",
  },
  secretFile: {
    en: "keep the AppSecret in this file instead of the configuration",
    zh: "AppSecret 存入该文件，不写入配置",
  },
  force: { en: "replace another bot without a question", zh: "直接替换已有机器人，不再询问" },
} as const satisfies Readonly<Record<string, Wording>>;

/** `openclaw qq import --help`. */
export const importHelp = {
  command: {
    en: "Move in from another QQ plugin: its settings become channels.qq",
    zh: "从其他 QQ 插件迁移配置到 channels.qq",
  },
  from: { en: "only this one: qqbot, napcat, napcat-qq or qq", zh: "只迁移该插件：qqbot、napcat、napcat-qq 或 qq" },
  account: { en: "account for what was the default account there", zh: "原默认账号迁移到的账号名" },
  dryRun: { en: "show what would be written, change nothing", zh: "仅预览，不作更改" },
  undo: { en: "put back what the last import replaced", zh: "撤销上一次迁移" },
  force: { en: "overwrite accounts that are set up already", zh: "覆盖已配置的账号" },
  json: { en: "print JSON and nothing else", zh: "只输出 JSON" },
} as const satisfies Readonly<Record<string, Wording>>;
