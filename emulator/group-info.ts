import type { GroupMode } from "./control.ts";
import { demand } from "./refusal.ts";
import { findTarget } from "./sending.ts";
import type { Bot } from "./state.ts";
import type { World } from "./world.ts";

/** What a group shows its bots (qq-official.md 4.3). Throws `Refusal`. */
export function readBotState(world: World, bot: Bot, groupOpenid: string): { readonly recv_msg_setting: GroupMode } {
  const { peer } = findTarget(world, bot, "group", groupOpenid);
  const group = world.state.groups.get(peer);
  demand(group?.bots.has(bot.appId) === true, 40034101);
  return { recv_msg_setting: group.mode };
}
