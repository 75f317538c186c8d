import { ControlError } from "../refusal.ts";
import type { World } from "../world.ts";
import type { SendFault } from "./actions.ts";
import { SendResult } from "./kernel.ts";
import { createKnownUsers } from "./known-users.ts";
import type { Napcat } from "./napcat.ts";
import type { NapcatTrouble, SendOutcome } from "./napcat-fault.ts";
import type { Weather } from "./weather.ts";

const KICKED = { tag: "下线通知", text: "你的帐号当前登录已失效，请重新登录。" };

export interface TroubleContext {
  readonly napcat: Napcat;
  readonly world: World;
  /** Closes sockets as after a change of settings. */
  readonly closeSockets: () => void;
}

/** Lets something go wrong with a NapCat, or right again. Throws `ControlError` on nonsense. */
export function trouble(context: TroubleContext, wish: NapcatTrouble): void {
  const { napcat } = context;
  const { weather } = napcat;
  switch (wish.what) {
    case "bad-token":
    case "good-token":
      return setToken(
        context,
        wish.what === "good-token" ? napcat.seedSettings().token : (wish.token ?? "another-token"),
      );
    case "kick":
      return kick(napcat, wish.tag ?? KICKED.tag, wish.text ?? KICKED.text);
    case "relogin":
      logIn(napcat);
      napcat.events.dropMissed();
      return restart(napcat, 0, false);
    case "net-loss":
      weather.isOnline = false;
      return napcat.changed();
    case "net-back":
      return comeBack(napcat, wish.burst !== false);
    case "restart":
      return restart(napcat, atLeast(wish.ms ?? 0, 0), wish.holes === true);
    case "stall":
      return void weather.stall(atLeast(wish.ms, 1));
    default:
      return annoy(context, wish);
  }
}

type Started = "bad-token" | "good-token" | "kick" | "relogin" | "net-loss" | "net-back" | "restart" | "stall";

/** What befalls sockets, events and calls. */
function annoy({ napcat, world }: TroubleContext, wish: Exclude<NapcatTrouble, { what: Started }>): void {
  const { weather } = napcat;
  switch (wish.what) {
    case "half-open":
      for (const adapter of napcat.adapters) adapter.silence(wish.way ?? "both");
      return;
    case "drop":
      for (const adapter of napcat.adapters) adapter.cut();
      return;
    case "deaf":
      weather.isDeaf = wish.on;
      return napcat.changed();
    case "heartbeats":
      weather.hasHeartbeats = wish.on;
      return;
    case "send":
      return weather.failSends(faultOf(wish.outcome), atLeast(wish.times ?? 1, 1));
    case "delay":
    case "unsupported":
    case "lose":
      return spoilAction(weather, wish);
    case "lost-user":
      return loseUser(napcat, world, wish.person);
    case "raw":
      return napcat.events.sendRaw(wish.text);
    default:
      // The body comes from outside and may name what the type does not.
      throw new ControlError("there is no such trouble");
  }
}

function spoilAction(weather: Weather, wish: Extract<NapcatTrouble, { readonly action: string }>): void {
  const { action } = wish;
  if (wish.what === "delay") weather.delays.set(action, atLeast(wish.ms, 0));
  else if (wish.what === "lose") weather.lose(action, wish.part, atLeast(wish.times ?? 1, 1));
  else if (wish.on === false) weather.unsupported.delete(action);
  else weather.unsupported.add(action);
}

function atLeast(value: number, least: number): number {
  if (!(value >= least)) throw new ControlError(`needs a number of at least ${least}`);
  return value;
}

function setToken({ napcat, closeSockets }: TroubleContext, token: string): void {
  napcat.settings = { ...napcat.settings, token };
  closeSockets();
}

function kick(napcat: Napcat, tag: string, message: string): void {
  const fields = { notice_type: "bot_offline", user_id: Number(napcat.uin), tag, message };
  napcat.events.tell({ kind: "notice", fields });
  napcat.weather.isOnline = false;
  napcat.weather.isKicked = true;
  napcat.changed();
}

function comeBack(napcat: Napcat, burst: boolean): void {
  if (napcat.weather.isKicked) throw new ControlError("the account was kicked: it needs relogin");
  logIn(napcat);
  if (burst) napcat.events.burst();
  else napcat.events.dropMissed();
  napcat.changed();
}

/** QQ brings the local store up to date. */
function logIn({ weather }: Napcat): void {
  weather.isOnline = true;
  weather.isKicked = false;
  weather.unheard.clear();
}

function restart(napcat: Napcat, ms: number, holes: boolean): void {
  const { weather, clock } = napcat;
  weather.isDown = true;
  weather.losesMessages = holes;
  for (const adapter of napcat.adapters) adapter.cut();
  napcat.forget();
  const begin = (): void => {
    weather.isDown = false;
    napcat.bootAt = clock.now();
    napcat.changed();
  };
  if (ms === 0) return begin();
  clock.after(ms, begin);
  napcat.changed();
}

function faultOf(outcome: SendOutcome): SendFault {
  switch (outcome.kind) {
    case "timeout":
    case "delivered":
      return { kind: "timeout", delivered: outcome.kind === "delivered" };
    case "hang":
      return { kind: "hang" };
    case "reject":
      return { kind: "reject", result: outcome.result, message: outcome.message ?? "" };
    case "muted":
    case "removed":
    case "offline":
    case "not-friend": {
      const [result, message] = SendResult[outcome.kind === "not-friend" ? "notFriend" : outcome.kind];
      return { kind: "reject", result, message };
    }
    default:
      throw new ControlError("there is no such outcome");
  }
}

function loseUser({ memory }: Napcat, world: World, person: string): void {
  if (!world.state.people.has(person)) throw new ControlError(`there is no person "${person}"`);
  const { learned, lost } = memory.of(createKnownUsers);
  learned.delete(person);
  lost.add(person);
}
