import type { MiddlewareHandler } from "hono";
import type { ApiContext, ApiEnv } from "./api-context.ts";
import type { HttpFault } from "./control.ts";

/** Gives every call its trace id and puts it into the wire log, refused or not. */
export function logCalls({ ids, log }: ApiContext): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const trace = ids.trace();
    c.set("trace", trace);
    const request = parse(await c.req.text());
    await next();
    c.header("X-Tps-trace-ID", trace);
    const answer = parse(await c.res.clone().text());
    const refused = c.get("refused") ?? refusalIn(answer);
    log.add({
      ...botOf(c.get("bot")),
      channel: "http",
      direction: "out",
      title: `${c.req.method} ${c.req.path} ${c.res.status}`,
      ...(refused !== undefined && { refused }),
      body: { authorization: c.req.header("authorization"), request, answer },
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
        return c.html(
          `<html><head><title>${fault.status}</title></head><body>stgw</body></html>`,
          asStatus(fault.status),
        );
      case "error":
        return answerError(fault, c.get("trace"));
    }
  };
}

function answerError(fault: HttpFault & { kind: "error" }, trace: string): Response {
  const code = fault.code ?? 50015014;
  const body = { message: fault.message ?? "系统繁忙", code, err_code: code, trace_id: trace };
  const headers = fault.retryAfter === undefined ? {} : { "Retry-After": String(fault.retryAfter) };
  return Response.json(body, { status: fault.status, headers });
}

/** The token call refuses in a body of HTTP 200. */
function refusalIn(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("code" in answer)) return undefined;
  const { code } = answer;
  const message = "message" in answer && typeof answer.message === "string" ? answer.message : "";
  return typeof code === "number" && code !== 0 ? `${code} ${message}` : undefined;
}

const botOf = (bot: { appId: string } | undefined): { bot?: string } => (bot ? { bot: bot.appId } : {});

/** Hono's type lists the statuses it knows; a fault may be any. */
const asStatus = (status: number): 500 => status as 500;

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
