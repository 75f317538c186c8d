import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { rejectWebSocketUpgrade, WebSocketServer } from "openclaw/plugin-sdk/websocket-runtime";
import { meantBy, refuse, targetsOf, type OpenTarget } from "./onebot-route.ts";

/** Largest frame that is read, bytes: NapCat's own limit, 50 MiB (onebot-napcat.md 1.2), with room for other implementations. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });

/**
 * Takes the socket that a OneBot implementation dials (reverse WebSocket). Who has no right to it is told so by the
 * HTTP status alone: nothing that a stranger sends is parsed.
 */
export function acceptUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): true {
  const targets = targetsOf(req.url);
  const found = admitted(req, targets);
  if ("reason" in found) {
    const status = refuse(found.status, found.reason, req.socket.remoteAddress, targets);
    rejectWebSocketUpgrade(socket, { status: statusOf(status) });
    return true;
  }
  sockets.handleUpgrade(req, socket, head, (open) => {
    const forget = found.onClose(() => open.terminate());
    open.once("close", forget);
    found.detached(() => found.line.acceptSocket(open, req.headers));
  });
  return true;
}

interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** The one account that lets the request in, or why none does. */
function admitted({ headers }: IncomingMessage, targets: readonly OpenTarget[]): OpenTarget | Refusal {
  if (targets.length === 0) return { status: 404, reason: "reverse connection to no account" };
  const meant = meantBy(headers, targets);
  const [only, another] = meant.filter(({ line }) => line.admits(headers) === undefined);
  // Whichever of the two it is, half of the messages would go astray.
  if (another) return { status: 403, reason: "reverse connection that fits several accounts: give each its selfId" };
  if (only) return only;
  const status = meant[0]?.line.admits(headers) ?? 401;
  return { status, reason: `reverse connection refused with HTTP ${status}` };
}

function statusOf(status: number): 401 | 403 | 404 | 429 | 503 {
  return status === 403 || status === 404 || status === 429 || status === 503 ? status : 401;
}
