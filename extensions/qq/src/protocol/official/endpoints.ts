/** The one documented host since 2026-08-10, for the token call and everything else (QQ, "API calls"). */
export const DEFAULT_API_BASE_URL = "https://api.bot.qq.com";

/** The hosts before that. They hand out no tokens: the token call has a host of its own. */
const OLD_API_HOSTS: ReadonlySet<string> = new Set(["https://api.sgroup.qq.com", "https://sandbox.api.sgroup.qq.com"]);
const OLD_TOKEN_HOST = "https://bots.qq.com";

/** Address of a call; `path` starts with a slash. */
export function apiUrl(apiBaseUrl: string, path: string): string {
  return `${apiBaseUrl.replace(/\/+$/, "")}${path}`;
}

/** Address of the token call: at the same base as every other call, but for the two old hosts. */
export function tokenUrl(apiBaseUrl: string): string {
  const base = URL.canParse(apiBaseUrl) ? new URL(apiBaseUrl).origin : apiBaseUrl;
  return apiUrl(OLD_API_HOSTS.has(base) ? OLD_TOKEN_HOST : apiBaseUrl, "/app/getAppAccessToken");
}

/** Paths of the calls; ids stand in them byte for byte, escaped only for the address. */
export const paths = {
  me: "/users/@me",
  gatewayBot: "/gateway/bot",
  c2cMessages: (openid: string): string => `/v2/users/${encodeURIComponent(openid)}/messages`,
  groupMessages: (groupOpenid: string): string => `/v2/groups/${encodeURIComponent(groupOpenid)}/messages`,
} as const;

/**
 * Whether the gateway address that `/gateway/bot` hands out may be dialled: the access token goes over it,
 * so a base reached by TLS never leads to a socket without.
 */
export function isGatewayAddress(apiBaseUrl: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocol === "wss:" || (protocol === "ws:" && apiBaseUrl.startsWith("http:"));
}
