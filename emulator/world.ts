import { createBindDesk, type BindDesk } from "./bind.ts";
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import type { ChatMessage, ChatRef, ControlCalls, Say, WorldState } from "./control.ts";
import type { PlatformEvent, Utterance } from "./events.ts";
import { createGuildBooks, type GuildBooks } from "./guild-books.ts";
import { demandGuildDm, placeOf } from "./guild-places.ts";
import { tellChannel, tellGuildDm } from "./guild-telling.ts";
import type { Ids } from "./ids.ts";
import { attach, takeExtras } from "./media/saying.ts";
import { createWorldMedia, type WorldMedia } from "./media/world-media.ts";
import { createInteractions, type Interactions } from "./interactions.ts";
import { befriend, findMentioned, findVia } from "./onebot/doings.ts";
import type { AccountEvent } from "./onebot/events.ts";
import { setWholeBan } from "./onebot/group-changes.ts";
import { noticeDecrease, noticeIncrease } from "./onebot/notices.ts";
import { piecesOfSay, shownBeside } from "./onebot/said.ts";
import { createPassiveRule } from "./passive.ts";
import { createProactiveMeter } from "./proactive.ts";
import { ControlError } from "./refusal.ts";
import type { Rules } from "./rules.ts";
import type { Seed } from "./seed.ts";
import { snapshotOf, type NapcatState } from "./snapshot.ts";
import { pair, pick, plantState, type Bot, type Person, type State } from "./state.ts";
import { tellFriend, tellGroup, tellOfGroup, tellOfPerson } from "./telling.ts";
import type { Stream } from "./streaming.ts";
import { createTranscript, type Bubble, type Transcript } from "./transcript.ts";
import { createWakeupRule, type WakeupRule } from "./wakeup.ts";

export interface WorldContext {
  readonly seed: Seed;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly bus: Bus;
  /** Ids of the run; another run after each reset. */
  readonly ids: () => Ids;
  /** Brings an event to a bot. False when the bot has no session and no callback. */
  readonly deliver: (bot: Bot, event: PlatformEvent) => boolean;
  /** Whether what the bot sends vanishes for now, although it is answered as if it had been delivered. */
  readonly swallows: (appId: string) => boolean;
  /** Brings an event to the NapCat of a personal account. */
  readonly report: (uin: string, event: AccountEvent) => void;
  /** How the NapCat of a personal account is. */
  readonly napcat: (uin: string) => NapcatState;
  /** Live gateway sessions of a bot. */
  readonly sessions: (appId: string) => number;
  /** Where the emulator is served: what addresses of attachments begin with. */
  readonly origin: () => string;
}

type Body<Name extends keyof ControlCalls> = ControlCalls[Name]["body"];

/** The emulated QQ: who is there, what was said, and what people do. What bots do is in `sending.ts`. */
export class World {
  readonly context: WorldContext;
  readonly transcript: Transcript;
  readonly media: WorldMedia;
  readonly guild: GuildBooks;
  readonly passive;
  readonly meter = createProactiveMeter();
  readonly wakeups: WakeupRule;
  readonly interactions: Interactions;
  readonly binds: BindDesk;
  /** C2C streams by their id. */
  readonly streams = new Map<string, Stream>();
  /** When a bot has set or taken back reactions, by app id. */
  readonly reactionTimes = new Map<string, readonly number[]>();
  state: State;

  constructor(context: WorldContext) {
    this.context = context;
    this.transcript = createTranscript(context.bus);
    this.media = createWorldMedia(context);
    this.guild = createGuildBooks(context.rules);
    this.passive = createPassiveRule(context.rules);
    this.wakeups = createWakeupRule(context.rules);
    this.interactions = createInteractions(context.clock, context.rules);
    this.binds = createBindDesk(context.clock, context.rules, () => this.#changed());
    this.state = plantState(context.seed);
  }

  /** Wipes everything and plants the seed again. */
  reset(): void {
    this.state = plantState(this.context.seed);
    this.transcript.clear();
    this.media.clear();
    this.guild.clear();
    this.passive.clear();
    this.meter.clear();
    this.wakeups.clear();
    this.interactions.clear();
    this.binds.clear();
    this.streams.clear();
    this.reactionTimes.clear();
  }

  messages(chat: ChatRef): readonly ChatMessage[] {
    return this.transcript.messages(chat);
  }

  snapshot(): WorldState {
    return snapshotOf(this);
  }

  /** A person writes. Answers the platform's message id. */
  say(say: Say): { id: string } {
    const { chat } = say;
    const said = this.#utter(say);
    switch (chat.kind) {
      case "dm":
        // What is said to personal accounts their NapCats hear of from the transcript.
        if (!this.state.accounts.has(chat.bot)) tellFriend(this, pick(this.state.bots, chat.bot, "bot"), said, chat);
        break;
      case "group":
        tellGroup(this, pick(this.state.groups, chat.group, "group"), said, chat);
        break;
      case "channel":
        tellChannel(this, chat, said);
        break;
      case "guild-dm":
        tellGuildDm(this, chat, said);
        break;
    }
    return { id: said.id };
  }

  /** Takes a bot out of a group; the bot is told who did it. */
  kick({ group: groupId, bot: appId, person }: Body<"kick">): void {
    const group = pick(this.state.groups, groupId, "group");
    if (group.accounts.delete(appId)) {
      noticeDecrease(this, group, appId, "kick", person);
      return this.#changed();
    }
    if (!group.bots.delete(appId)) throw new ControlError(`bot "${appId}" is not in group "${groupId}"`);
    tellOfGroup(this, "GROUP_DEL_ROBOT", group, appId, person);
    this.#changed();
  }

  invite({ group: groupId, bot: appId, person }: Body<"invite">): void {
    const group = pick(this.state.groups, groupId, "group");
    if (this.state.accounts.has(appId)) {
      group.accounts.add(appId);
      noticeIncrease(this, group, appId, "invite", person);
      return this.#changed();
    }
    group.bots.add(pick(this.state.bots, appId, "bot").appId);
    tellOfGroup(this, "GROUP_ADD_ROBOT", group, appId, person);
    this.#changed();
  }

  friend({ person, bot, friends }: Body<"friend">): void {
    const { strangers } = this.state;
    if (this.state.accounts.has(bot)) return befriend(this, bot, person, friends);
    if (friends) strangers.delete(pair(bot, person));
    else strangers.add(pair(bot, person));
    tellOfPerson(this, friends ? "FRIEND_ADD" : "FRIEND_DEL", bot, person);
  }

  /** Muted groups take nothing from bots; no event tells official ones of it. */
  mute({ group, muted }: Body<"mute">): void {
    setWholeBan(this, pick(this.state.groups, group, "group"), muted);
  }

  groupMode({ group, mode }: Body<"groupMode">): void {
    pick(this.state.groups, group, "group").mode = mode;
    this.#changed();
  }

  /** A person, or the admin of a group, switches proactive messages. */
  proactive({ chat, allowed }: Body<"proactive">): void {
    if (chat.kind === "channel") throw new ControlError("channels have no switch for proactive messages");
    if (chat.kind === "guild-dm") {
      // No event tells of it: the bot finds out with its next message.
      const dm = placeOf(this.state, chat).guild;
      return void (allowed ? this.guild.closedDms.delete(dm) : this.guild.closedDms.add(dm));
    }
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

  #utter(say: Say): Utterance {
    const { person: personId, chat, mention = [], quote: quoteId } = say;
    const person = pick(this.state.people, personId, "person");
    const { names, bots: mentioned } = findMentioned(this.state, mention);
    this.demandPlace(chat, person);
    const via = findVia(this, say);
    const quoted = quoteId === undefined ? undefined : this.transcript.find(chat, quoteId);
    if (quoteId !== undefined && !quoted?.index) throw new ControlError(`there is no message "${quoteId}" to quote`);
    const { shown, told, files } = takeExtras(this, say);
    const ids = this.context.ids();
    const isGuild = chat.kind === "channel" || chat.kind === "guild-dm";
    const id = isGuild ? ids.guildMessage() : ids.message();
    const index = isGuild ? id : ids.index();
    const at = this.context.clock.now();
    const message: ChatMessage = {
      id,
      at,
      from: { kind: "person", id: person.id, name: person.name },
      ...shown,
      text: shown.text + shownBeside(say),
      ...(names.length > 0 && { mentions: names }),
      ...showQuote(quoted),
    };
    const pieces = piecesOfSay(this, say, files);
    this.transcript.add({ chat, message, index, files, pieces, ...(via !== undefined && { via }) });
    return { id, index, at, ...told, person, mentioned, ...this.#quote(quoted) };
  }

  /** What official bots are told of a quoted message. */
  #quote(quoted: Bubble | undefined): Pick<Utterance, "quote"> {
    if (!quoted) return {};
    const { index = "", message, files } = quoted;
    const attachments = files?.length ? { attachments: attach(this, files) } : {};
    return { quote: { index, text: message.text, by: this.#author(message), ...attachments } };
  }

  /** To official bots a personal account is a person. */
  #author({ from }: ChatMessage): Person | Bot {
    if (this.state.accounts.has(from.id)) return { id: from.id, name: from.name };
    return from.kind === "bot" ? pick(this.state.bots, from.id, "bot") : pick(this.state.people, from.id, "person");
  }

  /** Throws a `ControlError` unless the person is in the chat. */
  demandPlace(chat: ChatRef, person: Person): void {
    if (chat.kind === "dm") {
      if (!this.state.accounts.has(chat.bot)) pick(this.state.bots, chat.bot, "bot");
      if (this.state.strangers.has(pair(chat.bot, person.id))) {
        throw new ControlError(`"${person.id}" and bot "${chat.bot}" are not friends`);
      }
      if (chat.person !== person.id) throw new ControlError(`"${person.id}" is not in the DM of "${chat.person}"`);
      return;
    }
    if (chat.kind === "guild-dm") return demandGuildDm(this.state, chat, person.id);
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

const showQuote = (quoted: Bubble | undefined): Pick<ChatMessage, "quote"> =>
  quoted ? { quote: { id: quoted.message.id, name: quoted.message.from.name, text: quoted.message.text } } : {};
