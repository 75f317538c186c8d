import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccountSeed } from "../seed.ts";
import type { World } from "../world.ts";
import { isAuthorized } from "./authorization.ts";
import { createHttpAdapter } from "./http-server.ts";
import { serveLink } from "./media/links.ts";
import type { Napcat } from "./napcat.ts";
import { createPostClient } from "./post-client.ts";
import { createReverseClient } from "./reverse-client.ts";
import { createWsServer } from "./ws-server.ts";

/** The heartbeat of the WebSocket server that the HTTP server can be as well (onebot-napcat.md 1.3), ms. */
const HTTP_HEARTBEAT_MS = 30_000;

/** A NapCat with its servers open. */
export interface ServedNapcat {
  /** Opens and closes what the settings name besides the servers. */
  readonly renew: () => void;
  /** Closes every socket as after a change of settings: without a code. */
  readonly closeSockets: () => void;
  /** Lets the servers listen on other ports; one that has none is closed. Rejects when somebody else listens there. */
  readonly listen: (ports: ListeningPorts) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Ports on 127.0.0.1; 0 for a free one. */
export interface ListeningPorts {
  readonly ws?: number;
  readonly http?: number;
}

/** A NapCat with its WebSocket server and its HTTP server, on ports of their own, unless its seed has no servers. */
export async function serveNapcat(napcat: Napcat, seed: AccountSeed, world: World): Promise<ServedNapcat> {
  const common = { format: () => napcat.settings.wsFormat, reportsSelf: () => napcat.settings.reportSelfMessage };
  const events = createWsServer(napcat, { name: "ws", interval: () => napcat.settings.heartInterval, ...common });
  const beside = createWsServer(napcat, {
    name: "http-ws",
    interval: () => HTTP_HEARTBEAT_MS,
    format: () => napcat.settings.httpFormat,
    reportsSelf: () => false,
  });
  const http = createHttpAdapter(napcat);

  const wsServer = createServer((request, response) => {
    if (napcat.weather.isDown) return void request.socket.resetAndDestroy();
    const { searchParams: query } = new URL(request.url ?? "/", "http://127.0.0.1");
    const isWelcome = isAuthorized(napcat.settings, { query, header: request.headers.authorization });
    // go-cqhttp looks at the token before anything else (9).
    if (!isWelcome && napcat.settings.software === "go-cqhttp") return void response.writeHead(401).end();
    response.writeHead(426, { "content-type": "text/plain" }).end("Upgrade Required");
  });
  wsServer.on("upgrade", (request, socket, head) => void events.accept(request, socket, head));
  const httpServer = createServer((request, response) => {
    // QQ's own store, which no weather of the NapCat reaches.
    const stored = serveLink(world, request.url ?? "/");
    // A client that goes away in the middle of a call wants no answer.
    if (!stored) return void http.answer(request, response).catch(() => response.destroy());
    void stored.arrayBuffer().then((bytes) => {
      response.writeHead(stored.status, Object.fromEntries(stored.headers)).end(Buffer.from(bytes));
    });
  });
  httpServer.on("upgrade", (request, socket, head) => {
    if (!napcat.settings.httpWebsocket) return void socket.destroy();
    void beside.accept(request, socket, head);
  });

  const closeSockets = (): void => {
    events.closeSockets();
    beside.closeSockets();
  };
  const listenOn = async (ports: ListeningPorts): Promise<void> => {
    closeSockets();
    await Promise.all([close(wsServer), close(httpServer)]);
    napcat.wsUrl = ports.ws === undefined ? "" : `ws://127.0.0.1:${await listen(wsServer, ports.ws)}`;
    napcat.httpUrl = ports.http === undefined ? "" : `http://127.0.0.1:${await listen(httpServer, ports.http)}`;
  };
  if (seed.servers !== false) await listenOn({ ws: seed.wsPort ?? 0, http: seed.httpPort ?? 0 });
  const renew = (): void => {
    for (const adapter of napcat.adapters.slice(2)) adapter.close();
    const { reverse, post } = napcat.settings;
    napcat.adapters = [
      events,
      beside,
      ...reverse.map((each, at) => createReverseClient(napcat, each, `reverse-${at + 1}`)),
      ...post.map((each, at) => createPostClient(napcat, each, `post-${at + 1}`)),
    ];
  };
  renew();
  return {
    renew,
    closeSockets,
    listen: listenOn,
    async close() {
      for (const adapter of napcat.adapters) adapter.close();
      await Promise.all([close(wsServer), close(httpServer)]);
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // What a server that listens has for an address is never a path here.
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
