import type { Wording } from "../../extensions/qq/src/errors.ts";

type Line = Wording | ((...facts: string[]) => Wording);

/** What `pnpm qq:setup` says. */
export const say = {
  title: { en: "QQ: set up an official bot", zh: "QQ：配置官方机器人" },
  usage: {
    en: [
      "pnpm qq:setup [--dry-run] [--env-file PATH] [--skip-api-probe]   (or: npm run qq:setup -- ...)",
      "  Reads .env.qq, and .env behind it; checks them with QQ; writes channels.qq; shows the channel's status.",
      "  --dry-run          print what would be done, change nothing and ask nobody",
      "  --env-file PATH    read this file instead",
      "  --skip-api-probe   do not ask QQ whether AppID and AppSecret are right",
      "  Variables: QQ_BOT_API_BASE_URL, QQ_BOT_APP_ID, QQ_BOT_APP_SECRET, QQ_OFFICIAL_WEBHOOK_PATH, QQ_DM_POLICY,",
      "  QQ_ALLOW_FROM (with commas). Exit codes: 0 the bot runs, 1 refused, or it does not run, 2 bad usage or a variable missing.",
    ].join("\n"),
    zh: [
      "pnpm qq:setup [--dry-run] [--env-file 路径] [--skip-api-probe]   （或：npm run qq:setup -- ...）",
      "  读取 .env.qq（以 .env 作为后备），向 QQ 验证，写入 channels.qq，并显示渠道状态。",
      "  --dry-run          仅显示将执行的操作，不作更改，也不访问网络",
      "  --env-file 路径    改为读取该文件",
      "  --skip-api-probe   不向 QQ 验证 AppID 和 AppSecret",
      "  变量：QQ_BOT_API_BASE_URL、QQ_BOT_APP_ID、QQ_BOT_APP_SECRET、QQ_OFFICIAL_WEBHOOK_PATH、QQ_DM_POLICY、",
      "  QQ_ALLOW_FROM（用逗号分隔）。退出码：0 机器人已运行，1 被拒绝或未能运行，2 用法错误或缺少变量。",
    ].join("\n"),
  },
  read: (files) => ({ en: `Read ${files}.`, zh: `已读取 ${files}。` }),
  noFile: {
    en: "There is no .env.qq and no .env here; the variables of the environment count.",
    zh: "此处没有 .env.qq 和 .env，将使用环境变量。",
  },
  unreadable: (file, reason) => ({ en: `${file} cannot be read: ${reason}`, zh: `无法读取 ${file}：${reason}` }),
  missing: (names) => ({
    en: `Missing: ${names}. Copy them from q.qq.com (your bot, Development) into .env.qq.`,
    zh: `缺少：${names}。请从 q.qq.com（机器人 > 开发管理）复制到 .env.qq。`,
  }),
  askAppId: { en: "AppID of the bot (q.qq.com, digits)", zh: "机器人的 AppID（q.qq.com，纯数字）" },
  askSecret: { en: "AppSecret of the bot (it is not shown)", zh: "机器人的 AppSecret（不会显示）" },
  stopped: { en: "Stopped; nothing was changed.", zh: "已停止，未作任何更改。" },
  asking: (url) => ({
    en: `Asking ${url} for a token and the bot's profile`,
    zh: `正在向 ${url} 请求令牌和机器人资料`,
  }),
  bot: (name, id) => ({ en: `QQ knows the bot: ${name} (${id})`, zh: `QQ 确认机器人：${name}（${id}）` }),
  refusedByQQ: (why) => ({ en: `QQ refused: ${why}`, zh: `QQ 拒绝：${why}` }),
  skipped: { en: "QQ was not asked (--skip-api-probe).", zh: "未向 QQ 验证（--skip-api-probe）。" },
  writing: { en: "Writing channels.qq", zh: "正在写入 channels.qq" },
  written: { en: "channels.qq is written.", zh: "channels.qq 已写入。" },
  refusedByHost: (said) => ({
    en: `OpenClaw refused the configuration; nothing was written:\n${said}`,
    zh: `OpenClaw 拒绝了该配置，未写入任何内容：\n${said}`,
  }),
  notInstalled: {
    en: "The plugin is not installed: run openclaw plugins install ./extensions/qq --force --accept-capabilities first.",
    zh: "插件尚未安装：请先运行 openclaw plugins install ./extensions/qq --force --accept-capabilities。",
  },
  checking: { en: "openclaw channels status --probe", zh: "openclaw channels status --probe" },
  works: (mode) => ({ en: `QQ default: connected, ${mode}, works`, zh: `QQ default：已连接，${mode}，works` }),
  fails: (why) => ({
    en: `channels.qq is written, but the account does not run: ${why || "not connected yet"}. Look again with: openclaw qq doctor`,
    zh: `channels.qq 已写入，但账号尚未运行：${why || "尚未连接"}。请运行 openclaw qq doctor 再次检查`,
  }),
  unknown: {
    en: "channels.qq is written, but the running gateway does not have the account. Stop it and start it again (openclaw gateway restart), then look: openclaw qq doctor",
    zh: "channels.qq 已写入，但正在运行的网关没有该账号。请重启网关（openclaw gateway restart），再运行 openclaw qq doctor 检查",
  },
  noGateway: (why) => ({
    en: `channels.qq is written, but no gateway answers, so nothing runs yet. Start it: openclaw gateway. Then look: openclaw channels status --probe\n${why}`,
    zh: `channels.qq 已写入，但网关没有响应，机器人尚未运行。请先启动网关：openclaw gateway，再检查：openclaw channels status --probe\n${why}`,
  }),
  personal: {
    en: "The default account of channels.qq is a personal one (NapCat); nothing was changed. Add the bot beside it: openclaw qq bind --account NAME, or openclaw channels add --channel qq --account NAME --token APPID:SECRET",
    zh: "channels.qq 的默认账号是个人号（NapCat），未作任何更改。请另存机器人：openclaw qq bind --account 名称，或 openclaw channels add --channel qq --account 名称 --token APPID:SECRET",
  },
  replaces: (appId) => ({
    en: `The default account has the bot with AppID ${appId}; this one takes its place.`,
    zh: `默认账号已是 AppID ${appId} 的机器人，将被替换。`,
  }),
  done: { en: "Done.", zh: "完成。" },
  wouldAsk: (url) => ({
    en: `ask ${url} for a token, and for the profile of the bot`,
    zh: `向 ${url} 请求令牌和机器人资料`,
  }),
  dryRun: { en: "Would do, in this order:", zh: "将依次执行：" },
  nothingChanged: { en: "Nothing was changed (--dry-run).", zh: "未作任何更改（--dry-run）。" },
} as const satisfies Record<string, Line>;
