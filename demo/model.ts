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
  /** Names of the tools that it may call at once; those that the host defers are told in the system prompt. */
  readonly tools: readonly string[];
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
  readonly reply?: (text: string, messages: readonly ChatTurn[]) => string | ModelTurn | Promise<string | ModelTurn>;
}

/** What the model says in one turn, when that is more than a text. */
export interface ModelTurn {
  /** Comes before the calls. */
  readonly text?: string;
  /** Time between two pieces of it, ms, where that is not the one of all turns. */
  readonly pieceMs?: number;
  /** Tools that it calls. The host runs them and asks again, with what came of them as the last message. */
  readonly calls?: readonly { readonly name: string; readonly arguments: object }[];
}

export interface StandInModel {
  /** Base URL of its OpenAI-compatible API, `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** Every completion asked for, in order. */
  readonly requests: readonly ModelRequest[];
  close(): Promise<void>;
}

/** What we read of a completion request. */
interface CompletionBody {
  readonly messages?: readonly ChatTurn[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly stream?: boolean;
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
  const body = (await readJson(request)) as CompletionBody;
  const messages = body.messages ?? [];
  const text = lastUserText(messages);
  const stream = body.stream === true;
  const tools = (body.tools ?? []).map((tool) => tool.function.name);
  requests.push({ text, messages, tools, stream, at: Date.now() });
  if (options.delayMs) await sleep(options.delayMs);
  const said = await (options.reply ?? quote)(text, messages);
  const answer = typeof said === "string" ? { text: said } : said;
  const id = `chatcmpl-${requests.length}`;
  if (stream) return sendStream(response, id, answer, answer.pieceMs ?? options.pieceMs ?? 0);
  const calls = toolCalls(id, answer);
  const message = { role: "assistant", content: answer.text ?? null, ...(calls && { tool_calls: calls }) };
  sendJson(response, 200, completion(id, "chat.completion", [{ index: 0, message, ...endOf(answer) }], USAGE));
}

function toolCalls(id: string, { calls }: ModelTurn): readonly object[] | undefined {
  return calls?.map((call, index) => ({
    index,
    id: `${id}-call-${index}`,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
}

const endOf = ({ calls }: ModelTurn) => ({ finish_reason: calls ? "tool_calls" : "stop" });

const USAGE = { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } };

function completion(id: string, object: string, choices: readonly object[], rest: object = {}): object {
  return { id, object, created: Math.floor(Date.now() / 1000), model: STAND_IN, choices, ...rest };
}

/** Server-sent events: the answer in pieces, then why it ended, then `[DONE]`. */
async function sendStream(response: ServerResponse, id: string, answer: ModelTurn, pieceMs: number): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (delta: object, finish: string | null, rest?: object): void => {
    const chunk = completion(id, "chat.completion.chunk", [{ index: 0, delta, finish_reason: finish }], rest);
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  send({ role: "assistant", content: "" }, null);
  for (const piece of answer.text?.match(/[\s\S]{1,24}/gu) ?? []) {
    if (pieceMs) await sleep(pieceMs);
    send({ content: piece }, null);
  }
  const calls = toolCalls(id, answer);
  if (calls) send({ tool_calls: calls }, null);
  send({}, endOf(answer).finish_reason, USAGE);
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
