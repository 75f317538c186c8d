import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import type { OneBotTransport } from "../../extensions/qq/src/transport/onebot/onebot.ts";

/** The gateway's HTTP server without the gateway, for a NapCat that dials or posts: what comes is handed to the line. */
export interface NapcatEnd {
  readonly httpUrl: string;
  readonly wsUrl: string;
  /** From now on everything goes to this line. */
  lead(line: OneBotTransport): void;
  isOpen(): boolean;
  /** Sockets that are not over. */
  readonly sockets: number;
}

export async function listenForNapcat(): Promise<NapcatEnd> {
  let line: OneBotTransport | undefined;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const answered = await line?.receivePost({ headers: req.headers, body: Buffer.concat(chunks) });
    res.writeHead(answered?.status ?? 503).end(answered?.body);
  };
  const accept = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const to = line;
    const refused = to ? to.admits(req.headers) : 503;
    if (refused !== undefined || !to)
      return void socket.end(`HTTP/1.1 ${refused} Refused\r\ncontent-length: 0\r\n\r\n`);
    sockets.handleUpgrade(req, socket, head, (open) => to.acceptSocket(open, req.headers));
  };
  // Who posts has gone away meanwhile.
  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()));
  server.on("upgrade", accept);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}/qq-onebot`;
  return {
    httpUrl: `http://${origin}`,
    wsUrl: `ws://${origin}`,
    lead: (to) => void (line = to),
    isOpen: () => server.listening && line !== undefined,
    get sockets() {
      return sockets.clients.size;
    },
  };
}
