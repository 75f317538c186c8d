import type { IncomingMessage, ServerResponse } from "node:http";
import type { Adapter } from "./actions.ts";
import { isAuthorized } from "./authorization.ts";
import type { Reply } from "./envelope.ts";
import { refusalOf } from "./event-socket.ts";
import { readCallBody } from "./http-body.ts";
import type { Napcat } from "./napcat.ts";

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
  "access-control-allow-headers": "*",
};
const JSON_TYPE = "application/json; charset=utf-8";
const GREETING = {
  status: "ok",
  retcode: 0,
  data: {},
  message: "NapCat4 Is Running",
  wording: "",
  echo: null,
  stream: "normal-action",
};

/** The HTTP server of a NapCat (onebot-napcat.md 1.3). */
export interface HttpAdapter extends Adapter {
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export function createHttpAdapter(napcat: Napcat): HttpAdapter {
  const adapter: HttpAdapter = {
    name: "http",
    transport: "http",
    format: () => napcat.settings.httpFormat,
    async answer(request, response) {
      if (napcat.weather.isDown) return void request.socket.resetAndDestroy();
      await napcat.weather.stalled;
      const address = new URL(request.url ?? "/", "http://127.0.0.1");
      if (request.method === "OPTIONS") return void response.writeHead(204, CORS).end();
      const body = request.method === "GET" ? {} : await readCallBody(request, napcat.settings.utf8Defect);
      if (!body) return refuse(napcat, response, address.pathname, 400, "Invalid JSON");
      const header = request.headers.authorization;
      if (!isAuthorized(napcat.settings, { query: address.searchParams, header })) {
        const status = napcat.settings.software === "go-cqhttp" ? 401 : 403;
        return refuse(napcat, response, address.pathname, status, `{"message":"token verify failed!"}`);
      }
      const action = address.pathname.split("/")[1] ?? "";
      if (action === "")
        return void response.writeHead(200, { ...CORS, "content-type": JSON_TYPE }).end(JSON.stringify(GREETING));
      await call(napcat, adapter, action, { ...body, ...Object.fromEntries(address.searchParams) }, response);
    },
  };
  return adapter;
}

/** Answers of streaming actions come one after another, each with an empty line behind it and without a type. */
async function call(
  napcat: Napcat,
  adapter: Adapter,
  action: string,
  params: Readonly<Record<string, unknown>>,
  response: ServerResponse,
): Promise<void> {
  const { echo } = params;
  const write = (reply: Reply): void => {
    log(napcat, action, 200, params, reply);
    if (reply["stream"] === "stream-action") {
      if (!response.headersSent) response.writeHead(200, CORS);
      return void response.write(`${JSON.stringify(reply)}\r\n\r\n`);
    }
    const isMissing = napcat.settings.software === "llonebot" && reply["retcode"] === 404;
    response.writeHead(isMissing ? 404 : 200, { ...CORS, "content-type": JSON_TYPE });
    response.end(JSON.stringify(reply));
  };
  const isAnswered = await napcat.answerCall({ action, params, echo }, adapter, write);
  if (isAnswered) return void response.end();
  napcat.log({ direction: "out", title: `http POST /${action} cut`, refused: "fault: cut" });
  response.socket?.resetAndDestroy();
}

function refuse(napcat: Napcat, response: ServerResponse, path: string, status: number, text: string): void {
  napcat.log({ direction: "out", title: `http ${path} ${status}`, refused: `${status} ${text}` });
  response.writeHead(status, { ...CORS, "content-type": "text/html; charset=utf-8" }).end(text);
}

function log(napcat: Napcat, action: string, status: number, request: unknown, answer: Reply): void {
  napcat.log({
    direction: "out",
    title: `http /${action} ${status}`,
    body: { request, answer },
    refused: refusalOf(answer),
  });
}
