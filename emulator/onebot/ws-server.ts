import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { isAuthorized } from "./authorization.ts";
import { encodeDenial } from "./envelope.ts";
import type { EventAdapter } from "./event-adapter.ts";
import { EventSocket, MAX_FRAME_BYTES } from "./event-socket.ts";
import { createHeartbeat } from "./heartbeat.ts";
import type { Napcat } from "./napcat.ts";

/** Takes WebSockets, at the WebSocket server and, where it is set so, at the HTTP server (onebot-napcat.md 1.2, 1.3). */
export interface WsServer extends EventAdapter {
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  /** Closes every socket, as after a change of its settings. */
  readonly closeSockets: () => void;
}

export interface WsServerOptions {
  readonly name: string;
  readonly interval: () => number;
  readonly format: EventAdapter["format"];
  readonly reportsSelf: () => boolean;
}

export function createWsServer(napcat: Napcat, { name, interval, format, reportsSelf }: WsServerOptions): WsServer {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    autoPong: false,
  });
  const sockets = new Set<EventSocket>();
  const listeners = (): EventSocket[] => [...sockets].filter((socket) => socket.hasEvents && socket.isOpen);
  const beat = (): void => napcat.events.beat(adapter, interval());
  const heartbeat = createHeartbeat(napcat.clock, interval, beat);

  const adapter: WsServer = {
    name,
    transport: "ws",
    format,
    reportsSelf,
    debug: () => napcat.settings.debug,
    isActive: () => listeners().length > 0,
    tell: (frame, title) => {
      for (const socket of listeners()) socket.send(frame, title);
    },
    sockets: () => [...sockets],
    silence: (way) => {
      for (const socket of sockets) socket.silence(way);
    },
    cut: () => {
      for (const socket of sockets) socket.cut();
    },
    closeSockets: () => {
      for (const socket of sockets) socket.close();
    },
    close() {
      heartbeat.stop();
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
    async accept(request, socket, head) {
      socket.on("error", () => socket.destroy());
      if (napcat.weather.isDown) return void socket.destroy();
      await napcat.weather.stalled;
      const address = new URL(request.url ?? "/", "http://127.0.0.1");
      const isWelcome = isAuthorized(napcat.settings, {
        query: address.searchParams,
        header: request.headers.authorization,
      });
      if (!isWelcome && napcat.settings.software === "go-cqhttp") {
        socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) =>
        isWelcome ? serve(webSocket, address.pathname) : deny(napcat, name, webSocket),
      );
    },
  };

  const serve = (webSocket: WebSocket, path: string): void => {
    const hasEvents = path !== "/api" && path !== "/api/";
    const socket = new EventSocket(webSocket, napcat, adapter, hasEvents);
    sockets.add(socket);
    webSocket.on("close", () => {
      sockets.delete(socket);
      if (listeners().length === 0) heartbeat.stop();
      napcat.changed();
    });
    napcat.log({ direction: "out", title: `${name} open ${path}` });
    if (hasEvents) {
      socket.send(napcat.events.lifecycle(), "lifecycle connect");
      heartbeat.start();
    }
    napcat.changed();
  };
  return adapter;
}

/** The upgrade is done first, so that the client is told by a frame; Lagrange only closes, with 1002 (0.1, 9). */
function deny(napcat: Napcat, name: string, socket: WebSocket): void {
  const { software } = napcat.settings;
  socket.on("error", () => socket.terminate());
  napcat.log({ direction: "in", title: `${name} wrong token`, refused: "1403 token验证失败" });
  if (software === "lagrange") return socket.close(1002);
  socket.send(JSON.stringify(encodeDenial(software)));
  socket.close();
}
