import type { IncomingMessage, ServerResponse } from "node:http";
import { beginWebhookRequestPipelineOrReject, createWebhookInFlightLimiter } from "openclaw/plugin-sdk/webhook-ingress";
import type { PostedAnswer } from "../transport/onebot/onebot.ts";
import { meantBy, refuse, targetsOf, type OpenTarget } from "./onebot-route.ts";

/** Largest event that is read, bytes; a long forwarded record with everything in it is below. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const BODY_TIMEOUT_MS = 10_000;
/** NapCat posts its events in parallel and never again (onebot-napcat.md 1.5): one that is turned away is lost. */
const IN_FLIGHT = 256;

const inFlight = createWebhookInFlightLimiter({ maxInFlightPerKey: IN_FLIGHT });

/** Takes an event that a OneBot implementation posts (its "HTTP client"). */
export async function answerPost(req: IncomingMessage, res: ServerResponse): Promise<true> {
  const targets = targetsOf(req.url);
  const [first] = targets;
  if (!first) return end(res, { status: 404 });
  const guard = beginWebhookRequestPipelineOrReject({
    req,
    res,
    allowMethods: ["POST"],
    inFlightLimiter: inFlight,
    inFlightKey: first.path,
  });
  if (!guard.ok) return true;
  try {
    return end(res, await take(req, targets));
  } finally {
    guard.release();
  }
}

async function take(req: IncomingMessage, targets: readonly OpenTarget[]): Promise<PostedAnswer> {
  const refused = (status: number, reason: string, whom = targets): PostedAnswer => ({
    status: refuse(status, reason, req.socket.remoteAddress, whom),
  });
  // Every listener has a token, so every event has a signature: who has none is not worth reading.
  if (req.headers["x-signature"] === undefined) return refused(401, "posted event without signature");
  const meant = meantBy(req.headers, targets);
  const body = await readBody(req);
  if (typeof body === "number") return refused(body, `posted event refused with HTTP ${body}`, meant);
  // The signature says which of them it is for; with another's token it is refused before anything is read of it.
  for (const { detached, line } of meant) {
    const answer = await detached(() => line.receivePost({ headers: req.headers, body }));
    if (answer.status !== 401 && answer.status !== 403) return answer;
  }
  // The lines have counted what they refused.
  return refused(401, "posted event for another account", meant.length > 0 ? [] : targets);
}

/** The body byte for byte, or the HTTP status of its refusal. */
async function readBody(req: IncomingMessage): Promise<Uint8Array | number> {
  const signal = AbortSignal.timeout(BODY_TIMEOUT_MS);
  const stop = (): void => void req.destroy();
  signal.addEventListener("abort", stop);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Destroying the request would take the answer with it.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      // Without an encoding of its own a request gives buffers.
      const piece = chunk as Buffer;
      bytes += piece.byteLength;
      if (bytes > MAX_BODY_BYTES) return 413;
      chunks.push(piece);
    }
    return Buffer.concat(chunks);
  } catch {
    return signal.aborted ? 408 : 400;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function end(res: ServerResponse, { status, body }: PostedAnswer): true {
  res.statusCode = status;
  if (body !== undefined) res.setHeader("Content-Type", "application/json");
  res.end(body);
  return true;
}
