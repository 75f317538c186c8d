import { unescapeHtml } from "./guild-events.ts";
import { guildId } from "./ids.ts";
import type { State } from "./state.ts";

/** Marks of people, of channels and of everybody (qq-official.md 7.4), old and new. */
const MARKS = /<qqbot-at-user id="(\d+)" ?\/>|<@!?(\d+)>|<#(\d+)>|<qqbot-at-everyone ?\/>|@everyone/g;

/** What a guild shows of a bot's text: marks by name, escapes resolved. Marks of nobody stay as they are. */
export function nameGuildMarks(state: State, text: string): { text: string; mentions: string[] } {
  const mentions: string[] = [];
  const mention = (name: string): string => {
    mentions.push(name);
    return `@${name}`;
  };
  const shown = text.replaceAll(MARKS, (mark: string, user?: string, old?: string, channel?: string) => {
    if (channel !== undefined) return nameChannel(state, channel) ?? mark;
    const id = user ?? old;
    if (id === undefined) return mention("全体成员");
    const name = nameUser(state, id);
    return name === undefined ? mark : mention(name);
  });
  return { text: unescapeHtml(shown), mentions };
}

function nameUser({ people, bots }: State, id: string): string | undefined {
  const person = [...people.values()].find((other) => guildId("user", other.id) === id);
  return person?.name ?? [...bots.values()].find((bot) => bot.userId === id)?.name;
}

function nameChannel({ channels }: State, id: string): string | undefined {
  const channel = [...channels.values()].find((other) => guildId("channel", other.id) === id);
  return channel && `#${channel.name}`;
}
