import type { Context, MiddlewareHandler } from "hono";
import type { ApiContext, ApiEnv } from "./api-context.ts";
import type { HttpFault } from "./control.ts";
import { readAnswer, readBody } from "./request-body.ts";
import type { Rules } from "./rules.ts";

/**
 * Gives every call its trace id and puts it into the wire log, refused or not. A body that announces too much is not
 * even read: the proxy before the platform answers it, in HTML (qq-official.md 10).
 */
export function logCalls({ ids, log, world }: ApiContext): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const trace = ids.trace();
    c.set("trace", trace);
    const most = mostBytes(c, world.context.rules);
    const announced = Number(c.req.header("content-length") ?? 0);
    const request = announced > most ? { size: announced, shown: `<${announced} bytes>` } : await readBody(c);
    if (request.size > most) refuseBody(c, request.size);
    else await next();
    c.header("X-Tps-trace-ID", trace);
    const answer = await readAnswer(c.res);
    const refused = c.get("refused") ?? refusalIn(answer);
    log.add({
      ...botOf(c.get("bot")),
      channel: "http",
      direction: "out",
      title: `${c.req.method} ${c.req.path} ${c.res.status}`,
      ...(refused !== undefined && { refused }),
      body: { authorization: c.req.header("authorization"), request: request.shown, answer },
    });
  };
}

/** Lets waiting faults befall the call. */
export function failCalls({ faults, clock, log }: ApiContext): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const fault = faults.takeHttp(`${c.req.method} ${c.req.path}`);
    if (!fault) return next();
    c.set("refused", `fault: ${fault.kind}`);
    switch (fault.kind) {
      case "slow":
        log.add({ channel: "http", direction: "out", title: `${c.req.method} ${c.req.path} held for ${fault.ms} ms` });
        await new Promise<void>((resolve) => void clock.after(fault.ms, resolve));
        c.set("refused", undefined);
        return next();
      case "reset":
        if (fault.delivered) await next();
        c.env.incoming.socket.resetAndDestroy();
        return fault.delivered ? undefined : c.body(null, 500);
      case "html":
        return answerHtml(c, fault.status);
      case "error":
        return answerError(fault, c.get("trace"));
    }
  };
}

/** Largest body of a call, bytes. Parts of uploads go to another host, and may be as large as they are. */
const mostBytes = (c: Context<ApiEnv>, { bodyBytes, partBytes }: Rules): number =>
  c.req.path.startsWith("/_cos/") ? Math.max(bodyBytes, partBytes) : bodyBytes;

function refuseBody(c: Context<ApiEnv>, size: number): void {
  c.set("refused", `413 (${size} bytes)`);
  c.res = answerHtml(c, 413);
}

const answerHtml = (c: Context<ApiEnv>, status: number): Response =>
  c.html(`<html><head><title>${status}</title></head><body>stgw</body></html>`, asStatus(status));

function answerError(fault: HttpFault & { kind: "error" }, trace: string): Response {
  const code = fault.code ?? 50015014;
  const body = { message: fault.message ?? "系统繁忙", code, err_code: code, trace_id: trace };
  const headers = fault.retryAfter === undefined ? {} : { "Retry-After": String(fault.retryAfter) };
  return Response.json(body, { status: fault.status, headers });
}

/** What says that a message waits to be judged looks like a refusal and is none (qq-official.md 5.9). */
const AUDIT_CODES: ReadonlySet<unknown> = new Set([304023, 304024]);

/** The token call refuses in a body of HTTP 200. */
function refusalIn(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("code" in answer)) return undefined;
  const { code } = answer;
  const message = "message" in answer && typeof answer.message === "string" ? answer.message : "";
  return typeof code === "number" && code !== 0 && !AUDIT_CODES.has(code) ? `${code} ${message}` : undefined;
}

const botOf = (bot: { appId: string } | undefined): { bot?: string } => (bot ? { bot: bot.appId } : {});

/** Hono's type lists the statuses it knows; a fault may be any. */
const asStatus = (status: number): 500 => status as 500;
