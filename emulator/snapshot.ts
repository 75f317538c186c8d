import type { WorldState } from "./control.ts";
import type { World } from "./world.ts";

/** The world as the control API shows it. */
export function snapshotOf({ context, guild, state, transcript }: World): WorldState {
  const { bots, people, groups, channels } = state;
  return {
    now: context.clock.now(),
    bots: [...bots.values()].map(({ appId, name, mode, webhookUrl, state: life }) => ({
      appId,
      name,
      mode,
      ...(webhookUrl !== undefined && { webhookUrl }),
      sessions: context.sessions(appId),
      ...(life !== "live" && { life }),
    })),
    people: [...people.values()],
    groups: [...groups.values()].map(({ id, name, members, bots, muted, mode }) => ({
      id,
      name,
      members,
      bots: [...bots],
      muted,
      mode,
    })),
    channels: [...channels.values()],
    chats: transcript.chats(),
    audits: guild.audits.pending(),
  };
}
