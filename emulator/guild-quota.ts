import { dayOf, within } from "./proactive.ts";
import { demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

/**
 * Proactive messages per day (qq-official.md 5.6). Which code stands for which limit is not documented (INF): section 9
 * lists 304035 as the count of channels, 304045 among the limits of channels, and 5.6 names 304049 and 304050 for DMs.
 */
const PER_CHANNEL_DAY = 20;
const CHANNELS_PER_GUILD_DAY = 2;
const PER_PERSON_DAY = 2;
const PER_BOT_DAY = 200;

/** Meters what a bot sends in guilds. Refused messages do not count; each check returns what books the message. */
export interface GuildQuota {
  /** 5.1: everything a bot sends to a channel; over is 20028. */
  checkRate(bot: string, channel: string, now: number): () => void;
  checkChannel(bot: string, guild: string, channel: string, now: number): () => void;
  checkDm(bot: string, person: string, now: number): () => void;
  clear(): void;
}

export function createGuildQuota(rules: Rules): GuildQuota {
  const rates = new Map<string, number[]>();
  let proactive: { readonly bot: string; readonly at: number; readonly guild: string; readonly peer: string }[] = [];

  /** What the bot has sent on this day in a guild; DMs count as the guild `""`. */
  const today = (bot: string, guild: string, now: number): typeof proactive => {
    proactive = proactive.filter(({ at }) => dayOf(at) === dayOf(now));
    return proactive.filter((sent) => sent.bot === bot && sent.guild === guild);
  };
  return {
    checkRate(bot, channel, now) {
      const key = `${bot}/${channel}`;
      const times = (rates.get(key) ?? []).filter((at) => at > now - rules.channelMessages.perMs);
      demand(within(times, rules.channelMessages, now), 20028);
      return () => void rates.set(key, [...times, now]);
    },
    checkChannel(bot, guild, channel, now) {
      const sent = today(bot, guild, now);
      const channels = new Set(sent.map(({ peer }) => peer)).add(channel);
      demand(channels.size <= CHANNELS_PER_GUILD_DAY, 304035);
      demand(sent.filter(({ peer }) => peer === channel).length < PER_CHANNEL_DAY, 304045);
      return () => void proactive.push({ bot, at: now, guild, peer: channel });
    },
    checkDm(bot, person, now) {
      const sent = today(bot, "", now);
      demand(sent.filter(({ peer }) => peer === person).length < PER_PERSON_DAY, 304049);
      demand(sent.length < PER_BOT_DAY, 304050);
      return () => void proactive.push({ bot, at: now, guild: "", peer: person });
    },
    clear() {
      rates.clear();
      proactive = [];
    },
  };
}
