import { Refusal, demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

export type Scene = "c2c" | "group";

/** Events that a send may be tied to by `event_id` (qq-official.md 5.2). */
const REPLY_EVENTS: Readonly<Record<Scene, ReadonlySet<string>>> = {
  c2c: new Set(["INTERACTION_CREATE", "C2C_MSG_RECEIVE", "FRIEND_ADD"]),
  group: new Set(["INTERACTION_CREATE", "GROUP_ADD_ROBOT", "GROUP_MSG_RECEIVE"]),
};

/** Where a bot sends to. `peer` is the world's id of the person or group. */
export interface Target {
  readonly bot: string;
  readonly scene: Scene;
  readonly peer: string;
}

/** What a send names as its anchor. */
export interface AnchorClaim {
  readonly msgId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly msgSeq: number;
  /** A stream that is a wake-up: its anchor may be of any age (qq-official.md 7.1). */
  readonly anyAge?: boolean;
}

interface Anchor extends Target {
  readonly at: number;
  /** Sequence numbers that were taken: their count is what was used of the replies. */
  readonly taken: Set<number>;
}

/** Windows, counts and duplicates of passive replies (qq-official.md 5.4, 5.5). */
export interface PassiveRule {
  /** An inbound message or event reaches a bot: from now it may be replied to. `id` is `d.id` or the event id. */
  open(id: string, target: Target, now: number): void;
  /**
   * Throws the refusal that a reply meets. Otherwise returns what books the reply, to be called when nothing else
   * has refused the send, or `undefined` when the send names no anchor and is proactive.
   */
  check(claim: AnchorClaim, target: Target, now: number): (() => void) | undefined;
  /** Throws the refusal that the next piece of a stream meets whose reply is booked: only its anchor's age can. */
  demandWindow(claim: AnchorClaim, target: Target, now: number): void;
  clear(): void;
}

export function createPassiveRule(rules: Rules): PassiveRule {
  const anchors = new Map<string, Anchor>();
  // msg_id wins when both are there: Tencent's own client sends both.
  const find = ({ msgId, eventId }: AnchorClaim, target: Target): Anchor | undefined => {
    const id = msgId ?? eventId;
    if (id === undefined) return undefined;
    const anchor = anchors.get(key(target.bot, id));
    if (msgId === undefined) demandReplyEvent(id, target.scene, anchor !== undefined);
    demand(anchor?.scene === target.scene && anchor.peer === target.peer, msgId === undefined ? 40034025 : 40034024);
    return anchor;
  };
  return {
    open(id, target, now) {
      anchors.set(key(target.bot, id), { ...target, at: now, taken: new Set() });
    },
    check(claim, target, now) {
      const anchor = find(claim, target);
      if (!anchor) return undefined;
      demandAge(anchor, claim, now, rules);
      demandRoom(anchor, claim.msgSeq, rules);
      return () => anchor.taken.add(claim.msgSeq);
    },
    demandWindow(claim, target, now) {
      const anchor = find(claim, target);
      if (anchor) demandAge(anchor, claim, now, rules);
    },
    clear: () => anchors.clear(),
  };
}

const key = (bot: string, id: string): string => `${bot}/${id}`;

function demandReplyEvent(eventId: string, scene: Scene, known: boolean): void {
  // The inner id, or anything else without the event's name before it, is no event id.
  const name = /^([A-Z0-9_]+):/.exec(eventId)?.[1];
  demand(name !== undefined, 40034025);
  demand(REPLY_EVENTS[scene].has(name), 40034027);
  demand(known, 40034025);
}

function demandAge(anchor: Anchor, { msgId, anyAge }: AnchorClaim, now: number, rules: Rules): void {
  const windowMs = anchor.scene === "c2c" ? rules.c2cWindowMs : rules.groupWindowMs;
  const age = now - anchor.at;
  if (anyAge === true || age <= windowMs) return;
  throw new Refusal(msgId === undefined ? 40034026 : 40034128, `(${Math.round(age / 1000)}s)`);
}

function demandRoom(anchor: Anchor, msgSeq: number, rules: Rules): void {
  const replies = anchor.scene === "c2c" ? rules.c2cReplies : rules.groupReplies;
  // Before the count: repeating the last allowed reply is a duplicate, and the sender learns that it was delivered.
  demand(!anchor.taken.has(msgSeq), 40054005, `${msgSeq}`);
  demand(anchor.taken.size < replies, 40034128, `(${replies})`);
}
