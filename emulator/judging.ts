import type { HeldMessage } from "./audits.ts";
import type { ControlCalls } from "./control.ts";
import type { PlatformEvent } from "./events.ts";
import { placeOf } from "./guild-places.ts";
import { beijingTime } from "./ids.ts";
import { ControlError } from "./refusal.ts";
import { pick } from "./state.ts";
import type { World } from "./world.ts";

/** Switches a channel's audit; what waits goes on waiting. */
export function setChannelAudit(world: World, { channel, audit }: ControlCalls["channelAudit"]["body"]): void {
  const { id } = pick(world.state.channels, channel, "channel");
  if (audit) world.state.audited.add(id);
  else world.state.audited.delete(id);
}

/** Shows a message that waits, or drops it; the bot is told (qq-official.md 4.8). */
export function judge(world: World, { id, pass }: ControlCalls["audit"]["body"]): void {
  const held = world.guild.audits.take(id);
  if (!held) throw new ControlError(`there is no audit "${id}"`);
  const shown = pass ? held.show() : undefined;
  world.context.deliver(pick(world.state.bots, held.about.bot, "bot"), encodeVerdict(world, held, shown));
  world.context.bus.publish({ event: "state", data: {} });
}

/** A dropped message has no id and no place among the channel's. */
function encodeVerdict(
  world: World,
  { about }: HeldMessage,
  shown: ReturnType<HeldMessage["show"]> | undefined,
): PlatformEvent {
  const t = shown ? "MESSAGE_AUDIT_PASS" : "MESSAGE_AUDIT_REJECT";
  const { guild, channel } = placeOf(world.state, { kind: "channel", channel: about.channel });
  const d = {
    audit_id: about.id,
    ...(shown && { message_id: shown.id, seq_in_channel: String(shown.seq) }),
    guild_id: guild,
    channel_id: channel,
    audit_time: beijingTime(world.context.clock.now()),
    create_time: beijingTime(about.at),
  };
  return { t, id: `${t}:${world.context.ids().uuid()}`, d, guild };
}
