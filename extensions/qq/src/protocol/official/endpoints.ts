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

const at = encodeURIComponent;

/** Where a C2C chat or a group is found; guild chats have calls of their own. */
export type V2Scene = "users" | "groups";

/** Paths of the calls; ids stand in them byte for byte, escaped only for the address. */
export const paths = {
  me: "/users/@me",
  gatewayBot: "/gateway/bot",
  openDm: "/users/@me/dms",
  v2Messages: (scene: V2Scene, openid: string): string => `/v2/${scene}/${at(openid)}/messages`,
  v2Message: (scene: V2Scene, openid: string, id: string): string => `/v2/${scene}/${at(openid)}/messages/${at(id)}`,
  streamMessages: (openid: string): string => `/v2/users/${at(openid)}/stream_messages`,
  files: (scene: V2Scene, openid: string): string => `/v2/${scene}/${at(openid)}/files`,
  uploadPrepare: (scene: V2Scene, openid: string): string => `/v2/${scene}/${at(openid)}/upload_prepare`,
  uploadPartFinish: (scene: V2Scene, openid: string): string => `/v2/${scene}/${at(openid)}/upload_part_finish`,
  interaction: (id: string): string => `/interactions/${at(id)}`,
  channelMessages: (channelId: string): string => `/channels/${at(channelId)}/messages`,
  channelMessage: (channelId: string, id: string): string => `/channels/${at(channelId)}/messages/${at(id)}`,
  reaction: (channelId: string, messageId: string, type: number, emoji: string): string =>
    `/channels/${at(channelId)}/messages/${at(messageId)}/reactions/${type}/${at(emoji)}`,
  dmMessages: (guildId: string): string => `/dms/${at(guildId)}/messages`,
  dmMessage: (guildId: string, id: string): string => `/dms/${at(guildId)}/messages/${at(id)}`,
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

/**
 * Whether the address of a part of an upload, as `upload_prepare` hands it out, may be written to: no token goes there,
 * but the file, so a base reached by TLS never leads to a place without.
 */
export function isPartAddress(apiBaseUrl: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && apiBaseUrl.startsWith("http:"));
}
