import { afterEach, expect, test } from "vitest";
import type { ChatRef } from "../../emulator/control.ts";
import { guildId } from "../../emulator/ids.ts";
import { button, rowsOf } from "./button-stage.ts";
import { general, linDm, openGuildWorld, outcome, PUBLIC, type GuildWorld } from "./guild-world.ts";
import { APP_ID, identify, type RawFrame, type RawGateway } from "./raw-bot.ts";

const INTERACTION = 1 << 26;

let world: GuildWorld;
let gateway: RawGateway;
const open = async (): Promise<void> => {
  world = await openGuildWorld();
  gateway = await world.raw.online(PUBLIC | INTERACTION);
};
afterEach(() => world.emulator.close());

/** Presses the button "ok" under the bot's last message, acknowledges it and answers the event. */
const click = async (chat: ChatRef): Promise<RawFrame> => {
  const message = world.fromBots(chat).at(-1)?.id ?? "";
  const pressed = world.emulator.control.call("press", { person: "lin", chat, message, button: "ok" });
  const frame = await gateway.next();
  await world.raw.call("PUT", `/interactions/${String(frame.d["id"])}`, { code: 0 });
  expect(await pressed).toEqual({ result: "0" });
  expect(world.fromBots(chat).at(-1)?.buttons).toMatchObject([[{ label: "已批准", pressed: true }]]);
  return frame;
};

const openShard = async (index: number, total: number): Promise<RawGateway> => {
  const session = await world.raw.connect();
  await session.next();
  session.send(identify(world.raw.token, PUBLIC | INTERACTION, [index, total]));
  await session.next();
  return session;
};

test("a click in a channel names the person, the message and the place", async () => {
  await open();
  const msg_id = await world.say();
  await gateway.next();
  const sent = await world.send({ content: "请批准", keyboard: rowsOf([button()]), msg_id });
  expect(outcome(sent)).toBe("ok");
  expect((await click(general)).d).toMatchObject({
    type: 11,
    scene: "guild",
    chat_type: 0,
    guild_id: guildId("guild", "test-guild"),
    channel_id: guildId("channel", "general"),
    data: {
      type: 11,
      resolved: {
        button_data: "approve:42",
        button_id: "ok",
        user_id: guildId("user", "lin"),
        message_id: sent.body.id,
      },
    },
    application_id: APP_ID,
  });
});

test("a click in a guild DM names the person", async () => {
  await open();
  const path = await world.openDm();
  const sent = await world.raw.call("POST", path, { content: "请批准", keyboard: rowsOf([button()]) });
  expect(outcome(sent)).toBe("ok");
  expect((await click(linDm)).d).toMatchObject({
    scene: "guild",
    data: { resolved: { user_id: guildId("user", "lin") } },
  });
});

test("a click in a guild comes on the guild's shard", async () => {
  await open();
  const total = 3;
  const shard = Number((BigInt(guildId("guild", "test-guild")) >> 22n) % BigInt(total));
  expect(shard).not.toBe(0);
  await world.send({ content: "请批准", keyboard: rowsOf([button()]), msg_id: await world.say() });
  const first = await openShard(0, total);
  gateway = await openShard(shard, total);
  expect((await click(general)).t).toBe("INTERACTION_CREATE");
  expect(first.waiting()).toEqual([]);
});

test("everybody in a guild has a role, and its first person owns it", async () => {
  await open();
  const permissions = [{ type: 3, specify_role_ids: ["11"] }, { type: 1 }, { type: 3, specify_role_ids: ["4"] }];
  const buttons = permissions.map((permission, at) => button({ id: `b${at}`, action: { type: 2, permission } }));
  await world.send({ content: "请批准", keyboard: rowsOf(buttons), msg_id: await world.say() });
  const message = world.fromBots().at(-1)?.id ?? "";
  const results = async (person: string): Promise<string[]> => {
    const all = permissions.map((_, at) =>
      world.emulator.control.call("press", { person, chat: general, message, button: `b${at}` }),
    );
    return (await Promise.all(all)).map(({ result }) => result);
  };
  expect(await results("lin")).toEqual(["typed", "typed", "not permitted"]);
  expect(await results("ming")).toEqual(["typed", "not permitted", "not permitted"]);
});

test.each([
  ["a template", { id: "1070001" }, 304038],
  ["no rows", { content: { rows: [] } }, 304039],
  ["six buttons in a row", rowsOf(Array.from({ length: 6 }, (_, at) => button({ id: `b${at}` }))), 304040],
])("a keyboard with %s is refused by another code than in C2C", async (_, keyboard, code) => {
  await open();
  expect(outcome(await world.send({ content: "请批准", keyboard, msg_id: await world.say() }))).toBe(code);
  expect(world.fromBots()).toEqual([]);
});
