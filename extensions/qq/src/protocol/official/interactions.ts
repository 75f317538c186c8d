import { z } from "zod";
import { maybe } from "./events.ts";

/** What was pressed. `button_data` is what the keyboard said; `user_id` comes in guilds only. */
const Resolved = z.looseObject({
  button_data: maybe(z.string()),
  button_id: maybe(z.string()),
  user_id: maybe(z.string()),
});

/**
 * `d` of INTERACTION_CREATE (QQ, "Interactions"). `id` is what the acknowledgement names; a reply is tied to the id of
 * the event around it. Which of the ids are there depends on the scene.
 */
export const InteractionCreate = z.looseObject({
  id: z.string().min(1),
  type: z.number(),
  timestamp: z.unknown().optional(),
  user_openid: maybe(z.string()),
  group_openid: maybe(z.string()),
  group_member_openid: maybe(z.string()),
  guild_id: maybe(z.string()),
  channel_id: maybe(z.string()),
  data: maybe(z.looseObject({ resolved: maybe(Resolved) })),
});
export type InteractionCreate = z.infer<typeof InteractionCreate>;

/** A button was pressed, or an item of the menu of a direct message: the two that wait for an acknowledgement. */
export const ACKNOWLEDGED_TYPES: ReadonlySet<number> = new Set([11, 12]);

/** Codes of `PUT /interactions/{id}` (QQ, "Interactions"). */
export const INTERACTION_CODES = {
  done: 0,
  failed: 1,
  "too-often": 2,
  repeated: 3,
  "not-permitted": 4,
  "admins-only": 5,
} as const;
