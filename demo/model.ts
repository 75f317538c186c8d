import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { lastUserText, type ChatTurn } from "./prompt.ts";

/** One call of the stand-in model. */
interface ModelRequest {
  /** What the user typed last, without the host's notes. */
  readonly text: string;
  /** The whole conversation as it was sent. */
  readonly messages: readonly ChatTurn[];
  readonly stream: boolean;
  /** When it came, ms since the epoch. */
  readonly at: number;
}

export interface ModelOptions {
  /** Port on 127.0.0.1; free one by default. */
  readonly port?: number;
  /** Time to think before the first word, ms. */
  readonly delayMs?: number;
  /** Time between two pieces of a streamed answer, ms. */
  readonly pieceMs?: number;
  /** What to answer; by default it quotes the user and says that it is a stand-in. */
  readonly reply?: (text: string, messages: readonly ChatTurn[]) => string | Promise<string>;
}

export interface StandInModel {
  /** Base URL of its OpenAI-compatible API, `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** Every completion asked for, in order. */
  readonly requests: readonly ModelRequest[];
  close(): Promise<void>;
}

/** The name it goes by. */
const STAND_IN = "stand-in";

/** Starts a model that needs no key and no network: it repeats what it was told. */
export async function startModel(options: ModelOptions = {}): Promise<StandInModel> {
  const requests: ModelRequest[] = [];
  const server = createServer((request, response) => {
    serve(request, response, requests, options).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: { message: String(error) } });
      response.destroy();
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The default answer: in the language of the question, and honest about who speaks. */
export function quote(text: string): string {
  return /\p{Script=Han}/u.test(text) ? `（替身模型）你说：${text}` : `(stand-in model) you said: ${text}`;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  requests: ModelRequest[],
  options: ModelOptions,
): Promise<void> {
  const call = `${request.method} ${request.url?.split("?")[0]}`;
  if (call === "GET /v1/models") {
    return sendJson(response, 200, { object: "list", data: [{ id: STAND_IN, object: "model" }] });
  }
  if (call !== "POST /v1/chat/completions") return sendJson(response, 404, { error: { message: `no ${call} here` } });
  const body = (await readJson(request)) as { messages?: readonly ChatTurn[]; stream?: boolean };
  const messages = body.messages ?? [];
  const text = lastUserText(messages);
  const stream = body.stream === true;
  requests.push({ text, messages, stream, at: Date.now() });
  if (options.delayMs) await sleep(options.delayMs);
  const answer = await (options.reply ?? quote)(text, messages);
  const id = `chatcmpl-${requests.length}`;
  if (stream) return sendStream(response, id, answer, options.pieceMs ?? 0);
  const message = { role: "assistant", content: answer };
  sendJson(response, 200, completion(id, "chat.completion", [{ index: 0, message, finish_reason: "stop" }], USAGE));
}

const USAGE = { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } };

function completion(id: string, object: string, choices: readonly object[], rest: object = {}): object {
  return { id, object, created: Math.floor(Date.now() / 1000), model: STAND_IN, choices, ...rest };
}

/** Server-sent events: the answer in pieces, then why it ended, then `[DONE]`. */
async function sendStream(response: ServerResponse, id: string, answer: string, pieceMs: number): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (delta: object, finish: string | null, rest?: object): void => {
    const chunk = completion(id, "chat.completion.chunk", [{ index: 0, delta, finish_reason: finish }], rest);
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  send({ role: "assistant", content: "" }, null);
  for (const piece of answer.match(/[\s\S]{1,24}/gu) ?? []) {
    if (pieceMs) await sleep(pieceMs);
    send({ content: piece }, null);
  }
  send({}, "stop", USAGE);
  response.end("data: [DONE]\n\n");
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
