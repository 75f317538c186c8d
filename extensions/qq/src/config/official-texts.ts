import type { KeyText } from "./key-text.ts";

/** Keys of official bots, and which transport it is, in the order they are documented in. */
export const officialTexts: Readonly<Record<string, KeyText>> = {
  appId: {
    label: "AppID",
    help: "The bot's AppID from q.qq.com, digits only.",
    helpZh: "q.qq.com 上机器人的 AppID，纯数字。",
    placeholder: "102000001",
  },
  appSecret: {
    label: "AppSecret",
    help: "The bot's AppSecret from q.qq.com, as text or as a secret reference.",
    helpZh: "q.qq.com 上机器人的 AppSecret，可直接填写，也可用密钥引用（SecretRef）。",
    sensitive: true,
  },
  appSecretFile: {
    label: "AppSecret file",
    help: "Path of a file that holds the AppSecret, instead of appSecret.",
    helpZh: "存放 AppSecret 的文件路径，代替 appSecret。",
    advanced: true,
  },
  transport: {
    label: "Transport",
    help: "webhook: QQ calls this gateway at a public HTTPS address. websocket: the plugin connects to QQ and needs none. onebot: a personal account through NapCat or another OneBot 11 implementation. Left out: onebot when httpUrl, wsUrl or reversePath is set, else webhook when webhookPath is set, else websocket; what an account sets itself counts before what it inherits.",
    helpZh:
      "webhook：QQ 通过公网 HTTPS 地址回调本网关；websocket：插件主动连接 QQ，无需公网地址；onebot：通过 NapCat 等 OneBot 11 实现使用个人 QQ 号。不填时：设置了 httpUrl、wsUrl 或 reversePath 则为 onebot，设置了 webhookPath 则为 webhook，否则为 websocket；账号自己的设置优先于继承的设置。",
  },
  webhookPath: {
    label: "Webhook path",
    default: "/qq-official-webhook",
    help: "Path on the gateway's HTTP server that QQ calls; /qq-official-webhook when left out.",
    helpZh: "网关 HTTP 服务上供 QQ 回调的路径，默认 /qq-official-webhook。",
    placeholder: "/qq-official-webhook",
    advanced: true,
  },
  apiBaseUrl: {
    label: "API base URL",
    default: "https://api.bot.qq.com",
    help: "Origin that every call goes to: a proxy, the sandbox or the emulator; https://api.bot.qq.com when left out.",
    helpZh: "所有调用的目标地址：代理、沙箱或仿真器，默认 https://api.bot.qq.com。",
    placeholder: "https://api.bot.qq.com",
    advanced: true,
  },
  shards: {
    label: "Shards",
    default: "1",
    help: 'Gateway sessions that share the guilds of the bot (websocket only): a number, or "auto" for as many as QQ recommends; 1 when left out. Only bots in very many guilds need more.',
    helpZh:
      '分担机器人所在频道的网关会话数（仅 websocket）：数字，或 "auto"（按 QQ 建议的数量），默认 1。只有加入了大量频道的机器人才需要调大。',
    advanced: true,
  },
  guildMessages: {
    label: "All channel messages",
    default: "false",
    help: "Whether to ask for every message of guild channels (websocket only); off when left out. QQ grants it to private-domain bots only; when it refuses, the bot goes on without.",
    helpZh:
      "是否接收频道子频道的全部消息（仅 websocket），默认关闭。只有私域机器人有此权限；QQ 拒绝时机器人会在没有该权限的情况下继续运行。",
    advanced: true,
  },
};
