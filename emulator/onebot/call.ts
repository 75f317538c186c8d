import { ActionError, type CallContext, type OneBotAction } from "./actions.ts";
import { findAction } from "./action-table.ts";
import type { CallEnd } from "./envelope.ts";
import { convertParams, type Params } from "./params.ts";
import type { Software } from "./settings.ts";

/** What the other implementations do not have, or have under other names (onebot-napcat.md 9). */
const STREAMS = /_stream$|^clean_stream_temp_file$/;
const LACKS: Readonly<Record<Software, RegExp>> = {
  napcat: /^$/,
  llonebot: new RegExp(`${STREAMS.source}|^nc_|_async$|_rate_limited$`),
  lagrange: new RegExp(
    `${STREAMS.source}|^nc_|_async$|_rate_limited$|^set_input_status$|^set_msg_emoji_like$|^get_recent_contact$`,
  ),
  "go-cqhttp": new RegExp(
    `${STREAMS.source}|^nc_|poke$|emoji_like|^set_input_status$|^get_friend_msg_history$|^get_recent_contact$|^fetch_`,
  ),
};

const NO_BACKEND = "packetBackend不可用，请检查日志";

/**
 * Runs an action to its end. `undefined`: the check itself broke, which a WebSocket does not answer at all (0.4).
 * `isKnown`: whether this NapCat has the action at all.
 */
export async function runAction(
  name: string,
  given: Params,
  context: CallContext,
  isKnown: boolean,
): Promise<{ readonly end: CallEnd | undefined; readonly isStream: boolean }> {
  const action = isKnown && !LACKS[context.settings.software].test(name) ? findAction(name) : undefined;
  if (!action) return { end: { kind: "unknown", name }, isStream: false };
  return { end: await endOf(action, given, context), isStream: action.stream === true };
}

async function endOf(action: OneBotAction, given: Params, context: CallContext): Promise<CallEnd | undefined> {
  const converted = action.params ? convertParams(given, action.params) : { params: given };
  if ("wrong" in converted) return { kind: "wrong", text: converted.wrong };
  if (action.packet && !context.settings.packetBackend) return { kind: "wrong", text: NO_BACKEND };
  try {
    const wrong = action.check?.(converted.params, context);
    if (wrong !== undefined) return { kind: "wrong", text: wrong };
  } catch (error) {
    return breakOf(error, context);
  }
  try {
    return { kind: "ok", data: await action.run(converted.params, context) };
  } catch (error) {
    if (error instanceof ActionError) return { kind: "failed", text: error.message };
    // A mistake in the emulator, and says so.
    return {
      kind: "failed",
      text: `emulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    };
  }
}

/** By HTTP the answer is JavaScript's own account of it. */
const breakOf = (error: unknown, { adapter }: CallContext): CallEnd | undefined =>
  adapter.transport === "http" ? { kind: "failed", text: (error as Error).stack ?? String(error) } : undefined;
