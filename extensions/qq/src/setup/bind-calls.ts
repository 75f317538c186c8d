import { QQProtocolError, type QQError } from "../errors.ts";
import {
  bindPaths,
  BindEnvelope,
  BindResult,
  BindTask,
  decodeBindStatus,
  type BindStatus,
  type CreateBindTask,
  type PollBindResult,
} from "../protocol/official/bind.ts";
import { apiUrl } from "../protocol/official/endpoints.ts";
import { exchange, type HttpAnswer, type HttpRequest } from "../transport/official/exchange.ts";
import { refusalError, refusalIn } from "../transport/official/refusal.ts";
import type { Outside } from "../transport/transport.ts";

/** Longest wait for an answer, ms (qq-official.md 12). */
const ANSWER_MS = 10_000;

/** Makes a task; resolves with its id. Rejects with a `QQError`. */
export async function createBindTask(
  outside: Outside,
  baseUrl: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const body: CreateBindTask = { key };
  const answer = await ask(outside, requestTo(baseUrl, bindPaths.create, body), signal);
  const task = BindTask.safeParse(answer.json).data;
  if (!task) throw unreadable(bindPaths.create);
  return task.data.task_id;
}

/** Asks what became of a task. Rejects with a `QQError`. */
export async function pollBindResult(
  outside: Outside,
  baseUrl: string,
  taskId: string,
  signal: AbortSignal | undefined,
): Promise<BindStatus> {
  const body: PollBindResult = { task_id: taskId };
  const answer = await ask(outside, requestTo(baseUrl, bindPaths.poll, body), signal);
  const result = BindResult.safeParse(answer.json).data;
  const status = result && decodeBindStatus(result);
  if (!status) throw unreadable(bindPaths.poll);
  return status;
}

function requestTo(baseUrl: string, path: string, body: object): HttpRequest {
  return { method: "POST", url: apiUrl(baseUrl, path), name: `POST ${path}`, body, answerMs: ANSWER_MS };
}

async function ask(outside: Outside, request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer> {
  const answer = await exchange(outside, request, signal);
  const refusal = refusalIn(answer, request) ?? refusedBy(answer, request);
  if (refusal) throw refusal;
  return answer;
}

/** No table of these codes is published: whether trying again helps is found out by trying. */
function refusedBy(answer: HttpAnswer, { name }: HttpRequest): QQError | undefined {
  const retcode = BindEnvelope.safeParse(answer.json).data?.retcode ?? 0;
  if (retcode === 0) return undefined;
  return refusalError({
    kind: "temporary",
    retry: "later",
    status: answer.status,
    platformCode: retcode,
    traceId: answer.traceId,
    call: name,
  });
}

function unreadable(path: string): QQProtocolError {
  return new QQProtocolError(
    `the answer to POST ${path} is not one of QQ's; check the network for a login page or a proxy that answers itself, or enter AppID and AppSecret by hand`,
  );
}
