import type { MovableClock } from "./clock.ts";
import type { ControlCalls } from "./control.ts";
import { addFault, type FaultContext } from "./fault-calls.ts";
import { EVENT_BITS } from "./intents.ts";
import { judge, setChannelAudit } from "./judging.ts";
import { changeMember } from "./membership.ts";
import { ban, demandMember, poke, react, typeTo } from "./onebot/doings.ts";
import { renameGroup, setAdmin, setCard, setTitle } from "./onebot/group-changes.ts";
import type { NapcatPark } from "./onebot/park.ts";
import { ask } from "./onebot/requests.ts";
import { press } from "./pressing.ts";
import { ControlError } from "./refusal.ts";
import { pick } from "./state.ts";
import { unsay } from "./unsay.ts";

export interface ControlContext extends FaultContext {
  readonly park: NapcatPark;
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
    fault: (body) => (body.do === "napcat" ? context.park.fault(body) : addFault(context, body), done),
    press: (body) => press(world, body),
    kick: (body) => (world.kick(body), done),
    invite: (body) => (world.invite(body), done),
    friend: (body) => (world.friend(body), done),
    mute: (body) => (world.mute(body), done),
    groupMode: (body) => (world.groupMode(body), done),
    proactive: (body) => (world.proactive(body), done),
    unsay: (body) => (unsay(world, body), done),
    member: (body) => (changeMember(world, body), done),
    channelAudit: (body) => (setChannelAudit(world, body), done),
    audit: (body) => (judge(world, body), done),
    words: ({ words }) => ((world.state.words = words.map((word) => word.toLowerCase())), done),
    botState: (body) => (setBotState(context, body), done),
    transport: (body) => setTransport(context, body),
    request: (body) => ask(world, body),
    react: (body) => (react(world, body), done),
    poke: (body) => (poke(world, body), done),
    typing: (body) => (typeTo(world, body), done),
    ban: (body) => (ban(world, body), done),
    admin: ({ group, who, admin }) => (setAdmin(world, ...demandMember(world, group, who), admin), done),
    card: ({ group, who, card }) => (setCard(...demandMember(world, group, who), card), done),
    title: ({ group, who, title }) => (setTitle(world, ...demandMember(world, group, who), title), done),
    groupName: ({ group, name, by }) => (renameGroup(world, demandMember(world, group, by)[0], name, by), done),
    napcat: ({ account, settings }) => (context.park.set(account, settings), done),
    napcatNetwork: async ({ account, config }) => (await context.park.network(account, config), done),
    advance: ({ ms }) => {
      if (!(ms >= 0)) throw new ControlError("the clock only goes forward");
      clock.advance(ms);
      return { now: clock.now() };
    },
    bind: (body) => world.binds.order(body, world.state),
    reset: () => (context.reset(), done),
  };
}

function setBotState({ world, gateway, changed }: ControlContext, body: ControlCalls["botState"]["body"]): void {
  const bot = pick(world.state.bots, body.bot, "bot");
  if (!["live", "banned", "off-shelf"].includes(body.state)) throw new ControlError(`no bot can be "${body.state}"`);
  bot.state = body.state;
  if (body.state !== "live") gateway.expel(bot.appId, body.state);
  changed();
}

async function setTransport(
  { world, webhook, changed }: ControlContext,
  { bot: appId, mode, webhookUrl, events }: ControlCalls["transport"]["body"],
): Promise<ControlCalls["transport"]["answer"]> {
  const bot = pick(world.state.bots, appId, "bot");
  const unknown = events?.find((name) => !(name in EVENT_BITS));
  if (unknown !== undefined) throw new ControlError(`there is no event "${unknown}" to tick`);
  if (webhookUrl !== undefined) {
    const error = await webhook.validate(bot, webhookUrl);
    if (error !== undefined) return { ok: false, error };
    bot.webhookUrl = webhookUrl;
  }
  if (events) bot.ticked = new Set(events);
  bot.mode = mode;
  changed();
  return { ok: true };
}
