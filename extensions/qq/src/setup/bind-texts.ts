import type { Wording } from "../errors.ts";

/** What who scans is told, besides what is left to do. */
export const bindTexts = {
  scan: {
    en: "Scan this with QQ on your phone, pick a bot or create one there, and confirm:",
    zh: "请用手机 QQ 扫描二维码，选择或新建机器人并确认：",
  },
  narrow: {
    en: "This terminal is too narrow for the QR code: make it wider and run this again, or open the address below on the phone.",
    zh: "终端宽度不足，无法显示二维码：请加宽窗口后重试，或在手机上打开下面的链接。",
  },
  link: (url: string): Wording => ({
    en: `Or open it on the phone (keep it to yourself): ${url}`,
    zh: `或在手机上打开链接（请勿转发）：${url}`,
  }),
  waiting: {
    en: "Waiting for the scan; Ctrl-C ends it and changes nothing.",
    zh: "等待扫码；按 Ctrl-C 退出，不做任何修改。",
  },
  lost: (why: string): Wording => ({
    en: `Still waiting, the code stays good: ${why}`,
    zh: `仍在等待，二维码依然有效：${why}`,
  }),
  back: { en: "QQ answers again.", zh: "已恢复连接。" },
  expired: { en: "That code has run out; here is a new one.", zh: "二维码已过期，请扫描新的二维码。" },
  occupied: (account: string, appId: string): Wording => ({
    en: `Account "${account}" has the bot with AppID ${appId}. Nobody can be asked here: another bot is saved only with --force, or under another name with --account NAME.`,
    zh: `账号“${account}”已绑定 AppID ${appId}。当前无法交互确认：换成其他机器人需加 --force，或用 --account 名称 另存。`,
  }),
  replace: (account: string, old: string, bot: string): Wording => ({
    en: `Account "${account}" has the bot with AppID ${old}. Replace it with ${bot}?`,
    zh: `账号“${account}”已绑定 AppID ${old}，替换为 ${bot} 吗？`,
  }),
  replaceReference: (account: string): Wording => ({
    en: `The AppSecret of account "${account}" is a secret reference. Write it into the configuration as text instead?`,
    zh: `账号“${account}”的 AppSecret 使用了密钥引用，改为以明文写入配置吗？`,
  }),
  personal: (account: string): Wording => ({
    en: `account "${account}" is a personal one (NapCat): bind the bot under another name with --account NAME`,
    zh: `账号“${account}”是个人号（NapCat）：请用 --account 名称 以其他名称绑定机器人`,
  }),
  declined: {
    en: "nothing was saved: run this again with --account NAME to keep both bots, or with --force to replace the old one",
    zh: "未保存任何修改：用 --account 名称 可同时保留两个机器人，用 --force 可直接替换",
  },
  refused: (issue: string): Wording => ({
    en: `nothing was saved, since the configuration would not be valid: ${issue}`,
    zh: `未保存任何修改，因为配置将不合法：${issue}`,
  }),
  bound: (appId: string, account: string): Wording => ({
    en: `The bot with AppID ${appId} is saved as account "${account}".`,
    zh: `AppID ${appId} 的机器人已保存为账号“${account}”。`,
  }),
  inFile: (path: string): Wording => ({
    en: `The AppSecret is in ${path}.`,
    zh: `AppSecret 已写入 ${path}。`,
  }),
  unwritable: (path: string, code: string): Wording => ({
    en: `the AppSecret could not be written to ${path} (${code}): make it a file that you may write, or give another with openclaw qq bind --secret-file, and scan once more`,
    zh: `无法把 AppSecret 写入 ${path}（${code}）：请改成可写的文件，或用 openclaw qq bind --secret-file 指定其他文件，然后重新扫码`,
  }),
  overwrite: (path: string): Wording => ({
    en: `There is a file ${path} already. Write the AppSecret over what it holds?`,
    zh: `文件 ${path} 已存在，用 AppSecret 覆盖其内容吗？`,
  }),
  notOverwritten: (path: string): Wording => ({
    en: `nothing was saved, since ${path} is there already: give another path with --secret-file, or write over it with --force`,
    zh: `未保存任何修改：${path} 已存在，请用 --secret-file 指定其他路径，或用 --force 覆盖`,
  }),
  allowed: {
    en: "You have scanned, so you may write to the bot without pairing (allowFrom).",
    zh: "扫码者即你本人，可直接与机器人对话，无需配对（allowFrom）。",
  },
  owner: {
    en: "You are also an owner of this OpenClaw now (commands.ownerAllowFrom).",
    zh: "你也已成为本 OpenClaw 的所有者（commands.ownerAllowFrom）。",
  },
  stopped: { en: "Stopped; nothing was changed.", zh: "已退出，未做任何修改。" },
  failed: (why: string): Wording => ({ en: `No bot was bound: ${why}`, zh: `未绑定机器人：${why}` }),
} as const satisfies Readonly<Record<string, Wording | ((...facts: never[]) => Wording)>>;
