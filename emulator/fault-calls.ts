import type { Fault } from "./control.ts";
import type { FaultQueue } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import type { NapcatFault } from "./onebot/napcat-fault.ts";
import { ControlError } from "./refusal.ts";
import { pick } from "./state.ts";
import type { TimedFaults } from "./timed-faults.ts";
import type { Webhook } from "./webhook.ts";
import type { World } from "./world.ts";

export interface FaultContext {
  readonly world: World;
  readonly gateway: Gateway;
  readonly webhook: Webhook;
  readonly faults: FaultQueue;
  readonly timed: TimedFaults;
}

/** Lets a fault happen at once, begin at once, or wait for its moment. Throws `ControlError` on nonsense. */
export function addFault(context: FaultContext, fault: Exclude<Fault, NapcatFault>): void {
  demandSense(context.world, fault);
  const { gateway, faults, timed } = context;
  switch (fault.do) {
    case "close":
      return fault.when === undefined || fault.when === "now" ? gateway.strike(fault) : faults.add(fault);
    case "reconnect":
    case "invalid-session":
    case "half-open":
      return gateway.strike(fault);
    case "raw":
      return sendRaw(context, fault);
    case "blackhole":
    case "delay-dispatch":
      return timed.begin(fault);
    case "duplicate":
    case "over-replay":
    case "refuse-resume":
    case "deny-intents":
    case "http":
    case "fail-parts":
      return faults.add(fault);
    default:
      // The body comes from outside and may name what the type does not.
      throw new ControlError("there is no such fault");
  }
}

function demandSense(world: World, fault: Fault): void {
  if ("bot" in fault && fault.bot !== undefined) pick(world.state.bots, fault.bot, "bot");
  if (fault.do === "close" && !isCloseCode(fault.code)) {
    throw new ControlError(`no WebSocket can be closed with ${fault.code}`);
  }
  if (fault.do === "fail-parts" && !(fault.every >= 1)) throw new ControlError("fail-parts needs every of at least 1");
  if ((fault.do === "blackhole" || fault.do === "delay-dispatch") && !(fault.ms > 0)) {
    throw new ControlError(`${fault.do} needs ms above 0`);
  }
}

/** 1005 and 1006 stand for a close without a code and a connection that is cut. */
const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004) || (code >= 3000 && code <= 4999);

function sendRaw({ world, webhook, gateway }: FaultContext, fault: Fault & { do: "raw" }): void {
  for (const bot of world.state.bots.values()) {
    const concerned = fault.bot === undefined || fault.bot === bot.appId;
    if (concerned && bot.mode !== "websocket") webhook.pushRaw(bot, fault.text);
  }
  gateway.strike(fault);
}
