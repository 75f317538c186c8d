import { QQError, QQMediaError, QQTransportError } from "../../errors.ts";
import type { ActionName } from "../../protocol/onebot/actions.ts";
import { toAsciiJson, type Frame } from "../../protocol/onebot/frames.ts";
import { MAX_FRAME_BYTES } from "../../protocol/onebot/limits.ts";
import type { Clock } from "../clock.ts";
import { untilAborted } from "../deadline.ts";
import type { Socket } from "../socket.ts";
import type { CallOptions } from "./calls.ts";
import { withIdleDeadline } from "./idle.ts";
import { ANSWER_MS, toAnswer, type Answer, type Road } from "./road.ts";

/** Calls over one socket, told apart by `echo`: answers come in any order. */
export interface SocketRoad extends Road {
  /** Gives an answer to who waits for it; `false` when nobody does, any more or ever. */
  answered(frame: Extract<Frame, { kind: "reply" }>): boolean;
  /** The socket has ended: no call gets its answer now. */
  ended(why: string): void;
}

interface Waiting {
  take(answer: Answer): void;
  fail(error: QQError): void;
}

export function createSocketRoad(clock: Clock, socket: Socket): SocketRoad {
  const waiting = new Map<string, Waiting>();
  let calls = 0;

  /** Asks, and runs `read` over what comes back until it resolves or the answer is late. */
  const asking = async <T>(
    action: ActionName,
    params: object,
    options: CallOptions | undefined,
    read: (next: () => Promise<Answer>) => Promise<T>,
  ): Promise<T> => {
    const echo = `qq-${++calls}`;
    const frame = toAsciiJson({ action, params, echo });
    if (frame.length > MAX_FRAME_BYTES) throw tooLong();
    if (socket.end || options?.signal?.aborted) throw new QQTransportError(`${action} was not called: no socket`);
    const inbox = createAnswers();
    waiting.set(echo, inbox);
    socket.send(frame);
    try {
      return await withIdleDeadline(
        clock,
        options?.timeoutMs ?? ANSWER_MS,
        options?.signal,
        async (signal, touch) =>
          await read(async () => {
            touch();
            return await untilAborted(inbox.next(), signal);
          }),
      );
    } catch (cause) {
      if (cause instanceof QQError) throw cause;
      const why = cause instanceof Error && cause.name === "DeadlineError" ? cause.message : "stopped";
      throw new QQTransportError(`no answer on the socket to ${action}: ${why}`, { cause, mayHaveArrived: true });
    } finally {
      waiting.delete(echo);
    }
  };

  return {
    ask: async (action, params, options) => await asking(action, params, options, async (next) => await next()),
    async stream(action, params, take, options) {
      await asking(action, params, options, async (next) => {
        for (let more = true; more;) {
          const answer = await next();
          more = answer.more;
          await take(answer);
        }
      });
    },
    answered(frame) {
      const found = typeof frame.echo === "string" ? waiting.get(frame.echo) : undefined;
      found?.take(toAnswer(frame, 200));
      return found !== undefined;
    },
    ended(why) {
      for (const each of waiting.values()) {
        each.fail(new QQTransportError(`the socket ended before the answer came: ${why}`, { mayHaveArrived: true }));
      }
    },
  };
}

/** Answers to one call in their order, whether they or who reads them come first. */
function createAnswers(): Waiting & { next(): Promise<Answer> } {
  const unread: Answer[] = [];
  let failure: QQError | undefined;
  let wake = Promise.withResolvers<void>();
  const ring = (): void => wake.resolve();
  return {
    take: (answer) => {
      unread.push(answer);
      ring();
    },
    fail: (error) => {
      failure ??= error;
      ring();
    },
    async next() {
      for (;;) {
        const answer = unread.shift();
        if (answer) return answer;
        if (failure) throw failure;
        wake = Promise.withResolvers<void>();
        await wake.promise;
      }
    },
  };
}

function tooLong(): QQMediaError {
  const most = MAX_FRAME_BYTES / 1024 / 1024;
  return new QQMediaError({
    en: `this is more than the ${most} MiB that a OneBot socket takes at once; set httpUrl, or send a smaller file`,
    zh: `内容超过 OneBot WebSocket 单帧 ${most} MiB 的上限；请配置 httpUrl，或发送较小的文件`,
  });
}
