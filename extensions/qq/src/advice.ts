import {
  QQApiError,
  QQConfigError,
  QQError,
  QQKeptError,
  QQMediaError,
  QQTransportError,
  type ApiRefusal,
  type FaultKind,
  type Wording,
} from "./errors.ts";
import type { Locale } from "./texts.ts";

/** What to do about a kind of refusal. Each text is the first half of a line; code, call and trace id follow it. */
const byKind: Readonly<Record<FaultKind, Wording>> = {
  audit: {
    en: "QQ is reviewing this message and shows it only if it passes; nothing to do but wait",
    zh: "消息正在 QQ 平台审核，通过后才会显示，请等待",
  },
  bug: {
    en: "QQ does not take this call as it was made; update the plugin, and report this line if it comes again",
    zh: "QQ 不接受这次调用；请升级插件，若再次出现请附上本行反馈",
  },
  config: {
    en: "QQ does not accept this bot's AppID or AppSecret; compare both with q.qq.com, development settings",
    zh: "QQ 不接受此机器人的 AppID 或 AppSecret；请到 q.qq.com 的「开发设置」核对",
  },
  content: {
    en: "QQ refuses the content of this message; change the text, sending it again as it is will not help",
    zh: "QQ 拒绝了消息内容；请修改文字，原样重发无效",
  },
  duplicate: {
    en: "QQ has this message already; nothing to do",
    zh: "QQ 已收到过这条消息，无需处理",
  },
  "ip-blocked": {
    en: "QQ refuses calls from this machine's address; add it at q.qq.com, development settings, IP allow-list (IP 白名单), or create the bot at q.qq.com/qqbot/openclaw, which needs no list",
    zh: "QQ 拒绝来自本机 IP 的调用；请在 q.qq.com「开发设置 → IP 白名单」添加该地址，或改用 q.qq.com/qqbot/openclaw 创建的机器人（无需白名单）",
  },
  media: {
    en: "QQ cannot take this file; check its format and size, or send it as a plain file",
    zh: "QQ 无法接收此文件；请检查格式和大小，或改为普通文件发送",
  },
  permission: {
    en: "the bot may not do this in this chat; the user or an admin must allow it in QQ, or the right be applied for at q.qq.com",
    zh: "机器人在此会话没有该权限；请让用户或管理员在 QQ 中允许，或到 q.qq.com 申请",
  },
  muted: {
    en: "the account is muted in this group; wait until that is over, or have an admin lift it",
    zh: "账号在该群被禁言；请等待解除或请管理员解除",
  },
  offline: {
    en: "the QQ account is not logged in; log in again in NapCat (its WebUI, or scan the QR code in its log)",
    zh: "QQ 账号未登录；请在 NapCat 中重新登录（WebUI 或扫描日志中的二维码）",
  },
  removed: {
    en: "the account is no longer in this group; have it invited again",
    zh: "账号已不在该群；请重新邀请",
  },
  stranger: {
    en: "QQ lets only friends write to this person; add them as a friend first",
    zh: "QQ 只允许好友发送；请先添加对方为好友",
  },
  unsupported: {
    en: "this OneBot implementation cannot do that; use a current NapCat",
    zh: "当前 OneBot 实现不支持该操作；请使用新版 NapCat",
  },
  quota: {
    en: "QQ's quota for this kind of message is used up; wait until it is renewed, or answer a new message instead",
    zh: "该类消息的额度已用完；请等待恢复，或改为回复用户的新消息",
  },
  "rate-limited": {
    en: "too many calls to QQ in a short time; wait a minute, the plugin slows down by itself",
    zh: "短时间内调用 QQ 过多；请等一分钟，插件会自动减速",
  },
  "reply-window": {
    en: "the message can no longer be replied to (too late, or too many replies); wait for the user to write again",
    zh: "这条消息已不能再回复（超时或次数用尽）；请等用户再次发言",
  },
  target: {
    en: "QQ does not know this chat for this bot, or the bot cannot speak there; check the id, its letter case, and that the bot is a friend or member and not muted",
    zh: "QQ 上此机器人没有这个会话或不能在其中发言；请检查 ID 及大小写，并确认机器人是好友/群成员且未被禁言",
  },
  temporary: {
    en: "QQ failed for the moment; try again later",
    zh: "QQ 暂时出错，请稍后再试",
  },
  token: {
    en: "QQ does not accept the access token though it is fresh; make sure that no other base URL or bot shares it, then restart the account",
    zh: "QQ 不接受刚获取的 access token；请确认 apiBaseUrl 与机器人匹配，然后重启该账号",
  },
  url: {
    en: "QQ refuses links here; register the domain at q.qq.com, message URL settings (消息URL配置), or send the text without it",
    zh: "QQ 在此处不允许发送链接；请在 q.qq.com「消息URL配置」登记域名，或去掉链接再发",
  },
};

/** Codes that ask for something else than their kind does. 49xx and 40xx are close codes of the gateway. */
const byCode: Readonly<Record<number, Wording>> = {
  10004: {
    en: "QQ knows no bot with this AppID; compare it with q.qq.com, development settings",
    zh: "QQ 上没有这个 AppID 的机器人；请到 q.qq.com「开发设置」核对 AppID",
  },
  100007: {
    en: "the AppID is wrong, or the bot was banned or deleted; look at it on q.qq.com",
    zh: "AppID 错误，或机器人已被封禁/删除；请到 q.qq.com 查看",
  },
  40093002: {
    en: "this bot has uploaded as much as QQ takes in a day (2 GB); wait until tomorrow, or send a link",
    zh: "此机器人当天的上传额度（2 GB）已用完；请明天再试，或改为发送链接",
  },
  850019: {
    en: "QQ does not take this file format here; convert it (png, jpg, mp4, silk), or send it as a plain file",
    zh: "QQ 此处不接受该文件格式；请转换（png、jpg、mp4、silk），或改为普通文件发送",
  },
  850031: {
    en: "the file is larger than QQ takes (200 MB); send a link to it, or split it",
    zh: "文件超过 QQ 的上限（200 MB）；请改为发送链接，或拆分后发送",
  },
  40064004: {
    en: "QQ takes a message back only within 2 minutes of its sending; leave it, or send a correction",
    zh: "QQ 只能在发送后 2 分钟内撤回消息；请保留原消息，或另发更正",
  },
  40062003: {
    en: "QQ lets a bot take back only its own messages, unless it is an admin of the group",
    zh: "机器人只能撤回自己的消息（群管理员除外）",
  },
  40061002: {
    en: "QQ knows no such message in this chat; name the id that its sending told",
    zh: "此会话中没有这条消息；请使用发送时返回的消息 ID",
  },
  11265: { en: "this bot is banned; appeal on q.qq.com", zh: "机器人已被封禁；请到 q.qq.com 申诉" },
  4010: {
    en: 'QQ does not take this number of shards; set channels.qq.shards to "auto", or leave it out',
    zh: 'QQ 不接受当前的分片设置；请把 channels.qq.shards 设为 "auto" 或删除该项',
  },
  4011: {
    en: 'this bot is in too many guilds for its shards; raise channels.qq.shards, or set it to "auto"',
    zh: '机器人所在频道过多，分片数不足；请调大 channels.qq.shards，或设为 "auto"',
  },
  1403: {
    en: "the token is wrong; write that of NapCat's servers (its WebUI, network settings) into accessToken",
    zh: "token 不正确；请把 NapCat（WebUI「网络配置」）中的 token 填入 accessToken",
  },
  4014: {
    en: "this bot has no right to group and C2C events; apply for it at q.qq.com",
    zh: "机器人没有群聊和单聊事件权限；请到 q.qq.com 申请",
  },
  4914: {
    en: "this bot is off the shelf; publish it at q.qq.com, or set apiBaseUrl to https://sandbox.api.sgroup.qq.com",
    zh: "机器人已下架；请到 q.qq.com 上架，或把 apiBaseUrl 设为 https://sandbox.api.sgroup.qq.com",
  },
  4915: { en: "this bot is banned; appeal on q.qq.com", zh: "机器人已被封禁；请到 q.qq.com 申诉" },
};

const redirected: Wording = {
  en: "a redirect came instead of QQ's answer; set apiBaseUrl to the address itself, and check the proxy or network login",
  zh: "收到的是跳转而不是 QQ 的应答；请把 apiBaseUrl 设为最终地址，并检查代理或网络登录",
};

const heldBack: Wording = {
  en: "held back here to keep below QQ's rate, QQ was not asked; wait and send it again",
  zh: "为不超过 QQ 的频率上限，已在本地暂缓，未向 QQ 发出；请稍后重发",
};

const NO_ANSWER_ZH = "QQ 没有应答；请检查网络，插件会自动重试";

/** One line for a person: what to do next, then the facts that QQ's support asks for. */
export function advise(error: QQError, locale: Locale): string {
  if (error instanceof QQApiError) return adviseRefusal(error.refusal, locale);
  if (error instanceof QQConfigError || error instanceof QQKeptError || error instanceof QQMediaError)
    return error.wording[locale];
  if (locale === "en") return error.message;
  if (error instanceof QQTransportError) return `${NO_ANSWER_ZH}（${error.message}）`;
  return `QQ 的数据无法读取，请升级插件（${error.message}）`;
}

/** The same for a refusal, before it is an error: the English line is the error's message. */
export function adviseRefusal(refusal: ApiRefusal, locale: Locale): string {
  const facts = [
    refusal.platformCode ? `code ${refusal.platformCode}` : undefined,
    refusal.status ? `HTTP ${refusal.status}` : undefined,
    refusal.call,
    refusal.heldBack && refusal.retryAfterMs !== undefined && `again in ${Math.ceil(refusal.retryAfterMs / 1000)} s`,
    refusal.seenAddress && `address ${refusal.seenAddress}`,
    refusal.traceId && `trace ${refusal.traceId}`,
  ].filter(Boolean);
  const line = textFor(refusal)[locale];
  return locale === "zh" ? `${line}（${facts.join("，")}）` : `${line} (${facts.join(", ")})`;
}

function textFor(refusal: ApiRefusal): Wording {
  if (refusal.heldBack) return heldBack;
  if (refusal.status >= 300 && refusal.status < 400) return redirected;
  return byCode[refusal.platformCode] ?? byKind[refusal.kind];
}
