// What every transport must do with the scenes beside direct messages and groups, and with events that are no messages.
import { expect, test } from "vitest";
import type { ChatRef } from "../../emulator/control.ts";
import { openBot } from "./bot.ts";
import type { RoadKind } from "./roads.ts";
import { APP_ID, group, openWorld } from "./world.ts";

const general: ChatRef = { kind: "channel", channel: "general" };
const guildDm: ChatRef = { kind: "guild-dm", person: "lin", guild: "guild", bot: APP_ID };
const mention = { mention: [APP_ID] };

/** What a private-domain bot asks for on top. */
const everything = ["GROUP_AND_C2C_EVENT", "PUBLIC_GUILD_MESSAGES", "GUILD_MESSAGES"] as const;

export function scenesContract(kind: RoadKind): void {
  if (kind.has.guilds) guildScenes(kind);
  else personalScenes(kind);
}

function guildScenes({ open }: RoadKind): void {
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

function personalScenes({ open, plant }: RoadKind): void {
  test("C4 C6: in a group everything is stored, and what is for the account is answered", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    await world.say("to nobody", group("one"));
    await world.say("to all", group("one"), { mention: ["all"] });
    await world.say("to the account", group("one"), { mention: [world.self] });
    await world.until("the answer", () => world.answers(group("one")).length === 1 && bot.unanswered() === 0);
    expect(bot.rows()).toBe(3);
    expect(world.answers(group("one")).map(({ text }) => text)).toEqual(["re: to the account"]);
  });

  test("C4 C6: a temporary session through a group is answered there, and not in the group", async () => {
    const world = await openWorld({ plant, account: { friends: ["lin"] } });
    const bot = await openBot(world, open);
    await world.say("psst", world.dm("ming"), { via: "one" });
    await world.hurry("the answer", () => world.answers(world.dm("ming")).length === 1 && bot.unanswered() === 0);
    expect(world.answers(world.dm("ming")).map(({ text }) => text)).toEqual(["re: psst"]);
    expect(world.answers(group("one"))).toEqual([]);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("C4: what happens to chats is stored, and anything else is counted by name; neither is answered", async () => {
    const world = await openWorld({ plant, account: { friends: ["lin"] } });
    const bot = await openBot(world, open);
    const { control } = world.emulator;
    await control.call("friend", { person: "ming", bot: world.self, friends: true });
    await control.call("ban", { group: "one", who: world.self, seconds: 60 });
    await control.call("kick", { group: "two", bot: world.self, person: "lin" });
    await control.call("request", { account: world.self, person: "alice", kind: "friend" });
    const taken = await world.say("oops", group("one"));
    await world.until("four events and the message", () => bot.rows() === 5);
    await control.call("unsay", { chat: group("one"), message: taken });
    await world.until("the end of all six", () => bot.rows() === 6 && bot.unanswered() === 0);
    await control.call("typing", { person: "lin", bot: world.self, typing: true });
    await world.until("one ignored event", () => bot.dropped.length === 1);
    expect(bot.dropped[0]).toMatch(/input_status/);
    expect(bot.rows()).toBe(6);
    expect([...world.answers(), ...world.answers(group("one"))]).toEqual([]);
  });
}
