import type { ControlCalls } from "./control.ts";
import { tellOfDeletion } from "./guild-telling.ts";
import { ControlError } from "./refusal.ts";
import type { World } from "./world.ts";

/** A person takes back a message of their own. Only guilds tell bots of it (qq-official.md 4.7). */
export function unsay(world: World, { chat, message: id }: ControlCalls["unsay"]["body"]): void {
  const message = world.transcript.find(chat, id)?.message;
  if (message?.from.kind !== "person") throw new ControlError(`there is no message "${id}" of a person`);
  if (message.recalled) throw new ControlError(`the message "${id}" is taken back already`);
  world.transcript.recall(chat, message);
  if (chat.kind === "channel" || chat.kind === "guild-dm") tellOfDeletion(world, chat, message);
}
