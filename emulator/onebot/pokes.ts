import type { ChatRef } from "../control.ts";
import type { Group } from "../state.ts";
import type { Bubble } from "../transcript.ts";
import type { World } from "../world.ts";
import { noticeGroupPoke, noticePrivatePoke } from "./notices.ts";

/** Somebody nudges somebody in a DM with an account; both are named by their ids in the world. */
export function pokeInPrivate(world: World, chat: ChatRef & { kind: "dm" }, sender: string, target: string): void {
  const bubble = showPoke(world, chat, sender, target);
  noticePrivatePoke(world, chat.bot, chat.person, sender, target);
  world.context.report(chat.bot, { kind: "message", bubble });
}

export function pokeInGroup(world: World, group: Group, sender: string, target: string): void {
  const bubble = showPoke(world, { kind: "group", group: group.id }, sender, target);
  noticeGroupPoke(world, group, sender, target);
  for (const uin of group.accounts) world.context.report(uin, { kind: "message", bubble });
}

/** The grey line that everybody in the chat sees. As a message it is empty, which NapCats tell where they are set so. */
function showPoke(world: World, chat: ChatRef, sender: string, target: string): Bubble {
  const { clock, ids } = world.context;
  const from = { kind: "system", id: sender, name: nameOf(world, sender) } as const;
  const text = `${from.name} 戳了戳 ${nameOf(world, target)}`;
  const bubble: Bubble = { chat, message: { id: ids().message(), at: clock.now(), from, text }, pieces: [] };
  world.transcript.add(bubble);
  return bubble;
}

function nameOf({ state }: World, id: string): string {
  return state.people.get(id)?.name ?? state.accounts.get(id)?.name ?? state.bots.get(id)?.name ?? id;
}
