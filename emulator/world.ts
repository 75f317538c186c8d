import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import type { ChatMessage, ChatRef, ControlCalls, Say, WorldState } from "./control.ts";
import type { PlatformEvent, Utterance } from "./events.ts";
import type { Ids } from "./ids.ts";
import { createPassiveRule } from "./passive.ts";
import { createProactiveMeter } from "./proactive.ts";
import { ControlError } from "./refusal.ts";
import type { Rules } from "./rules.ts";
import type { Seed } from "./seed.ts";
import { pair, pick, plantState, type Bot, type Person, type State } from "./state.ts";
import { tellChannel, tellFriend, tellGroup, tellOfGroup, tellOfPerson } from "./telling.ts";
import { createTranscript, type Transcript } from "./transcript.ts";

export interface WorldContext {
  readonly seed: Seed;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly bus: Bus;
  /** Ids of the run; another run after each reset. */
  readonly ids: () => Ids;
  /** Brings an event to a bot. False when the bot has no session and no callback. */
  readonly deliver: (bot: Bot, event: PlatformEvent) => boolean;
  /** Live gateway sessions of a bot. */
  readonly sessions: (appId: string) => number;
}

type Body<Name extends keyof ControlCalls> = ControlCalls[Name]["body"];

/** The emulated QQ: who is there, what was said, and what people do. What bots do is in `sending.ts`. */
export class World {
  readonly context: WorldContext;
  readonly transcript: Transcript;
  readonly passive;
  readonly meter = createProactiveMeter();
  state: State;

  constructor(context: WorldContext) {
    this.context = context;
    this.transcript = createTranscript(context.bus);
    this.passive = createPassiveRule(context.rules);
    this.state = plantState(context.seed);
  }

  /** Wipes everything and plants the seed again. */
  reset(): void {
    this.state = plantState(this.context.seed);
    this.transcript.clear();
    this.passive.clear();
    this.meter.clear();
  }

  messages(chat: ChatRef): readonly ChatMessage[] {
    return this.transcript.messages(chat);
  }

  snapshot(): WorldState {
    const { bots, people, groups, channels } = this.state;
    return {
      now: this.context.clock.now(),
      bots: [...bots.values()].map(({ appId, name, mode, webhookUrl }) => ({
        appId,
        name,
        mode,
        ...(webhookUrl !== undefined && { webhookUrl }),
        sessions: this.context.sessions(appId),
      })),
      people: [...people.values()],
      groups: [...groups.values()].map(({ id, name, members, bots, muted, mode }) => ({
        id,
        name,
        members,
        bots: [...bots],
        muted,
        mode,
      })),
      channels: [...channels.values()],
      chats: this.transcript.chats(),
    };
  }

  /** A person writes. Answers the platform's message id. */
  say(say: Say): { id: string } {
    const { chat } = say;
    const said = this.#utter(say);
    switch (chat.kind) {
      case "dm":
        tellFriend(this, pick(this.state.bots, chat.bot, "bot"), said, chat);
        break;
      case "group":
        tellGroup(this, pick(this.state.groups, chat.group, "group"), said, chat);
        break;
      case "channel":
        tellChannel(this, chat, said);
        break;
    }
    return { id: said.id };
  }

  /** Takes a bot out of a group; the bot is told who did it. */
  kick({ group: groupId, bot: appId, person }: Body<"kick">): void {
    const group = pick(this.state.groups, groupId, "group");
    if (!group.bots.delete(appId)) throw new ControlError(`bot "${appId}" is not in group "${groupId}"`);
    tellOfGroup(this, "GROUP_DEL_ROBOT", group, appId, person);
    this.#changed();
  }

  invite({ group: groupId, bot: appId, person }: Body<"invite">): void {
    const group = pick(this.state.groups, groupId, "group");
    group.bots.add(pick(this.state.bots, appId, "bot").appId);
    tellOfGroup(this, "GROUP_ADD_ROBOT", group, appId, person);
    this.#changed();
  }

  friend({ person, bot, friends }: Body<"friend">): void {
    const { strangers } = this.state;
    if (friends) strangers.delete(pair(bot, person));
    else strangers.add(pair(bot, person));
    tellOfPerson(this, friends ? "FRIEND_ADD" : "FRIEND_DEL", bot, person);
  }

  /** Muted groups take nothing from bots; no event tells of it. */
  mute({ group, muted }: Body<"mute">): void {
    pick(this.state.groups, group, "group").muted = muted;
    this.#changed();
  }

  groupMode({ group, mode }: Body<"groupMode">): void {
    pick(this.state.groups, group, "group").mode = mode;
    this.#changed();
  }

  /** A person, or the admin of a group, switches proactive messages. */
  proactive({ chat, allowed }: Body<"proactive">): void {
    if (chat.kind === "channel") throw new ControlError("channels have no switch for proactive messages");
    if (chat.kind === "dm") {
      const key = pair(chat.bot, chat.person);
      if (allowed) this.state.refusing.delete(key);
      else this.state.refusing.add(key);
      return tellOfPerson(this, allowed ? "C2C_MSG_RECEIVE" : "C2C_MSG_REJECT", chat.bot, chat.person);
    }
    const group = pick(this.state.groups, chat.group, "group");
    group.proactive = allowed;
    for (const bot of group.bots) {
      tellOfGroup(this, allowed ? "GROUP_MSG_RECEIVE" : "GROUP_MSG_REJECT", group, bot, group.members[0] ?? "");
    }
  }

  #utter({ person: personId, chat, text, mention = [], quote: quoteId }: Say): Utterance {
    const person = pick(this.state.people, personId, "person");
    const mentioned = mention.map((appId) => pick(this.state.bots, appId, "bot"));
    this.#demandPlace(chat, person);
    const quoted = quoteId === undefined ? undefined : this.transcript.find(chat, quoteId);
    if (quoteId !== undefined && !quoted?.index) throw new ControlError(`there is no message "${quoteId}" to quote`);
    const ids = this.context.ids();
    const id = chat.kind === "channel" ? ids.guildMessage() : ids.message();
    const index = chat.kind === "channel" ? id : ids.index();
    const at = this.context.clock.now();
    const message: ChatMessage = {
      id,
      at,
      from: { kind: "person", id: person.id, name: person.name },
      text,
      ...(mentioned.length > 0 && { mentions: mentioned.map((bot) => bot.name) }),
      ...(quoted && { quote: { id: quoted.message.id, name: quoted.message.from.name, text: quoted.message.text } }),
    };
    this.transcript.add({ chat, message, index });
    const quote = quoted && {
      index: quoted.index ?? "",
      text: quoted.message.text,
      by: this.#author(quoted.message),
    };
    return { id, index, at, text, person, mentioned, ...(quote && { quote }) };
  }

  #author({ from }: ChatMessage): Person | Bot {
    return from.kind === "bot" ? pick(this.state.bots, from.id, "bot") : pick(this.state.people, from.id, "person");
  }

  #demandPlace(chat: ChatRef, person: Person): void {
    if (chat.kind === "dm") {
      pick(this.state.bots, chat.bot, "bot");
      if (this.state.strangers.has(pair(chat.bot, person.id))) {
        throw new ControlError(`"${person.id}" and bot "${chat.bot}" are not friends`);
      }
      if (chat.person !== person.id) throw new ControlError(`"${person.id}" is not in the DM of "${chat.person}"`);
      return;
    }
    const place =
      chat.kind === "group"
        ? pick(this.state.groups, chat.group, "group")
        : pick(this.state.channels, chat.channel, "channel");
    if (!place.members.includes(person.id)) throw new ControlError(`"${person.id}" is not in "${place.id}"`);
  }

  #changed(): void {
    this.context.bus.publish({ event: "state", data: {} });
  }
}
