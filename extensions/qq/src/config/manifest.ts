import { z } from "zod";
import { ChannelSchema } from "./schema.ts";

/** What the host shows of the channel before the plugin is loaded, and after. */
export const CHANNEL_META = {
  id: "qq",
  label: "QQ",
  selectionLabel: "QQ (official bot)",
  detailLabel: "QQ",
  docsPath: "/channels/qq",
  docsLabel: "qq",
  blurb: "Official QQ bots in DMs and groups, by webhook or without a public address.",
  aliases: ["qqbot"],
  order: 60,
  markdownCapable: false,
  quickstartAllowFrom: true,
};

interface Hint {
  readonly label: string;
  readonly help: string;
  readonly sensitive?: true;
  readonly advanced?: true;
  readonly placeholder?: string;
}

/** A key as it is explained: in English to the host's forms, in both languages in the documents. */
export interface KeyText extends Hint {
  readonly helpZh: string;
}

/** Each key of `channels.qq`, in the order it is documented in. */
const keys: Readonly<Record<string, KeyText>> = {
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
    help: "webhook: QQ calls this gateway at a public HTTPS address. websocket: the plugin connects to QQ and needs none. Left out: webhook when webhookPath is set, else websocket.",
    helpZh:
      "webhook：QQ 通过公网 HTTPS 地址回调本网关；websocket：插件主动连接 QQ，无需公网地址。不填时：设置了 webhookPath 则为 webhook，否则为 websocket。",
  },
  webhookPath: {
    label: "Webhook path",
    help: "Path on the gateway's HTTP server that QQ calls; /qq-official-webhook when left out.",
    helpZh: "网关 HTTP 服务上供 QQ 回调的路径，默认 /qq-official-webhook。",
    placeholder: "/qq-official-webhook",
    advanced: true,
  },
  apiBaseUrl: {
    label: "API base URL",
    help: "Origin that every call goes to: a proxy, the sandbox or the emulator; https://api.bot.qq.com when left out.",
    helpZh: "所有调用的目标地址：代理、沙箱或仿真器，默认 https://api.bot.qq.com。",
    placeholder: "https://api.bot.qq.com",
    advanced: true,
  },
  locale: {
    label: "Language",
    help: "Language of what users and the operator are told (en or zh); left out: that of the environment.",
    helpZh: "提示语言（en 或 zh），不填时取自系统环境。",
  },
  name: {
    label: "Name",
    help: "A name for this account, shown in the status.",
    helpZh: "账号名称，显示在状态里。",
  },
  enabled: { label: "Enabled", help: "Whether this account runs.", helpZh: "是否启用该账号。" },
  dmPolicy: {
    label: "DM policy",
    help: 'Who may write DMs: pairing (a code that you approve), allowlist, open (allowFrom must hold "*"), disabled.',
    helpZh:
      '谁可以私聊：pairing（配对码，由你批准）、allowlist（白名单）、open（allowFrom 须含 "*"）、disabled（关闭）。',
  },
  allowFrom: {
    label: "DM allowlist",
    help: 'Openids that may write DMs; "*" is everybody.',
    helpZh: '允许私聊的 openid；"*" 表示所有人。',
  },
  groupPolicy: {
    label: "Group policy",
    help: "Who may talk to the bot in groups: allowlist (groupAllowFrom), open, disabled.",
    helpZh: "群里谁可以与机器人对话：allowlist（groupAllowFrom）、open、disabled。",
  },
  groupAllowFrom: {
    label: "Group allowlist",
    help: 'Member openids that may talk to the bot in groups; "*" is everybody.',
    helpZh: '群里可与机器人对话的 member openid；"*" 表示所有人。',
  },
  groups: {
    label: "Groups",
    help: 'Groups by group openid, or "*" for all. Left out: every group; given: only those listed.',
    helpZh: '按群 openid 配置，"*" 表示所有群。不填：所有群；填写后：只有列出的群。',
  },
  typing: {
    label: "Typing notice",
    help: "Whether a direct message shows that the bot is typing; on when left out. Each notice costs one of the 4 replies that QQ allows to a message, and never one of the last two.",
    helpZh: "私聊中是否显示「对方正在输入」，默认开启。每次提示占用 QQ 允许的 4 次回复中的一次，且不会占用最后两次。",
  },
  textChunkLimit: {
    label: "Text chunk limit",
    help: "Longest text of one message, UTF-16 units; 4000 when left out, QQ takes 5000.",
    helpZh: "单条消息的最大长度（UTF-16 单位），默认 4000，QQ 上限约 5000。",
    advanced: true,
  },
  chunkMode: {
    label: "Chunk mode",
    help: "length: cut where the text is full. newline: cut at blank lines.",
    helpZh: "length：按长度切分；newline：按空行切分。",
    advanced: true,
  },
  historyLimit: {
    label: "Group history",
    help: "How many messages of a group that were not for the bot it remembers as context; 50 when left out, 0 for none.",
    helpZh: "记住多少条未 @ 机器人的群消息作为上下文，默认 50，0 为关闭。",
    advanced: true,
  },
  accounts: {
    label: "Accounts",
    help: "Further bots by name; each inherits what it does not set.",
    helpZh: "更多机器人账号，按名称填写；未设置的键继承顶层。",
  },
  defaultAccount: {
    label: "Default account",
    help: "Name of the account that is used when none is named.",
    helpZh: "未指定账号时使用的账号名称。",
    advanced: true,
  },
};

/** Hints by dotted path, for the default account and for each further one. */
export function uiHints(): Record<string, Hint> {
  const hints: Record<string, Hint> = {};
  for (const [key, { helpZh: _, ...hint }] of Object.entries(keys)) {
    hints[key] = hint;
    if (key !== "accounts" && key !== "defaultAccount") hints[`accounts.*.${key}`] = hint;
  }
  return hints;
}

/** The keys with their texts, in the order they are documented in. */
export function documentedKeys(): readonly (readonly [key: string, text: KeyText])[] {
  return Object.entries(keys);
}

/** openclaw.plugin.json: what the host knows of the plugin without running it. Generated, never edited. */
export function pluginManifest(version: string) {
  return {
    id: "qq",
    name: "QQ",
    description: "QQ channel: official bots by webhook or gateway",
    version,
    categories: ["channels"],
    channels: ["qq"],
    activation: { onStartup: false },
    configSchema: { type: "object", additionalProperties: false, properties: {} },
    channelConfigs: {
      qq: {
        label: CHANNEL_META.label,
        description: CHANNEL_META.blurb,
        schema: z.toJSONSchema(ChannelSchema, { target: "draft-07", io: "input", unrepresentable: "any" }),
        uiHints: uiHints(),
      },
    },
  };
}
