import type { BotLife, BotState, GroupMode } from "./control.ts";
import { guildId } from "./ids.ts";
import { plantAccount, type Account } from "./onebot/account.ts";
import { ORDINARY_INTENTS, PRIVATE_INTENTS } from "./intents.ts";
import { ControlError } from "./refusal.ts";
import type { BotSeed, Seed } from "./seed.ts";

export interface Bot extends Required<Omit<BotSeed, "mode" | "webhookUrl" | "state">> {
  /** Its id in guilds and in READY. */
  readonly userId: string;
  mode: BotState["mode"];
  webhookUrl: string | undefined;
  /** Events that are ticked at the console for callbacks; `undefined` for all of them. */
  ticked: ReadonlySet<string> | undefined;
  state: BotLife;
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface Group {
  readonly id: string;
  name: string;
  /** The first one owns the group. */
  members: readonly string[];
  readonly bots: Set<string>;
  /** QQ numbers of the personal accounts in it. */
  readonly accounts: Set<string>;
  /** Ids of people and QQ numbers of accounts, beside the owner. */
  readonly admins: Set<string>;
  /** Names that members go by in the group, and titles they were given, by id of person or QQ number of account. */
  readonly cards: Map<string, string>;
  readonly titles: Map<string, string>;
  /** What members were called before their last change of card, of which accounts have not heard yet. */
  readonly renamed: Map<string, string>;
  /** Until when members may not write, ms since the epoch. */
  readonly bans: Map<string, number>;
  muted: boolean;
  mode: GroupMode;
  /** Whether its admins take proactive messages. */
  proactive: boolean;
}

export type Channel = Seed["channels"][number];

/** Who and what there is, and who wants what from whom. Chats are in the transcript. */
export interface State {
  readonly bots: Map<string, Bot>;
  /** By QQ number. */
  readonly accounts: ReadonlyMap<string, Account>;
  readonly people: ReadonlyMap<string, Person>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly channels: ReadonlyMap<string, Channel>;
  /** `appId/person` of those who refuse proactive messages, and of those who are not friends. */
  readonly refusing: Set<string>;
  readonly strangers: Set<string>;
  /** Channels whose messages of bots are judged before they are shown. */
  readonly audited: Set<string>;
  /** Words that no bot may send, in lower case. */
  words: readonly string[];
}

export const pair = (bot: string, person: string): string => `${bot}/${person}`;

export function plantState(seed: Seed): State {
  return {
    bots: new Map(seed.bots.map((bot) => [bot.appId, plantBot(bot)])),
    accounts: new Map(
      seed.accounts?.map((account) => [
        account.uin,
        plantAccount(
          account,
          seed.people.map(({ id }) => id),
        ),
      ]),
    ),
    people: new Map(seed.people.map((person) => [person.id, person])),
    groups: new Map(seed.groups.map((group) => [group.id, plantGroup(seed, group)])),
    channels: new Map(seed.channels.map((channel) => [channel.id, channel])),
    refusing: new Set(),
    strangers: new Set(),
    audited: new Set(),
    words: [],
  };
}

function plantGroup(seed: Seed, { id, name, members, bots, mode }: Seed["groups"][number]): Group {
  const isAccount = (uin: string): boolean => seed.accounts?.some((account) => account.uin === uin) === true;
  return {
    id,
    name,
    members,
    bots: new Set(bots.filter((bot) => !isAccount(bot))),
    accounts: new Set(bots.filter(isAccount)),
    admins: new Set(),
    cards: new Map(),
    titles: new Map(),
    renamed: new Map(),
    bans: new Map(),
    muted: false,
    mode: mode ?? "only_mention",
    proactive: true,
  };
}

export function plantBot(seed: BotSeed): Bot {
  return {
    markdown: true,
    ipAllowed: true,
    verified: true,
    c2cUrls: true,
    urlDomains: [],
    intents: ORDINARY_INTENTS | (seed.private === true ? PRIVATE_INTENTS : 0),
    private: false,
    guildMarkdown: false,
    state: "live",
    mode: "websocket",
    webhookUrl: undefined,
    ticked: undefined,
    ...seed,
    userId: guildId("bot", seed.appId),
  };
}

/** The entry, or a `ControlError` that names what is missing. */
export function pick<T>(entries: ReadonlyMap<string, T>, id: string, what: string): T {
  const entry = entries.get(id);
  if (entry === undefined) throw new ControlError(`there is no ${what} "${id}"`);
  return entry;
}
