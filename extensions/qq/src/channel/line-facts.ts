import type { LineFacts } from "../checks/facts.ts";
import type { CallbackRefusal, LineReport } from "../transport/transport.ts";

/** Keeps what findings are made from, and publishes it when there is something else to say. */
export interface FactsKeeper extends Required<Pick<LineReport, "validated" | "clockOff" | "heard">> {
  /** A callback was refused. */
  refused(refusal: CallbackRefusal): void;
  /** A good callback came: what was refused before it was a matter of before. */
  good(): void;
  /** The line is up. `without` as in `LineStatus`. */
  ready(without: readonly string[] | undefined): void;
  /** Somebody had written to the account before the line began. */
  heardBefore(): void;
}

/** How far two callbacks may differ in their offset where a wrong clock is the cause, ms: deliveries take their time. */
const SAME_OFFSET_MS = 30_000;
/** How often the status is told of an unsigned validation at most, ms: anybody can send one. */
const ASKED_EVERY_MS = 60_000;

export function keepFacts(publish: (facts: LineFacts) => void): FactsKeeper {
  let facts: LineFacts = {};
  const set = (change: LineFacts): void => {
    facts = { ...facts, ...change };
    publish(facts);
  };
  let refused: Readonly<Partial<Record<CallbackRefusal, number>>> = {};
  let late: { readonly aheadMs: number; readonly signature: string } | undefined;
  return {
    refused: (refusal) => {
      const count = (refused[refusal] ?? 0) + 1;
      refused = { ...refused, [refusal]: count };
      // Anybody can send these, as many as they like: the status is told when a count has doubled.
      if (Number.isInteger(Math.log2(count))) set({ refused });
    },
    good: () => {
      late = undefined;
      if (facts.refused === undefined && facts.aheadMs === undefined) return;
      refused = {};
      const { refused: _refused, aheadMs: _aheadMs, ...rest } = facts;
      facts = rest;
      publish(facts);
    },
    clockOff: (aheadMs, signature) => {
      const before = late;
      // A recording that somebody plays again is late too, and later each time: one callback proves nothing of the clock.
      if (before?.signature === signature) return;
      late = { aheadMs, signature };
      if (!before || Math.abs(aheadMs - before.aheadMs) > SAME_OFFSET_MS) return;
      const toSecond = Math.round(aheadMs / 1000) * 1000;
      if (toSecond !== facts.aheadMs) set({ aheadMs: toSecond });
    },
    validated: (at, isSigned) => {
      if (facts.validated) return;
      if (isSigned) set({ validated: true });
      else if (at - (facts.askedAt ?? 0) >= ASKED_EVERY_MS) set({ askedAt: at });
    },
    ready: (intents = []) => {
      if (intents.join() === (facts.without ?? []).join()) return;
      const { without: _without, ...rest } = facts;
      facts = rest;
      set(intents.length === 0 ? {} : { without: [...intents] });
    },
    heardBefore: () => set({ heard: true }),
    heard: (way) => {
      const { mentions = false, all = false } = facts.groups ?? {};
      switch (way) {
        case "group-mention":
          if (!mentions) set({ groups: { mentions: true, all } });
          break;
        case "group-message":
          if (!all) set({ groups: { mentions, all: true } });
          break;
        case "segments":
          if (facts.cqStrings) set({ cqStrings: false });
          break;
        case "cq-string":
          if (!facts.cqStrings) set({ cqStrings: true });
          break;
      }
    },
  };
}
