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
  return { name: "openclaw-http", enable: true, ...listens(url), token, messagePostFormat: "array" };
}

function socketServer(url: string, token: string): Entry {
  const shape = { messagePostFormat: "array", reportSelfMessage: false, heartInterval: HEART_INTERVAL_MS };
  return { name: "openclaw-ws", enable: true, ...listens(url), token, ...shape };
}

function socketClient(url: string, token: string): Entry {
  const shape = { messagePostFormat: "array", reportSelfMessage: false, heartInterval: HEART_INTERVAL_MS };
  return { name: "openclaw", enable: true, url, token, ...shape, reconnectInterval: RECONNECT_INTERVAL_MS };
}

/** What is reached as 127.0.0.1 listens there; what is reached by another name listens on every address. */
function listens(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url);
  const isHere = hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
  const standard = protocol === "https:" || protocol === "wss:" ? 443 : 80;
  return { host: isHere ? "127.0.0.1" : "0.0.0.0", port: port === "" ? standard : Number(port) };
}
