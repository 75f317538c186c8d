import { ACKNOWLEDGED_TYPES, InteractionCreate } from "../protocol/official/interactions.ts";
import type { Interaction } from "./inbound.ts";
import type { Target } from "./target.ts";

export const INTERACTION_EVENT = "INTERACTION_CREATE";

/**
 * Reads INTERACTION_CREATE; `eventId` is the outer id of the event. `undefined` when the payload is not what it should
 * be, and for the types that nobody waits for (13 and above): see `unansweredType`.
 */
export function decodeInteraction(eventId: unknown, d: unknown, receivedAt: number): Interaction | undefined {
  const wire = InteractionCreate.safeParse(d).data;
  const place = wire && ACKNOWLEDGED_TYPES.has(wire.type) ? decodePlace(wire) : undefined;
  if (!wire || !place) return undefined;
  const { button_id: buttonId, button_data: data } = wire.data?.resolved ?? {};
  return {
    ...place,
    id: wire.id,
    // QQ writes the one with the event's name before the other.
    eventId: typeof eventId === "string" && eventId !== "" ? eventId : `${INTERACTION_EVENT}:${wire.id}`,
    type: wire.type,
    ...(buttonId !== undefined && { buttonId }),
    ...(data !== undefined && { data }),
    at: Math.min(millis(wire.timestamp) ?? receivedAt, receivedAt),
  };
}

/** The type of an interaction that tells something and waits for no answer, such as 13, feedback. */
export function unansweredType(d: unknown): number | undefined {
  const type = InteractionCreate.safeParse(d).data?.type;
  return type === undefined || ACKNOWLEDGED_TYPES.has(type) ? undefined : type;
}

type Place = Pick<Interaction, "chat" | "sender">;

/** Where it was pressed, and by whom: each scene has a name space of its own for people. */
function decodePlace(wire: InteractionCreate): Place | undefined {
  if (wire.group_openid) return pressedIn({ kind: "group", groupId: wire.group_openid }, wire.group_member_openid);
  if (wire.user_openid) return pressedIn({ kind: "c2c", userId: wire.user_openid }, wire.user_openid);
  const user = wire.data?.resolved?.user_id;
  if (wire.channel_id) return pressedIn({ kind: "channel", channelId: wire.channel_id }, user);
  return wire.guild_id ? pressedIn({ kind: "dm", guildId: wire.guild_id }, user) : undefined;
}

function pressedIn(chat: Target, id: string | undefined): Place | undefined {
  return id ? { chat, sender: { id } } : undefined;
}

function millis(timestamp: unknown): number | undefined {
  const at = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
