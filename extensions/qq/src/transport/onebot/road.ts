import { adviseRefusal } from "../../advice.ts";
import { QQApiError, QQProtocolError } from "../../errors.ts";
import { parseData, type ActionData, type ActionName, type ActionParams } from "../../protocol/onebot/actions.ts";
import { classifyFailure } from "../../protocol/onebot/faults.ts";
import type { Frame } from "../../protocol/onebot/frames.ts";
import type { CallOptions } from "./calls.ts";

/** What came back for a call, whether it was carried out or not. `status`: of HTTP; 200 on a socket. */
export interface Answer {
  readonly status: number;
  readonly retcode: number;
  readonly data: unknown;
  readonly text: string;
  readonly more: boolean;
}

/** One road that calls can take. Rejects with a `QQError` when there is no answer. */
export interface Road {
  ask(action: ActionName, params: object, options?: CallOptions): Promise<Answer>;
  /** Hands on each frame of the answer, the last one too. */
  stream(
    action: ActionName,
    params: object,
    take: (answer: Answer) => Promise<void>,
    options?: CallOptions,
  ): Promise<void>;
}

/** Longest wait for an answer where the caller names none, ms (`onebot-napcat.md` 7.2). */
export const ANSWER_MS = 30_000;

/** The code of a wrong token, which over HTTP has a status only (`onebot-napcat.md` 2.3). */
export const BAD_TOKEN = 1403;

export function toAnswer(frame: Extract<Frame, { kind: "reply" }>, status: number): Answer {
  const { retcode, data, text, more } = frame;
  return { status, retcode, data, text, more };
}

/** Calls an action over one road, as `OneBotCalls.call` does. */
export async function callOver<Name extends ActionName>(
  road: Road,
  action: Name,
  params: ActionParams<Name>,
  options?: CallOptions,
): Promise<ActionData<Name>> {
  return dataOf(action, await road.ask(action, params, options));
}

/** Calls an action that answers in several frames over one road, as `OneBotCalls.stream` does. */
export async function streamOver<Name extends ActionName>(
  road: Road,
  action: Name,
  params: ActionParams<Name>,
  take: (data: unknown) => void | Promise<void>,
  options?: CallOptions,
): Promise<void> {
  await road.stream(action, params, async (answer) => await take(dataOf(action, answer)), options);
}

function dataOf<Name extends ActionName>(action: Name, answer: Answer): ActionData<Name> {
  if (answer.retcode !== 0) throw refusalOf(action, answer);
  const reading = parseData(action, answer.data);
  if (reading.malformed !== undefined)
    throw new QQProtocolError(`the answer to ${action} cannot be read (${reading.malformed}); update the plugin`);
  return reading.data;
}

/** The error for an answer that says no. What it says in words is read, and never repeated: it may quote what was sent. */
export function refusalOf(action: ActionName, { retcode, text, status }: Omit<Answer, "data" | "more">): QQApiError {
  const fault = classifyFailure(action, retcode, text);
  const refusal = {
    kind: fault.kind,
    retry: fault.retry,
    status,
    platformCode: fault.kind === "token" ? BAD_TOKEN : (fault.result ?? retcode),
    traceId: undefined,
    call: action,
    mayHaveArrived: fault.outcome === "unknown",
  };
  return new QQApiError(adviseRefusal(refusal, "en"), refusal);
}
