import { isLoopback } from "../config/hosts.ts";
import type { OneBotAddresses } from "../config/onebot-access.ts";

type Entry = Readonly<Record<string, string | number | boolean>>;

/** The part of NapCat's `onebot11_<QQ number>.json` that makes it and an account meet (onebot-napcat.md 1.1). */
export interface NetworkConfig {
  readonly network: {
    readonly httpServers?: readonly Entry[];
    readonly websocketServers?: readonly Entry[];
    readonly websocketClients?: readonly Entry[];
  };
}

/** Gap between heartbeats that the plugin's watch of a line is made for, ms: NapCat's own default. */
const HEART_INTERVAL_MS = 30_000;
/** How soon NapCat dials again, ms: its own default. */
const RECONNECT_INTERVAL_MS = 5000;

/** Ports that NapCat proposes (onebot-napcat.md 1.1), for servers that a reverse proxy stands before. */
const INNER_PORTS = { http: 3000, ws: 3001 } as const;

/** One entry for each address of the account. */
export function networkConfig(
  { httpUrl, wsUrl, reversePath }: OneBotAddresses,
  token: string,
  gatewayPort: number,
): NetworkConfig {
  return {
    network: {
      ...(httpUrl !== undefined && { httpServers: [httpServer(httpUrl, token)] }),
      ...(wsUrl !== undefined && { websocketServers: [socketServer(wsUrl, token)] }),
      ...(reversePath !== undefined && {
        websocketClients: [socketClient(`ws://127.0.0.1:${gatewayPort}${reversePath}`, token)],
      }),
    },
  };
}

function httpServer(url: string, token: string): Entry {
  return { name: "openclaw-http", enable: true, ...listens(url, INNER_PORTS.http), token, messagePostFormat: "array" };
}

function socketServer(url: string, token: string): Entry {
  const shape = { messagePostFormat: "array", reportSelfMessage: false, heartInterval: HEART_INTERVAL_MS };
  return { name: "openclaw-ws", enable: true, ...listens(url, INNER_PORTS.ws), token, ...shape };
}

function socketClient(url: string, token: string): Entry {
  const shape = { messagePostFormat: "array", reportSelfMessage: false, heartInterval: HEART_INTERVAL_MS };
  return { name: "openclaw", enable: true, url, token, ...shape, reconnectInterval: RECONNECT_INTERVAL_MS };
}

/** Whether something else answers there and passes it on: NapCat itself speaks no TLS. */
export function isBehindProxy(url: string): boolean {
  return /^(?:https|wss):/i.test(url);
}

/** Whether NapCat must listen on every address of its machine to be reached there. */
export function isOpenToNetwork(url: string): boolean {
  return !isBehindProxy(url) && !isLoopback(new URL(url).hostname);
}

/** @param innerPort where NapCat listens when the address is that of a proxy */
function listens(url: string, innerPort: number): { host: string; port: number } {
  const { port } = new URL(url);
  const host = isOpenToNetwork(url) ? "0.0.0.0" : "127.0.0.1";
  if (isBehindProxy(url)) return { host, port: innerPort };
  return { host, port: port === "" ? 80 : Number(port) };
}
