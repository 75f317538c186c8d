import { AUDIT_EVENTS, CHAT_CHANGE_EVENTS, decodeAudit, decodeChatChange } from "../../message/decode-chat-events.ts";
import { decodeInteraction, INTERACTION_EVENT, unansweredType } from "../../message/decode-interaction.ts";
import { formatTarget } from "../../message/target.ts";
import { C2CMessageCreate, GroupMessageCreate } from "../../protocol/official/events.ts";
import { GuildMessageCreate } from "../../protocol/official/guild-events.ts";
import type { LineReport, MessageWay } from "../transport.ts";

/** What every road has of an event: a gateway dispatch and a callback body alike. */
export interface OfficialEvent {
  readonly t: string;
  readonly id?: string | undefined;
  readonly d?: unknown;
}

/** Under which key and in which lane an event is stored, or the stable reason why it is left out. */
export type EventPlace =
  | { readonly key: string; readonly lane: string; readonly ignored?: never }
  | { readonly ignored: string; readonly key?: never; readonly lane?: never };

type Place = (event: OfficialEvent) => EventPlace | undefined;

const placeC2C: Place = ({ d }) => {
  const message = C2CMessageCreate.safeParse(d).data;
  return message && { key: `message:${message.id}`, lane: `c2c:${message.author.user_openid}` };
};

const placeGroup: Place = ({ d }) => {
  const message = GroupMessageCreate.safeParse(d).data;
  return message && { key: `message:${message.id}`, lane: `group:${message.group_openid}` };
};

const placeChannel: Place = ({ d }) => {
  const message = GuildMessageCreate.safeParse(d).data;
  return message && { key: `message:${message.id}`, lane: `channel:${message.channel_id}` };
};

const placeDm: Place = ({ d }) => {
  const message = GuildMessageCreate.safeParse(d).data;
  return message && { key: `message:${message.id}`, lane: `dm:${message.guild_id}` };
};

/** What happened to a chat has a lane beside the chat's own: that the bot was removed must not wait for a turn to end. */
const placeChange: Place = ({ t, id, d }) => {
  // Without its id an event cannot be told from its repetition; QQ leaves it out on READY and RESUMED only.
  const change = id ? decodeChatChange(t, id, d, 0) : undefined;
  return change && { key: `event:${id}`, lane: `events:${formatTarget(change.chat)}` };
};

const placeAudit: Place = ({ t, d }) => {
  const audit = decodeAudit(t, d);
  return audit && { key: `audit:${audit.auditId}`, lane: `audit:${audit.auditId}` };
};

/** Each press has a lane of its own: QQ waits 3 s for its acknowledgement, and a turn takes longer. */
const placeInteraction: Place = ({ id, d }) => {
  const unanswered = unansweredType(d);
  if (unanswered !== undefined) return { ignored: `interaction type ${unanswered}` };
  const interaction = decodeInteraction(id, d, 0);
  return interaction && { key: `interaction:${interaction.id}`, lane: `interaction:${interaction.id}` };
};

/**
 * The events that are taken. A message is known by its own id, not by the id of the event it came in: QQ pushes one
 * message again under new event ids, and a group's message may come both as mention and as one of all messages.
 */
const taken: ReadonlyMap<string, Place> = new Map([
  ["C2C_MESSAGE_CREATE", placeC2C],
  ["GROUP_AT_MESSAGE_CREATE", placeGroup],
  ["GROUP_MESSAGE_CREATE", placeGroup],
  ["AT_MESSAGE_CREATE", placeChannel],
  ["MESSAGE_CREATE", placeChannel],
  ["DIRECT_MESSAGE_CREATE", placeDm],
  ...CHAT_CHANGE_EVENTS.map((t) => [t, placeChange] as const),
  ...AUDIT_EVENTS.map((t) => [t, placeAudit] as const),
  [INTERACTION_EVENT, placeInteraction],
]);

const WAYS: ReadonlyMap<string, MessageWay> = new Map([
  ["GROUP_AT_MESSAGE_CREATE", "group-mention"],
  ["GROUP_MESSAGE_CREATE", "group-message"],
]);

/** Tells in which way a message of a group came, where it is taken. */
export function tellWay({ t }: OfficialEvent, place: EventPlace | undefined, report: LineReport): void {
  const way = place?.key === undefined ? undefined : WAYS.get(t);
  if (way) report.heard?.(way);
}

/** Finds the place of an event. Never throws, whatever `d` is. */
export function placeEvent(event: OfficialEvent): EventPlace {
  const place = taken.get(event.t);
  if (!place) return { ignored: `event ${nameOf(event.t)}` };
  return place(event) ?? { ignored: `malformed ${event.t}` };
}

/** Reasons are counted, so a name that cannot be one of QQ's must not make a reason of its own. */
function nameOf(t: string): string {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(t) ? t : "of no known form";
}
