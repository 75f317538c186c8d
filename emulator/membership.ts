import type { ControlCalls } from "./control.ts";
import { encodeMemberEvent } from "./group-events.ts";
import { noticeDecrease, noticeIncrease } from "./onebot/notices.ts";
import { ControlError } from "./refusal.ts";
import { pick } from "./state.ts";
import type { World } from "./world.ts";

/** A person joins a group or leaves it; its bots are told, but nothing can be replied to that (qq-official.md 5.2). */
export function changeMember(
  world: World,
  { group: groupId, person: personId, joined }: ControlCalls["member"]["body"],
): void {
  const { bus, clock, deliver, ids } = world.context;
  const group = pick(world.state.groups, groupId, "group");
  const person = pick(world.state.people, personId, "person");
  if (group.members.includes(person.id) === joined) {
    throw new ControlError(`"${person.id}" is ${joined ? "already" : "not"} in group "${groupId}"`);
  }
  group.members = joined ? [...group.members, person.id] : group.members.filter((id) => id !== person.id);
  if (joined) noticeIncrease(world, group, person.id, "approve");
  else noticeDecrease(world, group, person.id, "leave", person.id);
  const t = joined ? "GROUP_MEMBER_ADD" : "GROUP_MEMBER_REMOVE";
  for (const appId of group.bots) {
    const bot = pick(world.state.bots, appId, "bot");
    deliver(bot, encodeMemberEvent(t, bot, group, person, clock.now(), ids().uuid()));
  }
  bus.publish({ event: "state", data: {} });
}
