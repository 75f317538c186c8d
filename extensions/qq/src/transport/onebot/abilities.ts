import { QQApiError } from "../../errors.ts";
import type { ActionName } from "../../protocol/onebot/actions.ts";
import { softwareOf, type Software } from "../../protocol/onebot/software.ts";
import { refusalError } from "../official/refusal.ts";
import type { OneBotCalls } from "./calls.ts";

/** Calls that are only made where the implementation may have the action. Others reject with `unsupported` unasked. */
export interface AbleCalls extends OneBotCalls {
  /** Whether the action may be there. Before the implementation has said what it is, all of them may. */
  has(action: ActionName): boolean;
  /** The implementation; taken for NapCat until it has said what it is. */
  software(): Software;
}

/**
 * Remembers what was answered with "no such action": it is not asked for again, until another implementation or another
 * version of it is behind the line, or a connection opens. Messages are always tried: nothing takes their place, and what
 * refuses them for good is dropped. `name` is its `app_name` and version, `openings` how often a connection has opened.
 */
export function rememberAbilities(
  calls: OneBotCalls,
  name: () => string | undefined,
  openings: () => number,
): AbleCalls {
  const missing = new Set<ActionName>();
  let of: string | undefined;
  let since = openings();
  const software = (): Software => {
    const now = name();
    if ((now !== undefined && of !== undefined && now !== of) || openings() !== since) missing.clear();
    of = now ?? of;
    since = openings();
    return softwareOf(of ?? "NapCat");
  };
  const has = (action: ActionName): boolean => software().has(action) && !missing.has(action);
  const ask = async <T>(action: ActionName, work: () => Promise<T>): Promise<T> => {
    if (!has(action)) throw unsupported(action);
    try {
      return await work();
    } catch (error) {
      const isMissing = error instanceof QQApiError && error.kind === "unsupported";
      if (isMissing && !action.startsWith("send_")) missing.add(action);
      throw error;
    }
  };
  return {
    has,
    software,
    call: async (action, params, options) => await ask(action, () => calls.call(action, params, options)),
    stream: async (action, params, take, options) =>
      await ask(action, () => calls.stream(action, params, take, options)),
  };
}

/** Refused here: nobody was asked. */
export function unsupported(call: string): QQApiError {
  return refusalError({
    kind: "unsupported",
    retry: "never",
    status: 0,
    platformCode: 0,
    traceId: undefined,
    call,
  });
}
