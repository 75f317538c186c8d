import { isLoopback } from "../config/hosts.ts";
import { QQConfigError } from "../errors.ts";
import { DEFAULT_BIND_BASE_URL } from "../protocol/official/bind.ts";

const VARIABLE = "QQ_BOT_BIND_BASE_URL";

/**
 * Where the bind calls go: q.qq.com, or what `QQ_BOT_BIND_BASE_URL` says, which is for tests. A secret comes back over
 * it, so it is https, or a server on this machine. Throws a `QQConfigError`.
 */
export function bindBaseUrl(env: Readonly<Record<string, string | undefined>>): string {
  const text = env[VARIABLE]?.trim();
  if (text === undefined || text === "") return DEFAULT_BIND_BASE_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname))) {
    return text.replace(/\/+$/, "");
  }
  throw new QQConfigError(VARIABLE, {
    en: `${VARIABLE} must be an https:// address, or http:// on this machine; correct it, or remove it to use ${DEFAULT_BIND_BASE_URL}`,
    zh: `${VARIABLE} 必须是 https:// 地址或本机的 http:// 地址；请修改，或删除以使用 ${DEFAULT_BIND_BASE_URL}`,
  });
}
