import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { CallbackLine } from "../../extensions/qq/src/transport/official/webhook.ts";

/** The gateway's HTTP server without the gateway: what comes is handed to the line. */
export interface Callbacks {
  readonly url: string;
  /** From now on callbacks go to this line. */
  lead(line: CallbackLine): void;
  isOpen(): boolean;
  /** The next `times` callbacks lose their connection, before or after the line has seen them. */
  cut(when: "before" | "after", times: number): void;
}

export async function listenForCallbacks(): Promise<Callbacks> {
  let line: CallbackLine | undefined;
  let cuts: { readonly when: "before" | "after"; readonly times: number } = { when: "before", times: 0 };
  const isCut = (when: "before" | "after"): boolean => {
    if (cuts.when !== when || cuts.times === 0) return false;
    cuts = { when, times: cuts.times - 1 };
    return true;
  };
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await readBody(req);
    if (isCut("before")) return void req.socket.destroy();
    const reply = await line?.receive({ headers: req.headers, body });
    if (isCut("after")) return void req.socket.destroy();
    res.writeHead(reply?.status ?? 503, { "content-type": "application/json" });
    res.end(reply?.body && JSON.stringify(reply.body));
  };
  // Who calls has gone away meanwhile: a push that took too long.
  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    lead: (to) => void (line = to),
    isOpen: () => server.listening && line !== undefined,
    cut: (when, times) => void (cuts = { when, times }),
  };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
