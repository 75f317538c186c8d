import { QQApiError, QQTransportError, type ApiRefusal } from "../../errors.ts";
import { parseData, type ActionName } from "../../protocol/onebot/actions.ts";
import type { CallOptions, OneBotCalls } from "../onebot/calls.ts";
import type { Clock } from "../clock.ts";

/** A call as it was made. */
export interface SeenAction {
  readonly action: ActionName;
  readonly params: object;
  readonly timeoutMs: number | undefined;
  readonly at: number;
}

/** What a call is answered with: its data, a list of frames of an answer in several, or an error. */
export type ScriptedAction =
  | { readonly data: unknown; readonly afterMs?: number }
  | { readonly frames: readonly unknown[] }
  | { readonly error: Error; readonly afterMs?: number };

/** The calls of a OneBot line in memory. What no test has announced is a surprise, and `verify` throws it. */
export interface FakeOneBotCalls extends OneBotCalls {
  readonly seen: readonly SeenAction[];
  /** Answers the next calls of this action, in order. */
  on(action: ActionName, ...answers: ScriptedAction[]): void;
  /** Answers every call of it that no other answer is there for. */
  always(action: ActionName, answer: ScriptedAction | ((params: object) => ScriptedAction)): void;
  of(action: ActionName): readonly SeenAction[];
  verify(): void;
}

export function createFakeOneBotCalls(clock: Clock): FakeOneBotCalls {
  const seen: SeenAction[] = [];
  const surprises: string[] = [];
  const once = new Map<ActionName, ScriptedAction[]>();
  const standing = new Map<ActionName, (params: object) => ScriptedAction>();

  const ask = async (action: ActionName, params: object, options?: CallOptions): Promise<readonly unknown[]> => {
    seen.push({ action, params, timeoutMs: options?.timeoutMs, at: clock.now() });
    const scripted = once.get(action)?.shift() ?? standing.get(action)?.(params);
    if (!scripted) {
      surprises.push(action);
      throw new Error(`surprise: ${action}`);
    }
    if ("frames" in scripted) return scripted.frames;
    if (scripted.afterMs) {
      await clock.sleep(scripted.afterMs, options?.signal).catch((cause: unknown) => {
        throw new QQTransportError("stopped", { cause, mayHaveArrived: true });
      });
    }
    if ("error" in scripted) throw scripted.error;
    return [scripted.data];
  };

  return {
    seen,
    on: (action, ...answers) => void once.set(action, [...(once.get(action) ?? []), ...answers]),
    always: (action, answer) => void standing.set(action, typeof answer === "function" ? answer : () => answer),
    of: (action) => seen.filter((each) => each.action === action),
    async call(action, params, options) {
      const [data] = await ask(action, params, options);
      return read(action, data);
    },
    async stream(action, params, take, options) {
      for (const data of await ask(action, params, options)) await take(read(action, data));
    },
    verify() {
      if (surprises.length > 0) throw new Error(`nobody expected ${surprises.join(", ")}`);
    },
  };
}

/** As the line reads it; a test that answers with something else is wrong. */
function read<Name extends ActionName>(action: Name, data: unknown) {
  const reading = parseData(action, data);
  if (reading.malformed !== undefined) throw new Error(`the test's answer to ${action} is ${reading.malformed}`);
  return reading.data;
}

/** A refusal of the implementation. */
export function refused(kind: ApiRefusal["kind"], more: Partial<ApiRefusal> = {}): ScriptedAction {
  const refusal: ApiRefusal = {
    kind,
    retry: "never",
    status: 200,
    platformCode: 1200,
    traceId: undefined,
    call: "",
    ...more,
  };
  return { error: new QQApiError(kind, refusal) };
}

/** NapCat's own time is over: QQ may have taken it all the same. */
export function unconfirmed(afterMs = 0): ScriptedAction {
  return { error: new QQTransportError("no confirmation", { mayHaveArrived: true }), afterMs };
}
