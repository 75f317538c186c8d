import type { Bus } from "./bus.ts";
import type { ChatMessage, ChatRef, ControlEvent } from "./control.ts";
import { chatKey } from "./transcript.ts";
import type { World } from "./world.ts";

const DEFAULT_TIMEOUT_MS = 10_000;

export interface ReplyWish {
  readonly chat: ChatRef;
  /** Id of a message: bot messages after it count, those that are there already too. Without it only new ones do. */
  readonly after?: string;
  /** How many to wait for; default 1. */
  readonly count?: number;
  /** Real time, ms; default 10 s. */
  readonly timeoutMs?: number;
}

/** Resolves with the first event that `match` takes; rejects after `timeoutMs` of real time, naming `what`. */
export function waitForEvent<T>(
  bus: Bus,
  what: string,
  match: (event: ControlEvent) => T | undefined,
  timeoutMs: number = DEFAULT_TIMEOUT_MS,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new Error(`no ${what} within ${timeoutMs} ms`));
    }, timeoutMs);
    const unsubscribe = bus.subscribe((event) => {
      const found = match(event);
      if (found === undefined) return;
      clearTimeout(timer);
      unsubscribe();
      resolve(found);
    });
  });
}

/** The messages of bots in a chat, oldest first, as soon as there are `count`. */
export function waitForReplies(
  world: World,
  bus: Bus,
  { chat, after, count = 1, timeoutMs }: ReplyWish,
): Promise<ChatMessage[]> {
  const before = world.messages(chat);
  const from = after === undefined ? before.length : before.findIndex((message) => message.id === after) + 1;
  if (from === 0 && after !== undefined) return Promise.reject(new Error(`there is no message "${after}"`));
  // A stream counts once, when it is finished: one that had begun before comes at its old place.
  const begun = new Set(before.filter((message) => message.stream === "generating").map((message) => message.id));
  const replies = (): ChatMessage[] | undefined => {
    const found = world
      .messages(chat)
      .filter((message, at) => at >= from || begun.has(message.id))
      .filter((message) => message.from.kind === "bot" && message.stream !== "generating");
    return found.length >= count ? found.slice(0, count) : undefined;
  };
  const already = replies();
  if (already) return Promise.resolve(already);
  const match = (event: ControlEvent): ChatMessage[] | undefined => (event.event === "message" ? replies() : undefined);
  return waitForEvent(bus, `reply in ${chatKey(chat)}`, match, timeoutMs);
}
