import { QQApiError, QQTransportError, type QQError } from "../../errors.ts";
import type { Log } from "../log.ts";
import type { OneBotCalls } from "./calls.ts";
import { UnreachedError } from "./http-road.ts";
import { callOver, streamOver, type Road } from "./road.ts";

export interface LineCallsParts {
  /** Calls over HTTP, where `httpUrl` is set. */
  readonly http: Road | undefined;
  /** The newest live socket that takes calls. */
  readonly socket: () => Road | undefined;
  readonly log: Log;
}

/**
 * The calls of a line: over HTTP where it has an `httpUrl`, else over the socket. When HTTP cannot be reached, or
 * refuses the token, nothing has been done yet: the call then goes over the socket, if one is up.
 */
export function createLineCalls({ http, socket, log }: LineCallsParts): OneBotCalls {
  let isTold = false;
  const over = async <T>(run: (road: Road) => Promise<T>): Promise<T> => {
    if (!http) return await run(socket() ?? unconnected());
    try {
      const result = await run(http);
      isTold = false;
      return result;
    } catch (error) {
      if (!isUnusable(error)) throw error;
      const detour = socket();
      if (!detour) throw error;
      if (!isTold) log.warn(`onebot calls go over the socket why="${error.message}"`);
      isTold = true;
      return await run(detour);
    }
  };
  return {
    call: async (action, params, options) => await over(async (road) => await callOver(road, action, params, options)),
    stream: async (action, params, take, options) =>
      await over(async (road) => await streamOver(road, action, params, take, options)),
  };
}

function isUnusable(error: unknown): error is QQError {
  return error instanceof UnreachedError || (error instanceof QQApiError && error.kind === "token");
}

function unconnected(): never {
  throw new QQTransportError("not connected to the OneBot implementation; see the channel's status");
}
