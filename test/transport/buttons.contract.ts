// What every transport must do with buttons, and with messages that are there already.
import { expect, test } from "vitest";
import type { ChatRef } from "../../emulator/control.ts";
import { guildId } from "../../emulator/ids.ts";
import type { Keyboard } from "../../extensions/qq/src/message/outbound.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import { openBot } from "./bot.ts";
import type { OpenRoad } from "./roads.ts";
import { APP_ID, dm, openWorld, userId } from "./world.ts";

const general: ChatRef = { kind: "channel", channel: "general" };
const lin: Target = { kind: "c2c", userId: userId("lin") };
const keyboard: Keyboard = [
  [{ id: "ok", label: "Allow once", look: "primary", set: "s", action: { kind: "callback", data: "x1" } }],
];

export function buttonsContract(open: OpenRoad): void {
  test("F10: a press is stored under its own key and acknowledged, once", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    await world.say("hello");
    await world.until("the answer", () => world.answers().length === 1);
    const content = { kind: "markdown", text: "May I?", keyboard } as const;
    const { messageId: message = "" } = await bot.send(lin, { content });
    const pressed = world.emulator.control.call("press", { person: "lin", chat: dm("lin"), message, button: "ok" });
    await world.until("the press", () => bot.rows() === 2);
    const [id = ""] = bot.keys().flatMap((key) => /^interaction:(.+)$/.exec(key)?.[1] ?? []);
    await bot.line.acknowledge?.(id, "done");
    expect(await pressed).toEqual({ result: "0" });
    expect(world.answers().at(-1)?.buttons).toMatchObject([[{ label: "Allow once", pressed: true }]]);
    await expect(bot.line.acknowledge?.(id, "repeated")).rejects.toMatchObject({ refusal: { platformCode: 630004 } });
  });

  test("F12: the bot takes back what it said", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    await world.say("hello");
    await world.until("the answer", () => world.answers().length === 1);
    await bot.line.recall?.(lin, world.answers()[0]?.id ?? "");
    expect(world.answers()).toMatchObject([{ recalled: true }]);
    await expect(bot.line.recall?.(lin, "no such message")).rejects.toMatchObject({ kind: "permission" });
  });

  test("F12: the bot reacts to a message of a channel, and takes that off", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    const message = await world.say("hello", general, { mention: [APP_ID] });
    const target: Target = { kind: "channel", channelId: guildId("channel", "general") };
    const reactions = () => world.emulator.world.messages(general).find(({ id }) => id === message)?.reactions;
    await bot.line.react?.(target, message, "👍", true);
    expect(reactions()).toEqual([{ type: 2, id: "128077", from: APP_ID }]);
    await bot.line.react?.(target, message, "👍", true);
    await bot.line.react?.(target, message, "👍", false);
    await bot.line.react?.(target, message, "👍", false);
    expect(reactions()).toBeUndefined();
    expect(world.emulator.refusals()).toHaveLength(2);
  });
}
