import type { IncomingMessage, ServerResponse } from "node:http";
import {
  createFixedWindowRateLimiter,
  readWebhookBodyOrReject,
  registerWebhookTargetWithPluginRoute,
  withResolvedWebhookRequestPipeline,
} from "openclaw/plugin-sdk/webhook-ingress";
import { DEFAULT_WEBHOOK_PATH } from "../config/schema.ts";
import { QQConfigError } from "../errors.ts";
import type { CallbackLine } from "../transport/official/webhook.ts";
import type { Log } from "../transport/log.ts";
import type { CallbackRefusal } from "../transport/transport.ts";

interface Target {
  readonly path: string;
  readonly accountId: string;
  readonly appId: string;
  readonly line: CallbackLine;
  /** A callback never reached the line: it was for another bot, or its body too large, too slow or cut off. */
  readonly dropped: (reason: string, refusal: CallbackRefusal) => void;
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

/** Paths that the gateway answers itself, before any plugin is asked. */
const OF_THE_GATEWAY = /^\/(?:(?:health|ready|startup)z?|__openclaw__)(?:\/|$)/i;

/**
 * Puts an account's callback line on the gateway's HTTP server; the function that comes back takes it off.
 * Throws `QQConfigError` when the path cannot be had.
 */
export function openWebhookRoute(target: Target, log: Log): () => void {
  if (OF_THE_GATEWAY.test(target.path)) throw unusable(target.path, "the gateway's own", "网关自身");
  try {
    return register(target, log);
  } catch (error) {
    const why = error instanceof Error ? error.message : "refused";
    throw unusable(target.path, `taken (${why})`, `其他插件（${why}）`, error);
  }
}

function unusable(path: string, en: string, zh: string, cause?: unknown): QQConfigError {
  const wording = {
    en: `webhookPath ${path} is ${en}; choose another, such as ${DEFAULT_WEBHOOK_PATH}`,
    zh: `webhookPath ${path} 已被${zh}占用；请换一个，例如 ${DEFAULT_WEBHOOK_PATH}`,
  };
  return new QQConfigError("webhookPath", wording, { cause });
}

function register(target: Target, log: Log): () => void {
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
      if (!target) {
        // Scanners name no bot.
        if (req.headers["x-bot-appid"])
          for (const { dropped } of targets) dropped("callback for another bot", "another-bot");
        return end(res, 401);
      }
      const body = await readWebhookBodyOrReject({ req, res, maxBytes: MAX_BODY_BYTES, timeoutMs: BODY_TIMEOUT_MS });
      if (!body.ok) {
        target.dropped(`callback body refused with HTTP ${res.statusCode}`, "other");
        return true;
      }
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
