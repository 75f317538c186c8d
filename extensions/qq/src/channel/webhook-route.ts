import type { IncomingMessage, ServerResponse } from "node:http";
import {
  createFixedWindowRateLimiter,
  readWebhookBodyOrReject,
  registerWebhookTargetWithPluginRoute,
  withResolvedWebhookRequestPipeline,
} from "openclaw/plugin-sdk/webhook-ingress";
import type { CallbackLine } from "../transport/official/webhook.ts";
import type { Log } from "../transport/log.ts";

interface Target {
  readonly path: string;
  readonly accountId: string;
  readonly appId: string;
  readonly line: CallbackLine;
}

/** Largest callback body that is read, bytes; QQ's largest, a long forwarded record, is far below. */
const MAX_BODY_BYTES = 1024 * 1024;
const BODY_TIMEOUT_MS = 10_000;
/** Calls a minute on one path that are looked at: a busy bot's whole traffic, but not a flood's. */
const CALLS_PER_MINUTE = 60_000;

/** The accounts that wait for callbacks, by path: several may share one. */
const targetsByPath = new Map<string, Target[]>();
const rateLimiter = createFixedWindowRateLimiter({
  windowMs: 60_000,
  maxRequests: CALLS_PER_MINUTE,
  maxTrackedKeys: 64,
});

/** Puts an account's callback line on the gateway's HTTP server; the function that comes back takes it off. */
export function openWebhookRoute(target: Target, log: Log): () => void {
  const registration = registerWebhookTargetWithPluginRoute({
    targetsByPath,
    target,
    route: {
      // QQ knows no token of the gateway: the callback's own signature is checked instead.
      auth: "plugin",
      match: "exact",
      pluginId: "qq",
      source: "qq-webhook",
      accountId: target.accountId,
      throwOnFailure: true,
      log: (line) => log.debug(line),
      handler: answer,
    },
  });
  return registration.unregister;
}

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const found = await withResolvedWebhookRequestPipeline({
    req,
    res,
    targetsByPath,
    allowMethods: ["POST"],
    rateLimiter,
    rateLimitKey: req.url ?? "/",
    handle: async ({ targets }) => {
      const target = targets.find(({ appId }) => appId === req.headers["x-bot-appid"]);
      if (!target) return end(res, 401);
      const body = await readWebhookBodyOrReject({ req, res, maxBytes: MAX_BODY_BYTES, timeoutMs: BODY_TIMEOUT_MS });
      if (!body.ok) return true;
      const reply = await target.line.receive({ headers: req.headers, body: body.value });
      return end(res, reply.status, reply.body);
    },
  });
  if (!found && !res.headersSent) end(res, 404);
}

function end(res: ServerResponse, status: number, body?: object): true {
  res.statusCode = status;
  if (body) res.setHeader("Content-Type", "application/json");
  res.end(body ? JSON.stringify(body) : undefined);
  return true;
}
