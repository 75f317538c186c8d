import type { ActionData, ActionName, ActionParams } from "../../protocol/onebot/actions.ts";

export interface CallOptions {
  /** Longest wait for the answer, ms; 30 s when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Calls actions of a OneBot implementation, over HTTP or over a socket. Rejects with `QQApiError` where it says no, and
 * with `QQTransportError` where no answer came; `mayHaveArrived` when the action may have been carried out all the same.
 */
export interface OneBotCalls {
  call<Name extends ActionName>(
    action: Name,
    params: ActionParams<Name>,
    options?: CallOptions,
  ): Promise<ActionData<Name>>;
  /**
   * Of an action that answers in several frames (`download_file_stream`): `take` gets the data of each, in order.
   * `timeoutMs` is then the longest wait for the next frame.
   */
  stream<Name extends ActionName>(
    action: Name,
    params: ActionParams<Name>,
    take: (data: unknown) => void | Promise<void>,
    options?: CallOptions,
  ): Promise<void>;
}
