import JSON5 from "json5";
import { z } from "zod";
import { ControlError } from "../refusal.ts";
import type { MessageFormat, NapcatSettings } from "./settings.ts";

/** What comes of a NapCat's network configuration. */
export interface Network {
  /** What its servers listen on; one that is not named is closed. */
  readonly ports: { readonly http?: number; readonly ws?: number };
  readonly settings: Partial<NapcatSettings>;
}

// Names, types and defaults: onebot-napcat.md 1.1. A NapCat leaves out what it does not know; here it is refused, so that
// whoever writes a configuration hears of a name that does nothing.
const format = z.enum(["array", "string"]).default("array");
const port = z.int().min(1).max(65_535);
const common = {
  enable: z.boolean().default(false),
  messagePostFormat: format,
  token: z.string().default(""),
  debug: z.boolean().default(false),
};
const own = { reportSelfMessage: z.boolean().default(false) };
const heartInterval = z.int().min(0).default(30_000);

const httpServer = z.strictObject({
  name: z.string().default("http-server"),
  host: z.string().default("127.0.0.1"),
  port: port.default(3000),
  enableCors: z.boolean().default(true),
  enableWebsocket: z.boolean().default(false),
  ...common,
});
const websocketServer = z.strictObject({
  name: z.string().default("websocket-server"),
  host: z.string().default("127.0.0.1"),
  port: port.default(3001),
  enableForcePushEvent: z.boolean().default(true),
  heartInterval,
  ...own,
  ...common,
});
const websocketClient = z.strictObject({
  name: z.string().default("websocket-client"),
  url: z.url({ protocol: /^wss?$/ }).default("ws://localhost:8082"),
  heartInterval,
  reconnectInterval: z.int().min(0).default(5000),
  verifyCertificate: z.boolean().optional(),
  ...own,
  ...common,
});
const httpClient = z.strictObject({
  name: z.string().default("http-client"),
  url: z.url({ protocol: /^https?$/ }).default("http://localhost:8080"),
  ...own,
  ...common,
});

const config = z.strictObject({
  network: z.strictObject({
    httpServers: z.array(httpServer).default([]),
    httpSseServers: z.array(z.never()).default([]),
    httpClients: z.array(httpClient).default([]),
    websocketServers: z.array(websocketServer).default([]),
    websocketClients: z.array(websocketClient).default([]),
    plugins: z.array(z.never()).default([]),
  }),
  musicSignUrl: z.string().optional(),
  enableLocalFile2Url: z.boolean().optional(),
  parseMultMsg: z.boolean().optional(),
  imageDownloadProxy: z.string().optional(),
});
type Entries = z.output<typeof config>["network"];

/**
 * Reads a NapCat's `onebot11_<QQ number>.json` as its owner writes it: JSON5, and what is missing has its default, so
 * that an entry without `enable` opens nothing. Throws `ControlError` with the path of what no NapCat knows.
 */
export function readNetwork(text: string): Network {
  const { network, enableLocalFile2Url, parseMultMsg } = parse(text);
  demandNames(network);
  const http = only("httpServers", network.httpServers);
  const ws = only("websocketServers", network.websocketServers);
  if (http && ws && http.token !== ws.token) throw new ControlError("both servers have one token in this emulator");
  return {
    ports: { ...(http && { http: http.port }), ...(ws && { ws: ws.port }) },
    settings: {
      token: (ws ?? http)?.token ?? "",
      ...(http && { httpFormat: http.messagePostFormat, httpWebsocket: http.enableWebsocket }),
      ...(ws && {
        wsFormat: ws.messagePostFormat,
        heartInterval: ws.heartInterval,
        reportSelfMessage: ws.reportSelfMessage,
        debug: ws.debug,
      }),
      ...(enableLocalFile2Url !== undefined && { enableLocalFile2Url }),
      ...(parseMultMsg !== undefined && { parseMultMsg }),
      reverse: network.websocketClients.filter(({ enable }) => enable).map(withFormat),
      post: network.httpClients.filter(({ enable }) => enable).map(withFormat),
    },
  };
}

function parse(text: string): z.output<typeof config> {
  let read: unknown;
  try {
    read = JSON5.parse(text);
  } catch {
    throw new ControlError("the configuration is not JSON5");
  }
  const parsed = config.safeParse(read);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ControlError(`${issue?.path.join(".")}: ${issue?.message}`);
}

/** The name is the key of an adapter: of two with the same, NapCat keeps the second. */
function demandNames(network: Entries): void {
  const names = Object.values(network).flatMap((entries) => entries.map(({ name }: { name: string }) => name));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new ControlError(`two entries are called "${twice}"`);
}

/** The one that is enabled: a NapCat may have several, this one has a server of each kind. */
function only<Entry extends { readonly enable: boolean }>(kind: string, entries: readonly Entry[]): Entry | undefined {
  const enabled = entries.filter(({ enable }) => enable);
  if (enabled.length > 1) throw new ControlError(`${kind}: this emulator has one of them`);
  return enabled[0];
}

function withFormat<Entry extends { readonly messagePostFormat: MessageFormat }>(entry: Entry) {
  return { ...entry, format: entry.messagePostFormat };
}
