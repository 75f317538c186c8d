import type { OneBotAccount } from "../config/account.ts";
import { isLoopback, isPublicHost } from "../config/hosts.ts";
import { LISTENER_TOKEN_LENGTH } from "../config/onebot-schema.ts";
import type { Finding } from "./finding.ts";
import { find, pathOf, type Checked } from "./subject.ts";
import { texts } from "./texts.ts";

/** `credentials`: the AppID, a secret or a token is missing, or cannot be read; the account does not start. */
export function credentials(checked: Checked): readonly Finding[] {
  const { account } = checked;
  if (account.credentials.ok) return [];
  return [find(checked, "credentials", "error", "auth", texts.credentials(account.credentials.error))];
}

/** `napcat-token`: none, or one that can be guessed, though NapCat is not on this machine. */
export function napcatToken(checked: Checked): readonly Finding[] {
  const { account } = checked;
  if (account.transport !== "onebot") return [];
  const host = hostsOf(account).find((name) => !isLoopback(name));
  const key = `${pathOf(checked)}.accessToken`;
  if (host === undefined) return [];
  if (account.exposure) return [find(checked, "napcat-token", "warning", "config", texts.tokenEmpty(key, host))];
  const token = account.credentials.ok ? account.credentials.value.accessToken : undefined;
  if (token === undefined || token.length >= LISTENER_TOKEN_LENGTH) return [];
  return [find(checked, "napcat-token", "warning", "config", texts.tokenWeak(key, host, LISTENER_TOKEN_LENGTH))];
}

/** `plain-address`: the secret and all messages cross the internet as plain text. */
export function plainAddress(checked: Checked): readonly Finding[] {
  const { account } = checked;
  const urls =
    account.transport === "onebot"
      ? { httpUrl: account.addresses.httpUrl, wsUrl: account.addresses.wsUrl }
      : { apiBaseUrl: account.apiBaseUrl };
  return Object.entries(urls).flatMap(([key, url]) => {
    const parsed = url === undefined ? null : URL.parse(url);
    if (!parsed || !/^(?:http|ws):$/.test(parsed.protocol) || !isPublicHost(parsed.hostname)) return [];
    const secure = parsed.protocol === "ws:" ? "wss" : "https";
    const told = texts.plainAddress(`${pathOf(checked)}.${key}`, parsed.hostname, secure);
    return [find(checked, "plain-address", "warning", "config", told)];
  });
}

function hostsOf({ addresses: { httpUrl, wsUrl } }: OneBotAccount): readonly string[] {
  return [httpUrl, wsUrl].flatMap((url) => (url !== undefined && URL.parse(url)?.hostname) || []);
}
