import type { LineFacts } from "../checks/facts.ts";
import type { LineReport } from "../transport/transport.ts";

/** Keeps what findings are made from, and publishes it when there is something else to say. */
export interface FactsKeeper extends Required<Pick<LineReport, "validated" | "clockOff">> {
  /** A callback was refused. */
  refused(reason: string): void;
  /** A good callback came: what was refused before it was a matter of before. */
  good(): void;
  /** The line is up. `why`: its own words, which name the intents that it went without; the host keeps none of them. */
  ready(why: string): void;
  /** Somebody had written to the account before the line began. */
  heardBefore(): void;
  /** An event of an official bot was taken. `text`: as it came off the wire. */
  officialEvent(text: string): void;
  /** The same of a personal account. */
  oneBotEvent(text: string): void;
}

/** In JSON a quote within a message is escaped: only the event's own keys are found. */
const GROUP_MESSAGE = /"t"\s*:\s*"GROUP_(AT_)?MESSAGE_CREATE"/;

const WITHOUT = /ready, without (.+)$/;
const MESSAGE_FORMAT = /"message_format"\s*:\s*"(array|string)"/;

export function keepFacts(publish: (facts: LineFacts) => void): FactsKeeper {
  let facts: LineFacts = {};
  const set = (change: LineFacts): void => {
    facts = { ...facts, ...change };
    publish(facts);
  };
  let refused: Readonly<Record<string, number>> = {};
  return {
    refused: (reason) => {
      const count = (refused[reason] ?? 0) + 1;
      refused = { ...refused, [reason]: count };
      // Anybody can send these, as many as they like: the status is told when a count has doubled.
      if (Number.isInteger(Math.log2(count))) set({ refused });
    },
    good: () => {
      if (facts.refused === undefined && facts.aheadMs === undefined) return;
      refused = {};
      const { refused: _refused, aheadMs: _aheadMs, ...rest } = facts;
      facts = rest;
      publish(facts);
    },
    clockOff: (aheadMs) => set({ aheadMs }),
    validated: () => {
      if (!facts.validated) set({ validated: true });
    },
    ready: (why) => {
      const without = WITHOUT.exec(why)?.[1];
      if (without === facts.without) return;
      const { without: _without, ...rest } = facts;
      facts = rest;
      set(without === undefined ? {} : { without });
    },
    heardBefore: () => set({ heard: true }),
    oneBotEvent: (text) => {
      const format = MESSAGE_FORMAT.exec(text)?.[1];
      const cqStrings = format === "string";
      if (format !== undefined && cqStrings !== (facts.cqStrings ?? false)) set({ cqStrings });
    },
    officialEvent: (text) => {
      const { mentions = false, all = false } = facts.groups ?? {};
      if (mentions && all) return;
      const found = GROUP_MESSAGE.exec(text);
      if (!found || (found[1] ? mentions : all)) return;
      set({ groups: found[1] ? { mentions: true, all } : { mentions, all: true } });
    },
  };
}
