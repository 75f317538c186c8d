import { C2CMessageCreate, GroupMessageCreate } from "../../protocol/official/events.ts";

/** What every road has of an event: a gateway dispatch and a callback body alike. */
export interface OfficialEvent {
  readonly t: string;
  readonly d?: unknown;
}

/** Under which key and in which lane an event is stored, or the stable reason why it is left out. */
export type EventPlace =
  | { readonly key: string; readonly lane: string; readonly ignored?: never }
  | { readonly ignored: string; readonly key?: never; readonly lane?: never };

const placeC2C = (d: unknown): EventPlace | undefined => {
  const message = C2CMessageCreate.safeParse(d).data;
  return message && { key: `message:${message.id}`, lane: `c2c:${message.author.user_openid}` };
};

const placeGroup = (d: unknown): EventPlace | undefined => {
  const message = GroupMessageCreate.safeParse(d).data;
  return message && { key: `message:${message.id}`, lane: `group:${message.group_openid}` };
};

/**
 * The events that are taken. A message is known by its own id, not by the id of the event it came in: QQ pushes one
 * message again under new event ids, and a group's message may come both as mention and as one of all messages.
 */
const taken: ReadonlyMap<string, (d: unknown) => EventPlace | undefined> = new Map([
  ["C2C_MESSAGE_CREATE", placeC2C],
  ["GROUP_AT_MESSAGE_CREATE", placeGroup],
  ["GROUP_MESSAGE_CREATE", placeGroup],
]);

/** Finds the place of an event. Never throws, whatever `d` is. */
export function placeEvent(event: OfficialEvent): EventPlace {
  const place = taken.get(event.t);
  if (!place) return { ignored: `event ${nameOf(event.t)}` };
  return place(event.d) ?? { ignored: `malformed ${event.t}` };
}

/** Reasons are counted, so a name that cannot be one of QQ's must not make a reason of its own. */
function nameOf(t: string): string {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(t) ? t : "of no known form";
}
