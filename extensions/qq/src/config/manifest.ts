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
  blurb: "Official QQ bots in DMs, groups and guild channels, by webhook or without a public address.",
  aliases: ["qqbot"],
  order: 60,
  markdownCapable: true,
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
  shards: {
    label: "Shards",
    help: 'Gateway sessions that share the guilds of the bot (websocket only): a number, or "auto" for as many as QQ recommends; 1 when left out. Only bots in very many guilds need more.',
    helpZh:
      '分担机器人所在频道的网关会话数（仅 websocket）：数字，或 "auto"（按 QQ 建议的数量），默认 1。只有加入了大量频道的机器人才需要调大。',
    advanced: true,
  },
  guildMessages: {
    label: "All channel messages",
    help: "Whether to ask for every message of guild channels (websocket only); off when left out. QQ grants it to private-domain bots only; when it refuses, the bot goes on without.",
    helpZh:
      "是否接收频道子频道的全部消息（仅 websocket），默认关闭。只有私域机器人有此权限；QQ 拒绝时机器人会在没有该权限的情况下继续运行。",
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
    help: "Who may talk to the bot in groups and guild channels: allowlist (groupAllowFrom), open, disabled.",
    helpZh: "群和频道里谁可以与机器人对话：allowlist（groupAllowFrom）、open、disabled。",
  },
  groupAllowFrom: {
    label: "Group allowlist",
    help: 'Member openids of groups and user ids of guilds that may talk to the bot there; "*" is everybody.',
    helpZh: '可与机器人对话的群 member openid 和频道用户 id；"*" 表示所有人。',
  },
  groups: {
    label: "Groups",
    help: 'Groups by group openid and guild channels by channel id, or "*" for all. Left out: every one; given: only those listed.',
    helpZh: '按群 openid 或子频道 id 配置，"*" 表示全部。不填：全部；填写后：只有列出的。',
  },
  typing: {
    label: "Typing notice",
    help: "Whether a direct message shows that the bot is typing; on when left out. Each notice costs one of the 4 replies that QQ allows to a message, and never one of the last two.",
    helpZh: "私聊中是否显示「对方正在输入」，默认开启。每次提示占用 QQ 允许的 4 次回复中的一次，且不会占用最后两次。",
  },
  nativeMarkdown: {
    label: "Native Markdown",
    help: "Whether formatted answers go as QQ's own Markdown in direct messages and groups; on when left out. Where QQ refuses it, and in guilds, they arrive as clean plain text.",
    helpZh:
      "私聊和群聊中是否用 QQ 原生 Markdown 发送带格式的回答，默认开启。QQ 不允许时（以及频道中）自动改发整洁的纯文本。",
  },
  nativeStreaming: {
    label: "Native streaming",
    help: "Whether answers in direct messages grow while the agent writes; off when left out. A stream costs one of the 4 replies that QQ allows to a message, however long it grows, and never the last one; an answer that does not go on as the stream began costs another. It needs `nativeMarkdown`, shows no quote of the question, and what the agent says before it uses a tool shows in it too. QQ has no streams in groups.",
    helpZh:
      "私聊中是否边生成边显示回答，默认关闭。一次流式回答占用 QQ 允许的 4 次回复中的一次，且不会占用最后一次；若最终回答与流式内容的开头不一致，会另占一次。需要开启 `nativeMarkdown`；流式消息不引用原消息，并会显示智能体调用工具前说的话。QQ 群聊不支持流式。",
  },
  progressAfterSeconds: {
    label: "Progress line",
    help: "After how many seconds without a sign of life a long turn says once that it is still running, in groups and guilds, and in direct messages whose typing notice is off; 60 when left out, 0 for never. It costs one of the replies that QQ allows to a message (5 in a group), and never one of the last two.",
    helpZh:
      "长时间处理时，多少秒没有任何动静就提示一次「仍在处理」（群聊、频道，以及关闭了「正在输入」的私聊），默认 60，0 表示不提示。占用 QQ 允许的回复次数中的一次（群聊共 5 次），且不会占用最后两次。",
    advanced: true,
  },
  proactivePerDay: {
    label: "Proactive messages per day",
    help: "How many messages a chat gets per day that answer nothing; 0 for none. QQ allows 1000.",
    helpZh: "每个会话每天最多发送多少条主动消息，0 表示不发送。QQ 上限为 1000。",
    advanced: true,
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
  dmHistoryLimit: {
    label: "Direct message history",
    help: "How many turns of a direct message the agent is shown again; the whole session when left out. The host lets them grow by half before it cuts. Counts where each person has a session of their own (session.dmScope).",
    helpZh:
      "私聊中向智能体重放多少轮历史对话，不填则为整个会话。宿主允许超出一半后才裁剪。仅在每人有独立会话时生效（session.dmScope）。",
    advanced: true,
  },
  replyToMode: {
    label: "Quotes",
    help: "Whether an answer quotes what it answers: off, first (its first message, when left out) or all. What the agent quotes by itself is quoted in any mode; a streamed answer quotes nothing.",
    helpZh:
      "回答是否引用所回复的消息：off（不引用）、first（仅第一条，默认）、all（每一条）。智能体主动指定的引用在任何模式下都有效；流式回答不带引用。",
  },
  mediaMaxMb: {
    label: "Durable media size",
    help: "Up to which size local files are copied into the host's durable queue before they are sent, MB; agents.defaults.mediaMaxMb or 5 when left out. Larger ones are sent too, but a crash at that moment loses them.",
    helpZh:
      "本地文件发送前复制到宿主持久队列的大小上限（MB），不填取 agents.defaults.mediaMaxMb 或 5。更大的文件照样发送，但此时网关崩溃会丢失。",
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
