import type { Wording } from "../errors.ts";
import type { Telling } from "./telling.ts";

const noCalls: Wording = {
  en: "without it the account cannot answer, or see whether it is logged in",
  zh: "无法回复消息，也无法判断账号是否在线",
};

export const oneBotTexts = {
  httpReached: (url: string): Wording => ({ en: `NapCat answers calls at ${url}`, zh: `NapCat 在 ${url} 应答调用` }),
  httpSilent: (url: string, why: string): Telling => ({
    saw: { en: `no OneBot answer at ${url} (${why})`, zh: `${url} 没有 OneBot 应答（${why}）` },
    why: noCalls,
    fix: {
      en: "enable an HTTP server in NapCat's network settings (网络配置) and set httpUrl to its host and port; in a container it must listen on 0.0.0.0, and localhost is the container itself",
      zh: "在 NapCat「网络配置」中启用 HTTP 服务器，并把 httpUrl 设为它的主机和端口；容器内须监听 0.0.0.0，localhost 指容器自身",
    },
  }),
  socketReached: (url: string): Wording => ({
    en: `NapCat takes a socket at ${url}`,
    zh: `可以连接 NapCat 的 WebSocket：${url}`,
  }),
  socketSilent: (url: string, why: string): Telling => ({
    saw: { en: `no OneBot socket at ${url} (${why})`, zh: `${url} 无法建立 OneBot WebSocket 连接（${why}）` },
    why: { en: "events come over it: without it the account hears nothing", zh: "消息经此送达，连不上就收不到消息" },
    fix: {
      en: "enable a WebSocket server in NapCat's network settings (网络配置) and set wsUrl to its host and port, not the HTTP server's",
      zh: "在 NapCat「网络配置」中启用 WebSocket 服务器，并把 wsUrl 设为它的主机和端口（不是 HTTP 服务器的端口）",
    },
  }),
  tokenTaken: { en: "NapCat takes the access token", zh: "NapCat 接受 accessToken" },
  tokenNotNeeded: { en: "NapCat asks for no token", zh: "NapCat 未要求 token" },
  tokenRefused: (url: string): Telling => ({
    saw: { en: `NapCat refuses the access token at ${url} (1403)`, zh: `${url} 的 NapCat 拒绝 accessToken（1403）` },
    why: noCalls,
    fix: {
      en: "copy the token of that very server from NapCat's WebUI, network settings (网络配置), into accessToken; its HTTP and WebSocket servers each have one",
      zh: "从 NapCat WebUI「网络配置」复制该服务的 token 填入 accessToken；HTTP 与 WebSocket 服务器各有自己的 token，应保持一致",
    },
  }),
  callFailed: (action: string, advice: Wording): Telling => ({
    saw: { en: `NapCat does not answer ${action}`, zh: `NapCat 未能应答 ${action}` },
    why: noCalls,
    fix: advice,
  }),
  online: (name: string, id: string): Wording => ({
    en: `the account is logged in as ${name} (${id})`,
    zh: `账号已登录：${name}（${id}）`,
  }),
  offline: (name: string, id: string): Telling => ({
    saw: { en: `the account ${name} (${id}) is not logged in to QQ`, zh: `账号 ${name}（${id}）未登录 QQ` },
    why: { en: "nothing comes in and nothing goes out", zh: "此时既收不到消息也发不出消息" },
    fix: {
      en: "log in again in NapCat: its WebUI, or the QR code in its log (`docker logs napcat`)",
      zh: "在 NapCat 中重新登录：WebUI，或扫描日志中的二维码（`docker logs napcat`）",
    },
  }),
  rightAccount: (id: string): Wording => ({
    en: `it is the account that selfId names (${id})`,
    zh: `与 selfId 一致（${id}）`,
  }),
  wrongAccount: (wanted: string, found: string): Telling => ({
    saw: {
      en: `NapCat there is logged in as ${found}, and selfId says ${wanted}`,
      zh: `该 NapCat 登录的是 ${found}，而 selfId 为 ${wanted}`,
    },
    why: { en: "the gateway refuses to speak as somebody else", zh: "网关不会以其他账号的身份发言" },
    fix: {
      en: "correct selfId, or the address: each NapCat serves one account",
      zh: "更正 selfId 或地址：每个 NapCat 只服务一个账号",
    },
  }),
  software: (name: string): Wording => ({ en: `the implementation is ${name}`, zh: `OneBot 实现：${name}` }),
  softwareUnknown: (name: string): Telling => ({
    saw: { en: `nobody here knows the implementation ${name}`, zh: `未知的 OneBot 实现：${name}` },
    why: {
      en: "only what OneBot 11 itself has is used: no history after a gap, no reactions, no uploads in pieces",
      zh: "只会使用 OneBot 11 标准接口：断线后不补消息，没有表情回应和分片上传",
    },
    fix: { en: "use a current NapCat", zh: "建议使用新版 NapCat" },
  }),
  formatArray: { en: "messages come as arrays", zh: "消息格式为数组" },
} as const;
