import type { Wording } from "../errors.ts";

/** Why a key was dropped, or what is different under its new name. */
export const why = {
  unknownKey: { en: "no such setting here", zh: "本插件没有此设置" },
  notUnderstood: { en: "its value was not understood", zh: "无法识别其值" },
  noEffect: { en: "nothing in it to take over", zh: "没有可迁移的内容" },
  groupClosed: {
    en: "its value was not understood, so this group is switched off (enabled false)",
    zh: "无法识别其值，因此该群已停用（enabled 为 false）",
  },
  nobody: {
    en: 'it names nobody, so nobody is let in; name people in allowFrom (with dmPolicy "allowlist") and groupAllowFrom, groups in groups',
    zh: '其中没有任何人，因此不允许任何人；请在 allowFrom（dmPolicy 为 "allowlist"）和 groupAllowFrom 中列出人，在 groups 中列出群',
  },
  builtIn: { en: "always done here, nothing to set", zh: "本插件始终如此，无需设置" },
  plainText: {
    en: "QQ shows no Markdown of personal accounts: answers are always written as plain text",
    zh: "个人号的消息不显示 Markdown，回答始终以纯文本发送",
  },
  pathless: {
    en: "files reach NapCat without a shared folder or a proxy",
    zh: "文件无需共享目录或代理即可送达 NapCat",
  },
  systemPrompt: {
    en: "put it into the agent's own instructions (AGENTS.md of its workspace), or into groups.<id>.systemPrompt",
    zh: "请写入智能体自己的说明（工作区中的 AGENTS.md），或写入 groups.<群号>.systemPrompt",
  },
  blockedUsers: {
    en: "there is no block list: name those who may write in allowFrom and groupAllowFrom",
    zh: "没有黑名单：请在 allowFrom 和 groupAllowFrom 中列出允许的人",
  },
  keywords: {
    en: "the host has it: messages.groupChat.mentionPatterns",
    zh: "宿主已有此功能：messages.groupChat.mentionPatterns",
  },
  speech: {
    en: "the host speaks and listens: set it in tts and tools.media",
    zh: "语音由宿主处理：请在 tts 和 tools.media 中设置",
  },
  logging: { en: "the host logs: set it in logging", zh: "日志由宿主负责：请在 logging 中设置" },
  agent: {
    en: "the host chooses the agent: add an entry to bindings with match.channel qq",
    zh: "由宿主选择智能体：请在 bindings 中添加 match.channel 为 qq 的条目",
  },
  behaviour: { en: "this plugin has no such behaviour", zh: "本插件没有这种行为" },
  noGuilds: { en: "personal accounts have no guilds here", zh: "个人号在本插件中不支持频道" },
  nameOnly: { en: "a name for people only; QQ's own is shown", zh: "仅为备注名，本插件显示 QQ 自己的名称" },
  ownGroupHistory: {
    en: "one historyLimit holds for all groups of an account",
    zh: "同一账号的所有群共用一个 historyLimit",
  },
  asksOwner: {
    en: "here the owner is asked; write ignore into friendRequests and groupRequests for silence",
    zh: "本插件会询问所有者；如需忽略，请将 friendRequests 和 groupRequests 设为 ignore",
  },
  chats: {
    en: "these people may write; to let them give commands as owners, add qq:ID for each to commands.ownerAllowFrom",
    zh: "这些人可以对话；如需让其以所有者身份使用命令，请在 commands.ownerAllowFrom 中逐个添加 qq:ID",
  },
  approvers: {
    en: "approvals are decided by the owners: add qq:ID for each approver to commands.ownerAllowFrom",
    zh: "审批由所有者决定：请在 commands.ownerAllowFrom 中为每位审批人添加 qq:ID",
  },
  openDirect: {
    en: "everybody may write to the bot, as before; pairing is the safer choice",
    zh: "与之前一样，所有人都可以私聊；更安全的选择是 pairing",
  },
  nowPairing: {
    en: 'was open to everybody without saying so; now strangers get a pairing code (dmPolicy "open" with allowFrom ["*"] for the old way)',
    zh: '原先默认对所有人开放；现在陌生人会收到配对码（如需恢复，请设 dmPolicy 为 "open" 且 allowFrom 为 ["*"]）',
  },
  groupsClosed: {
    en: 'all groups were open without saying so; now none is until you write groupPolicy "open"',
    zh: '原先默认响应所有群；现在需要设置 groupPolicy 为 "open" 才会响应',
  },
  groupsNotPeople: {
    en: "these were ids of groups: they stand in groups now",
    zh: "这些是群的 ID，现已写入 groups",
  },
  peopleOrGroups: {
    en: "taken as people who may talk in groups; if they are groups, name them in groups instead",
    zh: "按允许在群内对话的人处理；若其实是群，请改写到 groups 中",
  },
  ownGroupKeys: { en: "this setting of a group has no successor", zh: "群的这一设置没有对应项" },
  eventsBySocket: {
    en: "messages come by WebSocket here: in NapCat add a WebSocket server (port 3001), and remove its HTTP client for the old plugin",
    zh: "本插件通过 WebSocket 接收消息：请在 NapCat 中添加 WebSocket 服务器（端口 3001），并删除旧插件的 HTTP 客户端",
  },
  dialsGateway: {
    en: "NapCat dials the gateway itself now: point its WebSocket client to ws://HOST:PORT_OF_THE_GATEWAY/qq-onebot",
    zh: "现在由 NapCat 直接连接网关：请将其 WebSocket 客户端指向 ws://主机:网关端口/qq-onebot",
  },
  weakToken: {
    en: "NapCat is dialled now (ws://localhost:3001); for it to dial in, a token of 16 characters or more is needed: set accessToken, the same in NapCat, and reversePath /qq-onebot",
    zh: "现在由本插件连接 NapCat（ws://localhost:3001）；如需 NapCat 主动连接，令牌至少 16 个字符：请设置 accessToken（与 NapCat 相同）和 reversePath /qq-onebot",
  },
  tokenOutOfUrl: {
    en: "the token of the address went into accessToken",
    zh: "地址中的令牌已移到 accessToken",
  },
  badAddress: { en: "not an address that can be reached: write it by hand", zh: "不是可用的地址，请手动填写" },
  capped: (limit: number): Wording => ({ en: `${limit} is the most here`, zh: `本插件的上限为 ${limit}` }),
  invalid: (message: string): Wording => ({ en: `refused here: ${message}`, zh: `本插件不接受：${message}` }),
  kept: { en: "something else stands there already and was left", zh: "该处已有其他值，保持不变" },
} as const satisfies Record<string, Wording | ((limit: number) => Wording) | ((message: string) => Wording)>;
