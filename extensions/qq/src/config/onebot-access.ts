import { QQConfigError, type Wording } from "../errors.ts";
import type { OneBotAccess } from "../transport/onebot/account.ts";
import { isLoopback } from "./hosts.ts";
import type { AccountConfig } from "./schema.ts";
import { LISTENER_TOKEN_LENGTH } from "./onebot-schema.ts";
import type { Secret } from "./secret-value.ts";

/** Where a OneBot implementation is reached, where it reaches the gateway, and whose account it must serve. */
export interface OneBotAddresses {
  /** Calls go over the socket when absent. */
  readonly httpUrl?: string;
  /** Nothing is dialled when absent. */
  readonly wsUrl?: string;
  /** Path on the gateway that the implementation dials and posts to. */
  readonly reversePath?: string;
  /** QQ number; any when absent. */
  readonly selfId?: string;
}

/** Where NapCat listens when nothing is changed (onebot-napcat.md 1.1). */
const DEFAULT_HTTP_URL = "http://localhost:3000";
const DEFAULT_WS_URL = "ws://localhost:3001";
const DEFAULT_WS_PORT = "3001";

const DEFAULT_CONNECTION_TIMEOUT_MS = 30_000;
const DEFAULT_RECONNECT_INTERVAL_MS = 5000;
/** Above it NapCat stalls for seconds while it parses the frame (onebot-napcat.md 8.3). */
const DEFAULT_BASE64_MB = 8;
/** Pause that keeps QQ from taking the account for a flood (onebot-napcat.md 7.1). */
const DEFAULT_SEND_GAP_MS = 1000;

const BYTES_PER_MB = 1024 * 1024;

/**
 * The addresses that count: NapCat's defaults where none is given, and no mix of two implementations. An entry with an
 * address of its own takes over none of the base's but `reversePath`, which accounts may share.
 */
export function oneBotAddresses(config: AccountConfig, own: Partial<AccountConfig> | undefined): OneBotAddresses {
  const { httpUrl, wsUrl, selfId } = own && hasAddress(own) ? own : config;
  const { reversePath } = config;
  return {
    ...dialled(httpUrl?.replace(/\/+$/, ""), wsUrl, reversePath === undefined),
    ...(reversePath !== undefined && { reversePath }),
    ...(selfId !== undefined && { selfId: String(selfId) }),
  };
}

/** `needed`: nothing else brings events. */
function dialled(httpUrl: string | undefined, wsUrl: string | undefined, needed: boolean) {
  if (httpUrl === undefined && wsUrl === undefined && needed)
    return { httpUrl: DEFAULT_HTTP_URL, wsUrl: DEFAULT_WS_URL };
  const socket = wsUrl ?? (needed && httpUrl !== undefined ? defaultWsUrl(httpUrl) : undefined);
  return { ...(httpUrl !== undefined && { httpUrl }), ...(socket !== undefined && { wsUrl: socket }) };
}

function hasAddress({ httpUrl, wsUrl, reversePath }: Partial<AccountConfig>): boolean {
  return httpUrl !== undefined || wsUrl !== undefined || reversePath !== undefined;
}

/** A WebSocket server that is not named is on the machine of the HTTP server. */
function defaultWsUrl(httpUrl: string): string {
  const host = URL.parse(httpUrl)?.hostname;
  return host === undefined || isLoopback(host) ? DEFAULT_WS_URL : `ws://${host}:${DEFAULT_WS_PORT}`;
}

/**
 * What the line needs.
 * @param path the entry's place, such as `channels.qq.accounts.work`
 */
export function oneBotAccess(
  config: AccountConfig,
  { httpUrl, wsUrl, reversePath, selfId }: OneBotAddresses,
  token: Secret,
  path: string,
): { readonly ok: true; readonly value: OneBotAccess } | { readonly ok: false; readonly error: QQConfigError } {
  if (token.error) return { ok: false, error: token.error };
  if (reversePath !== undefined && (token.value ?? "").length < LISTENER_TOKEN_LENGTH) {
    return { ok: false, error: weakToken(`${path}.accessToken`) };
  }
  return {
    ok: true,
    value: {
      ...(httpUrl !== undefined && { httpUrl }),
      ...(wsUrl !== undefined && { wsUrl }),
      accepts: reversePath !== undefined,
      ...(token.value !== undefined && { accessToken: token.value }),
      ...(selfId !== undefined && { selfId }),
      connectionTimeoutMs: config.connectionTimeoutMs ?? DEFAULT_CONNECTION_TIMEOUT_MS,
      reconnectIntervalMs: config.reconnectIntervalMs ?? DEFAULT_RECONNECT_INTERVAL_MS,
      base64MaxBytes: Math.floor((config.base64MaxMb ?? DEFAULT_BASE64_MB) * BYTES_PER_MB),
      sendGapMs: config.sendGapMs ?? DEFAULT_SEND_GAP_MS,
    },
  };
}

function weakToken(key: string): QQConfigError {
  return new QQConfigError(key, {
    en: `${key}: with reversePath anybody can try the token; use one of ${LISTENER_TOKEN_LENGTH} characters or more, the same in NapCat`,
    zh: `${key}：启用 reversePath 后任何人都能尝试令牌；请使用至少 ${LISTENER_TOKEN_LENGTH} 个字符的令牌，并在 NapCat 中填写相同的值`,
  });
}

/** The advice for an implementation that anybody on the network can use; `undefined` where it is safe enough. */
export function exposure({ httpUrl, wsUrl }: OneBotAddresses, token: Secret, path: string): Wording | undefined {
  if (token.source !== "none") return undefined;
  const hosts = [httpUrl, wsUrl].flatMap((url) => (url && URL.parse(url)?.hostname) ?? []);
  const open = hosts.find((host) => !isLoopback(host));
  if (open === undefined) return undefined;
  return {
    en: `${path}.accessToken is empty though NapCat is on ${open}: whoever reaches its port can use the account; set a token there and here`,
    zh: `${path}.accessToken 为空，而 NapCat 位于 ${open}：能访问该端口的人都可以操作此账号；请在 NapCat 和这里设置相同的令牌`,
  };
}
