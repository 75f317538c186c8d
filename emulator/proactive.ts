import { demand } from "./refusal.ts";
import type { Rate } from "./rules.ts";
import type { Target } from "./passive.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** The day turns at 00:00 Beijing time; the platform does not say so (INF). */
const BEIJING = 8 * 60 * MINUTE;

const PER_PEER: Rate = { count: 20, perMs: MINUTE };
const PER_PEER_DAY = 1000;

/** Rates of one bot for one scene (qq-official.md 5.6). */
function botRates(scene: Target["scene"], verified: boolean): readonly Rate[] {
  if (scene === "group") return [{ count: verified ? 60 : 30, perMs: MINUTE }];
  if (verified) return [{ count: 10, perMs: SECOND }];
  return [
    { count: 5, perMs: SECOND },
    { count: 30, perMs: MINUTE },
  ];
}

/** Meters proactive messages. Refused ones do not count. */
export interface ProactiveMeter {
  /** Throws 40034100 when a rate is used up; otherwise returns what books the message. */
  check(target: Target, verified: boolean, now: number): () => void;
  clear(): void;
}

export function createProactiveMeter(): ProactiveMeter {
  const sent = new Map<string, number[]>();
  const timesOf = (key: string): number[] => {
    const times = sent.get(key) ?? [];
    sent.set(key, times);
    return times;
  };
  return {
    check(target, verified, now) {
      const ofBot = timesOf(`${target.bot}/${target.scene}`);
      const ofPeer = timesOf(`${target.bot}/${target.scene}/${target.peer}`);
      for (const rate of botRates(target.scene, verified)) demand(within(ofBot, rate, now), 40034100);
      demand(within(ofPeer, PER_PEER, now), 40034100);
      demand(ofPeer.filter((at) => dayOf(at) === dayOf(now)).length < PER_PEER_DAY, 40034100);
      return () => {
        ofBot.push(now);
        ofPeer.push(now);
      };
    },
    clear: () => sent.clear(),
  };
}

/** Whether one more is allowed now. */
export const within = (times: readonly number[], rate: Rate, now: number): boolean =>
  times.filter((at) => at > now - rate.perMs).length < rate.count;

/** Number of the day in Beijing. */
export const dayOf = (ms: number): number => Math.floor((ms + BEIJING) / DAY);
