import type { ChatRef, Press, Pressed } from "./control.ts";
import { encodeInteraction, personIn, type Click } from "./interaction-event.ts";
import { showPressed, type Button, type Permission } from "./keyboard.ts";
import { ControlError } from "./refusal.ts";
import { pick, type Bot } from "./state.ts";
import { tell } from "./telling.ts";
import type { Bubble } from "./transcript.ts";
import type { World } from "./world.ts";

/**
 * A person presses a button (qq-official.md 7.3). What the QQ client checks is checked first, unless the click is forced.
 * Throws `ControlError` where there is nothing to press.
 */
export async function press(world: World, wish: Press): Promise<Pressed> {
  const { bubble, button, bot } = findButton(world, wish);
  const shown = bubble.message.buttons?.flat().find(({ id }) => id === button.id);
  if (wish.forced !== true) {
    if (!isPermitted(world, bot, wish, button.permission)) return { result: "not permitted" };
    if (shown?.disabled) return { result: "disabled" };
  }
  switch (button.type) {
    case "link":
      markPressed(world, wish, button);
      return { result: button.data };
    case "command":
      markPressed(world, wish, button);
      return command(world, bot, wish, button);
    case "callback":
      return callBack(world, bot, wish, button);
  }
}

function findButton(world: World, { person, chat, message, button: id }: Press): Found {
  world.demandPlace(chat, pick(world.state.people, person, "person"));
  const bubble = world.transcript.find(chat, message);
  if (!bubble || bubble.message.recalled)
    throw new ControlError(`there is no message "${message}" to press a button of`);
  const button = bubble.keyboard?.flat().find((other) => other.id === id);
  if (!button) throw new ControlError(`message "${message}" has no button "${id}"`);
  return { bubble, button, bot: pick(world.state.bots, bubble.message.from.id, "bot") };
}

interface Found {
  readonly bubble: Bubble;
  readonly button: Button;
  readonly bot: Bot;
}

/** A DM has no managers, and only guilds have roles: there such a button is nobody's (INF). */
function isPermitted(world: World, bot: Bot, { chat, person }: Press, permission: Permission): boolean {
  switch (permission.kind) {
    case "everybody":
      return true;
    case "managers":
      return ownerOf(world, chat) === person;
    case "people":
      return permission.ids.includes(personIn(chat, bot.appId, person));
    case "roles":
      // 11 is the role of everybody, and the emulator gives out no other (events.ts).
      return chat.kind === "channel" && permission.ids.includes("11");
  }
}

/** Who owns a place is the first of its people. */
function ownerOf(world: World, chat: ChatRef): string | undefined {
  if (chat.kind === "group") return world.state.groups.get(chat.group)?.members[0];
  return chat.kind === "channel" ? world.state.channels.get(chat.channel)?.members[0] : undefined;
}

/**
 * The person sends what the button says, or has it in the input. Without a word from the bot a command is sent in a group
 * and typed elsewhere: `enter` exists for C2C only, while a click in a group was seen to arrive as a message (7.3).
 */
function command(world: World, bot: Bot, { person, chat, message }: Press, button: Button): Pressed {
  const { data, reply } = button;
  if (!(button.enter ?? chat.kind === "group")) return { result: "typed", text: data };
  const mention = chat.kind === "group" || chat.kind === "channel" ? [bot.appId] : [];
  world.say({ person, chat, text: data, mention, ...(reply && { quote: message }) });
  return { result: "sent" };
}

async function callBack(world: World, bot: Bot, wish: Press, button: Button): Promise<Pressed> {
  const { chat, person, message } = wish;
  const id = world.context.ids().uuid();
  const at = world.context.clock.now();
  const click: Click = { chat, person, message, button, at, guild: guildOf(world, chat) };
  const event = encodeInteraction(id, bot, click);
  if (chat.kind === "dm") world.passive.open(event.id, { bot: bot.appId, scene: "c2c", peer: person }, at);
  if (chat.kind === "group") world.passive.open(event.id, { bot: bot.appId, scene: "group", peer: chat.group }, at);
  // Waits before it is told: a bot that listens in this process could answer at once.
  const acknowledged = world.interactions.open(id, bot.appId);
  tell(world, bot, event, chat);
  const code = await acknowledged;
  if (code === 0) markPressed(world, wish, button);
  return { result: code === undefined ? "timeout" : String(code) };
}

function guildOf(world: World, chat: ChatRef): string | undefined {
  if (chat.kind === "channel") return world.state.channels.get(chat.channel)?.guild;
  return chat.kind === "guild-dm" ? chat.guild : undefined;
}

/** The message may be gone by the time the bot has answered. */
function markPressed(world: World, { chat, message: id }: Press, button: Button): void {
  const bubble = world.transcript.find(chat, id);
  const { message, keyboard } = bubble ?? {};
  if (!message?.buttons || !keyboard) return;
  world.transcript.replace(chat, { ...message, buttons: showPressed(keyboard, button, message.buttons) });
}
