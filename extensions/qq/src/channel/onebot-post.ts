import type { IncomingMessage, ServerResponse } from "node:http";
import { beginWebhookRequestPipelineOrReject } from "openclaw/plugin-sdk/webhook-ingress";
import type { PostedAnswer, RequestHeaders } from "../transport/onebot/onebot.ts";
import { createCallers, type CallerLimits, type Entry } from "./onebot-callers.ts";
import { meantBy, refuse, targetsOf, type OpenTarget } from "./onebot-route.ts";

/** Largest event that is read, bytes; a long forwarded record with everything in it is below. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const BODY_TIMEOUT_MS = 10_000;
const MB = 1024 * 1024;
/**
 * NapCat posts its events in parallel and never again (onebot-napcat.md 1.5): one that is turned away must be read from
 * history. A stranger is who has not signed rightly yet: NapCat after a start, or anybody who can reach the gateway.
 */
const LIMITS: CallerLimits = {
  known: { requests: 256 },
  stranger: { requests: 8, bytes: MAX_BODY_BYTES, allBytes: 16 * MB },
  allBytes: 64 * MB,
};
/** What a signature looks like: who sends none is not worth reading, since every listener has a token. */
const SIGNATURE = /^sha1=[\da-f]{40}$/i;
/** Refusals without a look at the signature, of what NapCat may have posted. */
const UNREAD: ReadonlySet<number> = new Set([408, 429, 503]);
/** Answers of a line that has found the signature wrong, or not looked at it. */
const UNPROVEN: ReadonlySet<number> = new Set([401, 403, 404, 503]);

const callers = createCallers(LIMITS);

/** Takes an event that a OneBot implementation posts (its "HTTP client"). */
export async function answerPost(req: IncomingMessage, res: ServerResponse): Promise<true> {
  const targets = targetsOf(req.url);
  if (targets.length === 0) return end(res, { status: 404 });
  const guard = beginWebhookRequestPipelineOrReject({ req, res, allowMethods: ["POST"] });
  if (!guard.ok) return true;
  try {
    return end(res, await take(req, targets));
  } finally {
    guard.release();
  }
}

async function take(req: IncomingMessage, targets: readonly OpenTarget[]): Promise<PostedAnswer> {
  const address = req.socket.remoteAddress ?? "unknown";
  const refused = (status: number, reason: string, whom = targets): PostedAnswer => ({
    status: refuse(status, reason, address, whom),
  });
  const signature = req.headers["x-signature"];
  if (typeof signature !== "string" || !SIGNATURE.test(signature))
    return refused(401, "posted event without signature");
  const meant = meantBy(req.headers, targets);
  if (meant.length === 0) return refused(401, "posted event for another account");
  const unread = (status: number): PostedAnswer => {
    if (UNREAD.has(status)) callers.owe(address, meant);
    return refused(status, `posted event refused with HTTP ${status}`, meant);
  };
  const entry = callers.enter(address);
  if (!entry) return unread(429);
  try {
    const body = await readBody(req, entry);
    return typeof body === "number" ? unread(body) : await hand(address, req.headers, body, meant);
  } finally {
    entry.leave();
  }
}

/** The signature says which of them it is for; with another's token it is refused before anything is read of it. */
async function hand(
  address: string,
  headers: RequestHeaders,
  body: Uint8Array,
  meant: readonly OpenTarget[],
): Promise<PostedAnswer> {
  for (const { detached, line } of meant) {
    const answer = await detached(() => line.receivePost({ headers, body }));
    if (!UNPROVEN.has(answer.status)) callers.signed(address);
    if (answer.status !== 401 && answer.status !== 403) return answer;
  }
  // The lines have counted what they refused.
  return { status: refuse(401, "posted event for another account", address, []) };
}

/** The body byte for byte, or the HTTP status of its refusal. */
async function readBody(req: IncomingMessage, entry: Entry): Promise<Uint8Array | number> {
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
      if (!entry.hold(piece.byteLength)) return 503;
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
