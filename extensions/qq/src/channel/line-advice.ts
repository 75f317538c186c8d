import type { Wording } from "../errors.ts";
import type { Locale } from "../texts.ts";
import type { LineReason } from "../transport/transport.ts";

/** What to do about a line that is up and yet brings nothing. */
const advice: Readonly<Record<"offline" | "deaf", Wording>> = {
  offline: {
    en: "the QQ account is not logged in; log in again in NapCat (its WebUI, or the QR code in its log)",
    zh: "QQ 账号未登录；请在 NapCat 中重新登录（WebUI 或扫描日志中的二维码）",
  },
  deaf: {
    en: "the account is online but no messages come; write to it from another account, and if that does not arrive restart NapCat",
    zh: "账号在线但收不到消息；请用另一个账号给它发一条消息，若仍收不到请重启 NapCat",
  },
};

/** One line for the operator; the line's own words, which are English, stay in it. */
export function adviseState(state: "offline" | "deaf", locale: Locale, why?: string): string {
  if (locale === "en") return why ?? advice[state].en;
  return why === undefined ? advice[state].zh : `${advice[state].zh}（${why}）`;
}

/** Why a line is not up, in Chinese; in English the line says it itself. */
const DOWN: Readonly<Record<LineReason, string>> = {
  token: "访问令牌被拒绝；请把 accessToken 设置为 NapCat 中该服务的 token（每分钟自动重试）",
  unreachable: "连不上 NapCat；请确认它正在运行、WebSocket 服务器已启用，并核对 wsUrl 的主机和端口（自动重试）",
  nobody: "还没有人连过来；请在 NapCat 中启用 WebSocket 客户端，地址指向网关的 reversePath",
  lost: "与 NapCat 的连接断开；会自动重新连接",
  silent: "NapCat 没有动静；请看它是否还在运行",
  unanswered: "NapCat 不应答调用；请看它是否还在运行，并核对 httpUrl",
  account: "连接上的账号与配置不符；请更正 selfId 或地址",
};

/** One line for the operator of a line that is not up; the line's own words, which are English, stay in it. */
export function adviseDown({ why, reason }: { why: string; reason?: LineReason }, locale: Locale): string {
  return locale === "en" || reason === undefined ? why : `${DOWN[reason]}（${why}）`;
}
