import type { Wording } from "../errors.ts";

/** What the passive checks say when nothing is wrong. */
export const passiveTexts = {
  credentials: { en: "the credentials are complete and can be read", zh: "凭据完整且可读取" },
  sameBot: { en: "no other account is the same bot", zh: "没有其他账号使用同一个机器人" },
  sameNapcat: { en: "no other account is the same NapCat", zh: "没有其他账号使用同一个 NapCat" },
  siblingPlugin: { en: "no other channel has the same account", zh: "没有其他频道占用同一账号" },
  napcatToken: { en: "the token suits where NapCat is", zh: "token 强度与 NapCat 所在位置相符" },
  plainAddress: { en: "nothing crosses the internet unencrypted", zh: "没有明文经过公网的地址" },
  openDms: { en: "not everybody may write to the agent in direct messages", zh: "私聊未对所有人开放" },
  openGroups: { en: "no group of strangers has powerful tools", zh: "没有向陌生群开放高危工具" },
  intents: { en: "QQ has granted all kinds of events", zh: "QQ 已授予全部事件类型" },
  webhookCalls: { en: "no callback has been refused", zh: "没有被拒绝的回调" },
  groups: {
    en: "what is heard of groups is what the configuration wants, as far as can be seen",
    zh: "群消息接收情况与配置一致（就目前所见）",
  },
  hearing: { en: "the account hears what others write", zh: "账号能收到他人消息" },
} as const satisfies Record<string, Wording>;
