// What every transport must do with the scenes beside direct messages and groups, and with events that are no messages.
import { expect, test } from "vitest";
import type { ChatRef } from "../../emulator/control.ts";
import { openBot } from "./bot.ts";
import type { OpenRoad } from "./roads.ts";
import { APP_ID, group, openWorld } from "./world.ts";

const general: ChatRef = { kind: "channel", channel: "general" };
const guildDm: ChatRef = { kind: "guild-dm", person: "lin", guild: "guild", bot: APP_ID };
const mention = { mention: [APP_ID] };

/** What a private-domain bot asks for on top. */
const everything = ["GROUP_AND_C2C_EVENT", "PUBLIC_GUILD_MESSAGES", "GUILD_MESSAGES"] as const;

export function scenesContract(open: OpenRoad): void {
  test("C3 C6: a person writes in a guild channel and in a guild DM, and the bot answers there", async () => {
    const world = await openWorld();
    await openBot(world, open);
    const asked = await world.say("1 < 2 && &lt;b>?", general, mention);
    const direct = await world.say("psst", guildDm);
    await world.until("both answers", () => world.answers(general).length + world.answers(guildDm).length === 2);
    expect(world.answers(general)).toMatchObject([{ text: "re: 1 < 2 && &lt;b>?", repliesTo: asked }]);
    expect(world.answers(guildDm)).toMatchObject([{ text: "re: psst", repliesTo: direct }]);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("C3: a private-domain bot hears everything in its channels, and knows what is for it", async () => {
    const world = await openWorld({ bot: { private: true } });
    const bot = await openBot(world, open, { gateway: { intents: everything } });
    await world.say("to nobody", general);
    await world.say("to the bot", general, mention);
    await world.until("the answer", () => world.answers(general).length === 1 && bot.unanswered() === 0);
    expect(bot.rows()).toBe(2);
    expect(world.answers(general).map(({ text }) => text)).toEqual(["re: to the bot"]);
  });

  test("C3 G2: a mention that comes under both names of its event is one row and one answer", async () => {
    const world = await openWorld({ emulator: { tune: { bothGroupEvents: true } } });
    const bot = await openBot(world, open);
    await world.emulator.control.call("groupMode", { group: "one", mode: "all" });
    await world.say("once", group("one"), mention);
    await world.until("both events", () => world.wire(/GROUP_(AT_)?MESSAGE_CREATE/).length >= 2);
    await world.until("the answer", () => world.answers(group("one")).length === 1 && bot.unanswered() === 0);
    expect(bot.rows()).toBe(1);
    expect(world.answers(group("one"))).toHaveLength(1);
  });

  test("C3: what happens to chats is stored, and anything else is counted by name; neither is answered", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    const { control } = world.emulator;
    await control.call("friend", { person: "lin", bot: APP_ID, friends: false });
    await control.call("friend", { person: "lin", bot: APP_ID, friends: true });
    await control.call("kick", { group: "two", bot: APP_ID, person: "lin" });
    const taken = await world.say("oops", general, mention);
    await world.until("three events and the message", () => bot.rows() === 4);
    await control.call("unsay", { chat: general, message: taken });
    await world.until("one ignored event", () => bot.dropped.length === 1);
    expect(bot.dropped).toEqual(["event PUBLIC_MESSAGE_DELETE"]);
    await world.until("the end of all four", () => bot.unanswered() === 0);
    expect(bot.rows()).toBe(4);
    expect(world.answers()).toEqual([]);
  });
}
