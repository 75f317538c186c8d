import type { KeyText } from "./key-text.ts";

/** Keys of all accounts, in the order they are documented in. */
export const commonTexts: Readonly<Record<string, KeyText>> = {
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
  enabled: { label: "Enabled", default: "true", help: "Whether this account runs.", helpZh: "是否启用该账号。" },
  dmPolicy: {
    label: "DM policy",
    default: "pairing",
    help: 'Who may write DMs: pairing (a code that you approve), allowlist, open (allowFrom must hold "*"), disabled.',
    helpZh:
      '谁可以私聊：pairing（配对码，由你批准）、allowlist（白名单）、open（allowFrom 须含 "*"）、disabled（关闭）。',
  },
  allowFrom: {
    label: "DM allowlist",
    help: "Who may write DMs: openids of an official bot's users, QQ numbers of a personal account's; \"*\" is everybody.",
    helpZh: '允许私聊的人：官方机器人填 openid，个人账号填 QQ 号；"*" 表示所有人。',
  },
  groupPolicy: {
    label: "Group policy",
    default: "allowlist",
    help: "Who may talk to the bot in groups and guild channels: allowlist (groupAllowFrom), open, disabled.",
    helpZh: "群和频道里谁可以与机器人对话：allowlist（groupAllowFrom）、open、disabled。",
  },
  groupAllowFrom: {
    label: "Group allowlist",
    help: 'Member openids of groups, user ids of guilds, and for a personal account QQ numbers, that may talk to the bot there; "*" is everybody.',
    helpZh: '可与机器人对话的群 member openid 和频道用户 id，个人账号填 QQ 号；"*" 表示所有人。',
  },
  groups: {
    label: "Groups",
    help: 'Groups by group openid (a personal account: by group number) and guild channels by channel id, or "*" for all. Left out: every one; given: only those listed.',
    helpZh: '按群 openid（个人账号为群号）或子频道 id 配置，"*" 表示全部。不填：全部；填写后：只有列出的。',
  },
  typing: {
    label: "Typing notice",
    default: "true",
    help: "Whether a direct message shows that the bot is typing; on when left out. Each notice costs one of the 4 replies that QQ allows to a message, and never one of the last two. A personal account shows it for nothing.",
    helpZh:
      "私聊中是否显示「对方正在输入」，默认开启。每次提示占用 QQ 允许的 4 次回复中的一次，且不会占用最后两次。个人账号不占次数。",
  },
  ackReaction: {
    label: "Reaction at work",
    default: "messages.ackReaction",
    help: 'Emoji, or number of one of QQ\'s faces, that a personal account puts under a message in a group while it works on it, "" for none; messages.ackReaction when left out. messages.ackReactionScope says under which messages.',
    helpZh:
      '个人账号处理群消息期间贴在消息下的表情（emoji 或 QQ 表情编号），"" 表示不贴；不填取 messages.ackReaction，适用范围见 messages.ackReactionScope。',
  },
  removeAckAfterReply: {
    label: "Remove the reaction",
    default: "messages.removeAckAfterReply",
    help: "Whether that reaction is taken away once the answer is there; messages.removeAckAfterReply, or off, when left out.",
    helpZh: "回答发出后是否移除该表情，不填取 messages.removeAckAfterReply，默认不移除。",
    advanced: true,
  },
  nativeMarkdown: {
    label: "Native Markdown",
    default: "true",
    help: "Whether formatted answers go as QQ's own Markdown in direct messages and groups; on when left out. Where QQ refuses it, and in guilds, they arrive as clean plain text.",
    helpZh:
      "私聊和群聊中是否用 QQ 原生 Markdown 发送带格式的回答，默认开启。QQ 不允许时（以及频道中）自动改发整洁的纯文本。",
  },
  nativeStreaming: {
    label: "Native streaming",
    default: "false",
    help: "Whether answers in direct messages grow while the agent writes; off when left out. A stream costs one of the 4 replies that QQ allows to a message, however long it grows, and never the last one; an answer that does not go on as the stream began costs another. It needs `nativeMarkdown`, shows no quote of the question, and what the agent says before it uses a tool shows in it too. QQ has no streams in groups.",
    helpZh:
      "私聊中是否边生成边显示回答，默认关闭。一次流式回答占用 QQ 允许的 4 次回复中的一次，且不会占用最后一次；若最终回答与流式内容的开头不一致，会另占一次。需要开启 `nativeMarkdown`；流式消息不引用原消息，并会显示智能体调用工具前说的话。QQ 群聊不支持流式。",
  },
  progressAfterSeconds: {
    label: "Progress line",
    default: "60",
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
    default: "4000",
    help: "Longest text of one message, UTF-16 units; 4000 when left out, QQ takes 5000.",
    helpZh: "单条消息的最大长度（UTF-16 单位），默认 4000，QQ 上限约 5000。",
    advanced: true,
  },
  chunkMode: {
    label: "Chunk mode",
    default: "length",
    help: "length: cut where the text is full. newline: cut at blank lines.",
    helpZh: "length：按长度切分；newline：按空行切分。",
    advanced: true,
  },
  historyLimit: {
    label: "Group history",
    default: "50",
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
    default: "first",
    help: "Whether an answer quotes what it answers: off, first (its first message, when left out) or all. What the agent quotes by itself is quoted in any mode; a streamed answer quotes nothing.",
    helpZh:
      "回答是否引用所回复的消息：off（不引用）、first（仅第一条，默认）、all（每一条）。智能体主动指定的引用在任何模式下都有效；流式回答不带引用。",
  },
  mediaMaxMb: {
    label: "Durable media size",
    default: "agents.defaults.mediaMaxMb",
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
    default: "default",
    help: "Name of the account that is used when none is named.",
    helpZh: "未指定账号时使用的账号名称。",
    advanced: true,
  },
};
