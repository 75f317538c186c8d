// What every transport must do with buttons, and with messages that are there already.
import { expect, test } from "vitest";
import type { ChatRef } from "../../emulator/control.ts";
import { guildId } from "../../emulator/ids.ts";
import type { Keyboard } from "../../extensions/qq/src/message/outbound.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import { openBot } from "./bot.ts";
import type { RoadKind } from "./roads.ts";
import { dm, group, openWorld, userId } from "./world.ts";

const general: ChatRef = { kind: "channel", channel: "general" };
const keyboard: Keyboard = [
  [{ id: "ok", label: "Allow once", look: "primary", set: "s", action: { kind: "callback", data: "x1" } }],
];

export function buttonsContract(kind: RoadKind): void {
  if (kind.has.buttons) pressing(kind);
  messages(kind);
}

function pressing({ open }: RoadKind): void {
  test("F10: a press is stored under its own key and acknowledged, once", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    await world.say("hello");
    await world.until("the answer", () => world.answers().length === 1);
    const content = { kind: "markdown", text: "May I?", keyboard } as const;
    const { messageId: message = "" } = await bot.send({ kind: "c2c", userId: userId("lin") }, { content });
    const pressed = world.emulator.control.call("press", { person: "lin", chat: dm("lin"), message, button: "ok" });
    await world.until("the press", () => bot.rows() === 2);
    const [id = ""] = bot.keys().flatMap((key) => /^interaction:(.+)$/.exec(key)?.[1] ?? []);
    await bot.line.acknowledge?.(id, "done");
    expect(await pressed).toEqual({ result: "0" });
    expect(world.answers().at(-1)?.buttons).toMatchObject([[{ label: "Allow once", pressed: true }]]);
    await expect(bot.line.acknowledge?.(id, "repeated")).rejects.toMatchObject({ refusal: { platformCode: 630004 } });
  });
}

function messages({ open, plant, has }: RoadKind): void {
  test("F12: the bot takes back what it said", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    const lin: Target = { kind: "c2c", userId: world.userId("lin") };
    await world.say("hello");
    await world.until("the answer", () => world.answers().length === 1);
    await bot.line.recall?.(lin, bot.road.messageId(world.answers()[0]?.id ?? ""));
    expect(world.answers()).toMatchObject([{ recalled: true }]);
    await expect(bot.line.recall?.(lin, "no such message")).rejects.toMatchObject({ kind: "permission" });
  });

  test("F12: the bot reacts to a message that others see too, and takes that off", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    const chat = has.guilds ? general : group("one");
    const target: Target = has.guilds
      ? { kind: "channel", channelId: guildId("channel", "general") }
      : { kind: "group", groupId: world.groupId("one") };
    const message = await world.say("hello", chat, { mention: [world.self] });
    const id = bot.road.messageId(message);
    const reactions = () => world.emulator.world.messages(chat).find(({ id }) => id === message)?.reactions;
    await world.until("the message", () => bot.rows() === 1);
    await bot.line.react?.(target, id, "👍", true);
    expect(reactions()).toEqual([{ type: 2, id: "128077", from: world.self }]);
    await bot.line.react?.(target, id, "👍", true);
    await bot.line.react?.(target, id, "👍", false);
    await bot.line.react?.(target, id, "👍", false);
    expect(reactions()).toBeUndefined();
    // Only a bot is told that it has done so before.
    expect(world.emulator.refusals()).toHaveLength(has.guilds ? 2 : 0);
  });
}
