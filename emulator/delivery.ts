import type { Clock } from "./clock.ts";
import type { PlatformEvent } from "./events.ts";
import type { Gateway } from "./gateway.ts";
import type { Bot } from "./state.ts";
import type { TimedFaults } from "./timed-faults.ts";
import type { Webhook } from "./webhook.ts";

export interface DeliveryContext {
  readonly gateway: Pick<Gateway, "dispatch" | "serves">;
  readonly webhook: Pick<Webhook, "push">;
  readonly clock: Clock;
  readonly timed: TimedFaults;
}

/** Brings events to bots, by the gateway, by callback or both. */
export interface Delivery {
  /** False when the bot has no session for it and no callback: then the event is gone (qq-official.md 13.35). */
  deliver(bot: Bot, event: PlatformEvent): boolean;
  /** Forgets what is held back. */
  clear(): void;
}

export function createDelivery({ gateway, webhook, clock, timed }: DeliveryContext): Delivery {
  const held = new Map<string, PlatformEvent[]>();

  const send = (bot: Bot, event: PlatformEvent): boolean => {
    const dispatched = bot.mode !== "webhook" && gateway.dispatch(bot.appId, event);
    const pushed = hasCallback(bot, event);
    if (pushed) webhook.push(bot, event);
    return dispatched || pushed;
  };
  const release = (bot: Bot): void => {
    const left = timed.left("delay-dispatch", bot.appId);
    // Another delay may have begun meanwhile.
    if (left > 0) return void clock.after(left, () => release(bot));
    const events = held.get(bot.appId) ?? [];
    held.delete(bot.appId);
    for (const event of events) send(bot, event);
  };
  return {
    deliver(bot, event) {
      const left = timed.left("delay-dispatch", bot.appId);
      const waiting = held.get(bot.appId);
      if (left === 0 && !waiting) return send(bot, event);
      const connected = hasCallback(bot, event) || (bot.mode !== "webhook" && gateway.serves(bot.appId, event));
      if (!connected) return false;
      held.set(bot.appId, [...(waiting ?? []), event]);
      if (!waiting) clock.after(left, () => release(bot));
      return true;
    },
    clear: () => held.clear(),
  };
}

/** Callbacks know no intents: the console has a list of events to tick (qq-official.md 3.1). */
const hasCallback = ({ mode, ticked, webhookUrl }: Bot, { t }: PlatformEvent): boolean =>
  mode !== "websocket" && webhookUrl !== undefined && (ticked === undefined || ticked.has(t));
