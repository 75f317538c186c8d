import type { Wording } from "../errors.ts";
import type { Locale } from "../texts.ts";

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
