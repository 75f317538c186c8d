import type { MovableClock } from "./clock.ts";
import type { ControlCalls, Fault } from "./control.ts";
import type { FaultQueue } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import { ControlError } from "./refusal.ts";
import { pick } from "./state.ts";
import type { Webhook } from "./webhook.ts";
import type { World } from "./world.ts";

export interface ControlContext {
  readonly world: World;
  readonly gateway: Gateway;
  readonly webhook: Webhook;
  readonly faults: FaultQueue;
  readonly clock: MovableClock;
  readonly changed: () => void;
  readonly reset: () => void;
}

type Call<Name extends keyof ControlCalls> = (
  body: ControlCalls[Name]["body"],
) => ControlCalls[Name]["answer"] | Promise<ControlCalls[Name]["answer"]>;

export type ControlTable = { readonly [Name in keyof ControlCalls]: Call<Name> };

/** The control API as functions; `control-http.ts` serves the same table. Throws `ControlError` on nonsense. */
export function createControlCalls(context: ControlContext): ControlTable {
  const { world, clock } = context;
  const done = {};
  return {
    say: (body) => world.say(body),
    fault: (body) => (addFault(context, body), done),
    press: () => {
      throw new ControlError("press: buttons (keyboards) are not emulated yet, a later issue brings them");
    },
    kick: (body) => (world.kick(body), done),
    invite: (body) => (world.invite(body), done),
    friend: (body) => (world.friend(body), done),
    mute: (body) => (world.mute(body), done),
    groupMode: (body) => (world.groupMode(body), done),
    proactive: (body) => (world.proactive(body), done),
    transport: (body) => setTransport(context, body),
    advance: ({ ms }) => {
      if (!(ms >= 0)) throw new ControlError("the clock only goes forward");
      clock.advance(ms);
      return { now: clock.now() };
    },
    reset: () => (context.reset(), done),
  };
}

const WAITING: ReadonlySet<string> = new Set<Fault["do"]>([
  "duplicate",
  "over-replay",
  "refuse-resume",
  "deny-intents",
  "http",
]);

/** What happens at once happens here; the rest waits in the queue. */
function addFault({ gateway, webhook, faults, world }: ControlContext, fault: Fault): void {
  if ("bot" in fault && fault.bot !== undefined) pick(world.state.bots, fault.bot, "bot");
  if (fault.do === "close") {
    if (!isCloseCode(fault.code)) throw new ControlError(`no WebSocket can be closed with ${fault.code}`);
    return fault.when === undefined || fault.when === "now" ? gateway.strike(fault) : faults.add(fault);
  }
  if (WAITING.has(fault.do)) return faults.add(fault);
  if (fault.do === "reconnect" || fault.do === "invalid-session" || fault.do === "half-open") {
    return gateway.strike(fault);
  }
  if (fault.do !== "raw") throw new ControlError("there is no such fault");
  for (const bot of world.state.bots.values()) {
    const concerned = fault.bot === undefined || fault.bot === bot.appId;
    if (concerned && bot.mode !== "websocket") webhook.pushRaw(bot, fault.text);
  }
  gateway.strike(fault);
}

/** 1005 and 1006 stand for a close without a code and a connection that is cut. */
const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004) || (code >= 3000 && code <= 4999);

async function setTransport(
  { world, webhook, changed }: ControlContext,
  { bot: appId, mode, webhookUrl }: ControlCalls["transport"]["body"],
): Promise<ControlCalls["transport"]["answer"]> {
  const bot = pick(world.state.bots, appId, "bot");
  if (webhookUrl !== undefined) {
    const error = await webhook.validate(bot, webhookUrl);
    if (error !== undefined) return { ok: false, error };
    bot.webhookUrl = webhookUrl;
  }
  bot.mode = mode;
  changed();
  return { ok: true };
}
