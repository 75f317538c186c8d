import type { Wording } from "../errors.ts";

/** What is wrong with the flags of `channels add`, and what to type instead. */
export const flagTexts = {
  token: {
    en: "Write AppID and AppSecret with a colon between, such as 102000001:AppSecret, after --token; NapCat's token goes after --access-token",
    zh: "“--token”的格式为 AppID:AppSecret，例如 102000001:AppSecret；NapCat 的 token 请用“--access-token”",
  },
  tokenTwice: {
    en: "Leave --app-id, --app-secret, and --app-secret-file out: what stands after --token, says both",
    zh: "“--token”已包含 AppID 和 AppSecret，请去掉“--app-id”“--app-secret”“--app-secret-file”",
  },
  twoRoads: (official: string, personal: string): Wording => ({
    en: `One account is either an official bot (${official}) or a personal account (${personal}): give one of them, and add the other with --account NAME`,
    zh: `一个账号要么是官方机器人（${official}），要么是个人号（${personal}）：请只填一种，另一种用“--account 名称”另行添加`,
  }),
  secretTwice: (text: string, file: string): Wording => ({
    en: `Give one of these, they say the same: ${text}, ${file}`,
    zh: `以下参数含义相同，只需填一个：${text}、${file}`,
  }),
  nothing: {
    en: "Say which bot it is: AppID:AppSecret after --token; for a personal account, --transport napcat; or run openclaw channels add --channel qq with no flags to be asked, openclaw qq bind to scan",
    zh: "请说明要接入哪个机器人：官方机器人用“--token”加 AppID:AppSecret，个人号用 --transport napcat；也可以不带参数运行 openclaw channels add --channel qq 进入向导，或用 openclaw qq bind 扫码绑定",
  },
  incomplete: {
    en: "An official bot needs an AppID and an AppSecret: write both after --token, as AppID:AppSecret; or --app-id, with --app-secret, or --app-secret-file",
    zh: "官方机器人需要 AppID 和 AppSecret：请用“--token”加 AppID:AppSecret，或“--app-id”加“--app-secret”（或“--app-secret-file”）",
  },
  envAccount: {
    en: "The environment speaks for the default account only (--use-env): give this one --app-id, with --app-secret, or --app-secret-file",
    zh: "环境变量只用于默认账号（--use-env）；请为该账号填写“--app-id”和“--app-secret”（或“--app-secret-file”）",
  },
  envAlone: {
    en: "With --use-env, AppID and AppSecret come from the environment: leave the flags that give them out",
    zh: "使用 --use-env 时，AppID 和 AppSecret 来自环境变量，请去掉对应的参数",
  },
  envMissing: {
    en: "Set QQ_BOT_APP_ID and QQ_BOT_APP_SECRET (or QQ_APP_SECRET) in the environment of this command and of the gateway, or leave --use-env out",
    zh: "请在本命令和网关的环境变量中设置 QQ_BOT_APP_ID 与 QQ_BOT_APP_SECRET（或 QQ_APP_SECRET），或去掉 --use-env",
  },
  publicUrl: {
    en: "--public-url takes an address such as https://bot.example.com, without a path",
    zh: "--public-url 请填写形如 https://bot.example.com 的地址，不带路径",
  },
} as const satisfies Readonly<Record<string, Wording | ((...facts: never[]) => Wording)>>;

/** What came of asking with an account's credentials. */
export const tryTexts = {
  reached: (bot: string, id: string): Wording => ({
    en: `Reached: ${bot} (${id}).`,
    zh: `连接成功：${bot}（${id}）。`,
  }),
  notAsked: (note: string): Wording => ({ en: `Not checked: ${note}.`, zh: `未检测：${note}。` }),
  notReached: (advice: string): Wording => ({ en: `Not reached yet: ${advice}`, zh: `暂未连通：${advice}` }),
} as const;

/** The wizard's words. */
export const wizardTexts = {
  title: { en: "QQ", zh: "QQ" },
  whichAccount: { en: "Which QQ account?", zh: "要设置哪个 QQ 账号？" },
  anotherAccount: { en: "Add another account", zh: "添加另一个账号" },
  anotherAccountHint: { en: "The ones there are stay as they are.", zh: "现有账号保持不变。" },
  accountName: { en: "Name of the account in the configuration", zh: "该账号在配置中的名称" },
  accountNameNeeded: { en: "Write letters, digits, - or _, such as work", zh: "请使用字母、数字、- 或 _，例如 work" },
  accountNameTaken: { en: "There is one of that name: write another", zh: "该名称已存在，请换一个" },
  whatToDo: (account: string): Wording => ({ en: `What about ${account}?`, zh: `如何处理 ${account}？` }),
  edit: { en: "Change it", zh: "修改" },
  editHint: { en: "Same bot: its secret, token or address.", zh: "同一个机器人：修改密钥、token 或地址。" },
  replace: { en: "Set it up anew", zh: "重新设置" },
  replaceHint: { en: "Another bot or road; access and groups stay.", zh: "更换机器人或接入方式，权限与群设置保留。" },
  disable: { en: "Switch it off", zh: "停用" },
  disableHint: { en: "Its configuration stays.", zh: "保留其配置。" },
  keep: { en: "Leave it as it is", zh: "保持不变" },
  road: { en: "How does OpenClaw reach QQ?", zh: "OpenClaw 通过哪种方式接入 QQ？" },
  scan: { en: "Official bot: scan with mobile QQ (recommended)", zh: "官方机器人：手机 QQ 扫码（推荐）" },
  scanHint: {
    en: "QQ makes or picks a bot of yours and hands its secret over; nothing to copy.",
    zh: "扫码即可创建或选择你的机器人，密钥自动获取，无需复制。",
  },
  secret: { en: "Official bot: AppID and AppSecret", zh: "官方机器人：AppID 和 AppSecret" },
  secretHint: {
    en: "For a bot that exists at q.qq.com; you paste two values from there.",
    zh: "已在 q.qq.com 创建机器人时使用，粘贴两项信息即可。",
  },
  napcat: { en: "Personal account through NapCat", zh: "个人号（通过 NapCat）" },
  napcatHint: {
    en: "An ordinary QQ account that you run NapCat for; QQ can freeze accounts that programs use.",
    zh: "用 NapCat 登录的普通 QQ 号；程序登录的账号有被冻结的风险。",
  },
  bothSecrets: {
    en: "AppID:AppSecret from q.qq.com (both with a colon between, or the AppID alone first)",
    zh: "q.qq.com 上的 AppID:AppSecret（中间用冒号；也可先只填 AppID）",
  },
  bothSecretsKeep: {
    en: "AppID:AppSecret from q.qq.com (Enter keeps what is there)",
    zh: "q.qq.com 上的 AppID:AppSecret（直接回车保持不变）",
  },
  appId: { en: "AppID from q.qq.com", zh: "q.qq.com 上的 AppID" },
  bothSecretsWrong: {
    en: "Write the AppID (digits only), or AppID:AppSecret; an openid or a QQ number is not one",
    zh: "请填写 AppID（纯数字）或 AppID:AppSecret；openid 和 QQ 号都不是 AppID",
  },
  appSecret: (appId: string): Wording => ({ en: `AppSecret of bot ${appId}`, zh: `机器人 ${appId} 的 AppSecret` }),
  appSecretNeeded: {
    en: "Paste the AppSecret; q.qq.com shows it once, and makes a new one under 开发设置 (Development settings)",
    zh: "请粘贴 AppSecret；q.qq.com 只显示一次，可在「开发设置」中重置",
  },
  arrival: { en: "How do messages come from QQ?", zh: "QQ 消息如何到达？" },
  websocket: { en: "WebSocket (recommended)", zh: "WebSocket（推荐）" },
  websocketHint: {
    en: "OpenClaw connects to QQ; no public address, nothing to open.",
    zh: "由 OpenClaw 主动连接 QQ，无需公网地址。",
  },
  webhook: { en: "Webhook", zh: "Webhook" },
  webhookHint: {
    en: "QQ calls a public HTTPS address of yours, which you save at q.qq.com.",
    zh: "QQ 回调你的公网 HTTPS 地址，需在 q.qq.com 填写。",
  },
  publicUrl: {
    en: "Public address of this gateway, to show the whole callback address (Enter to leave it open)",
    zh: "本网关的公网地址，用于生成完整回调地址（可直接回车跳过）",
  },
  publicUrlWrong: {
    en: "Write an address such as https://bot.example.com, or nothing",
    zh: "请填写形如 https://bot.example.com 的地址，或留空",
  },
  napcatAddress: {
    en: "NapCat's address: ws:// or http://; or /qq-onebot if NapCat shall dial this gateway (container, other machine)",
    zh: "NapCat 地址：ws:// 或 http://；若由 NapCat 连接本网关（容器或其他机器），填 /qq-onebot",
  },
  napcatAddressWrong: {
    en: "Write an address such as ws://127.0.0.1:3001 or http://127.0.0.1:3000, or the path /qq-onebot",
    zh: "请填写形如 ws://127.0.0.1:3001、http://127.0.0.1:3000 的地址，或路径 /qq-onebot",
  },
  napcatToken: {
    en: "NapCat's token (Enter for a fresh one)",
    zh: "NapCat 的 token（直接回车则生成新的）",
  },
  napcatTokenKeep: {
    en: "NapCat's token (Enter keeps what is there)",
    zh: "NapCat 的 token（直接回车保持不变）",
  },
  napcatTokenShort: {
    en: "Whoever reaches this path can try the token: write 16 characters or more, or nothing for a fresh one",
    zh: "能访问该路径的人都可以尝试 token：请至少填写 16 个字符，或留空自动生成",
  },
  referenceKeep: (secret: string): Wording => ({
    en: `Keep the ${secret} that is there?`,
    zh: `保留现有的 ${secret} 吗？`,
  }),
  referenceWhere: (secret: string): Wording => ({
    en: `Where is this ${secret} stored?`,
    zh: `${secret} 保存在哪里？`,
  }),
  referenceVariable: { en: "Name of the environment variable", zh: "环境变量名" },
  referenceVariableWrong: {
    en: "Write a name such as QQ_BOT_APP_SECRET: capital letters, digits and underscores",
    zh: "请填写形如 QQ_BOT_APP_SECRET 的名称：大写字母、数字和下划线",
  },
  referenceVariableMissing: (variable: string): Wording => ({
    en: `${variable} is not set, or empty, for this command: set it for this command and for the gateway`,
    zh: `当前命令的环境变量 ${variable} 未设置或为空：请在本命令和网关的环境中设置`,
  }),
  referenceNoProviders: {
    en: "No secret provider is configured: add one under secrets.providers, or take another source",
    zh: "尚未配置密钥提供方：请在 secrets.providers 中添加，或选择其他来源",
  },
  referenceGood: (place: string): Wording => ({
    en: `There is a value in ${place}. The configuration will hold the reference, not the value.`,
    zh: `已从 ${place} 读到值。配置中只保存引用，不保存值。`,
  }),
  trying: { en: "Asking QQ", zh: "正在检测" },
  tryingNapcat: { en: "Asking NapCat", zh: "正在检测 NapCat" },
  andNow: { en: "And now?", zh: "接下来？" },
  again: { en: "Try again", zh: "重新检测" },
  correct: { en: "Correct the answers", zh: "修改填写内容" },
  saveAnyway: { en: "Save it all the same", zh: "仍然保存" },
  leave: { en: "Leave without saving", zh: "不保存并退出" },
  scanTitle: { en: "Scan with mobile QQ", zh: "请用手机 QQ 扫码" },
  scanWaiting: { en: "Waiting for the scan", zh: "等待扫码" },
  nextTitle: { en: "QQ: what is left to do", zh: "QQ：接下来的步骤" },
  configured: { en: "configured", zh: "已配置" },
  notConfigured: { en: "not configured", zh: "未配置" },
  hint: { en: "scan, AppID and secret, or NapCat", zh: "扫码、AppID 与密钥，或 NapCat" },
} as const satisfies Readonly<Record<string, Wording | ((...facts: never[]) => Wording)>>;
