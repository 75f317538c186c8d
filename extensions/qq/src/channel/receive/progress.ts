import type { InboundMessage } from "../../message/inbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { text } from "../../texts.ts";
import { replyWith, tryProactively, type Delivered, type Show } from "../answer/outbound.ts";
import type { Routed } from "./route.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { showWords } from "../answer/show.ts";

/** How long a turn may run unseen where nothing is configured, s: users ask whether the bot is dead after a minute. */
const SILENCE_S = 60;
/** Replies that stay free for the answer, and for what of it does not fit into one. */
const RESERVED_REPLIES = 2;

/**
 * Says once in a turn that it is still running, when nothing was seen of it for a while: QQ shows no typing in groups
 * and guilds, and a direct message may have it switched off. Costs a reply, and is left out where that is one of the
 * last two, or where a stream shows. On a personal account it costs nothing, and is said where neither "is typing" nor a
 * reaction could be shown: `isAlive` tells.
 */
export function progressLine(
  { chat }: InboundMessage,
  { account }: Routed,
  running: RunningAccount,
  isAlive: () => boolean = () => false,
) {
  const { clock, line, growing, log } = running;
  const silenceMs = (account.config.progressAfterSeconds ?? SILENCE_S) * 1000;
  const showsTyping =
    !isPersonal(running) && chat.kind === "c2c" && line.typing !== undefined && account.config.typing !== false;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, running.signal]);
  let seenAt = clock.now();
  const watch = async (): Promise<void> => {
    while (clock.now() < seenAt + silenceMs) {
      await clock.sleep(seenAt + silenceMs - clock.now(), signal);
      if (growing.get(formatTarget(chat))?.isShown || isAlive()) seenAt = clock.now();
    }
    await sayProgress(text(account.locale, "stillWorking", {}), chat, running);
  };
  if (silenceMs > 0 && !showsTyping) {
    void watch().catch((error: unknown) => {
      if (!signal.aborted) log.info(`progress not shown chat=${formatTarget(chat)} why="${String(error)}"`);
    });
  }
  return {
    /** The turn has shown something by itself. */
    seen: (): void => {
      seenAt = clock.now();
    },
    end: (): void => over.abort(),
  };
}

/** Shows a line that nobody misses: where no reply is to spare, or the chat takes nothing, it is not said at all. */
export async function sayProgress(line: string, chat: Target, running: RunningAccount): Promise<Delivered | undefined> {
  const show: Show = (send) => showWords({ text: line }, chat, send, running);
  const envelope = { target: chat, reserve: RESERVED_REPLIES };
  if (isPersonal(running)) return tryProactively(envelope, show, running, running.signal);
  return replyWith(envelope, show, running, running.signal);
}
