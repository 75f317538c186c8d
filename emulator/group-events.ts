import type { PlatformEvent } from "./events.ts";
import { openid } from "./ids.ts";
import type { Bot, Group, Person } from "./state.ts";

export type MemberEvent = "GROUP_MEMBER_ADD" | "GROUP_MEMBER_REMOVE";

/** A person has come or gone (qq-official.md 4.5); `user_openid`, although documented, was never seen. `at` is ms. */
export function encodeMemberEvent(
  t: MemberEvent,
  bot: Bot,
  group: Group,
  person: Person,
  at: number,
  uuid: string,
): PlatformEvent {
  const d = {
    timestamp: Math.floor(at / 1000),
    group_openid: openid(bot.appId, "group", group.id),
    member_openid: openid(bot.appId, "member", person.id),
  };
  return { t, id: `${t}:${uuid}`, d };
}
