import { afterEach, describe, expect, test } from "vitest";
import { guildId } from "../../emulator/ids.ts";
import { png } from "./files.ts";
import {
  DAY,
  general,
  guildSeed,
  linDm,
  MINUTE,
  openGuildWorld,
  outcome,
  SECOND,
  type GuildWorld,
} from "./guild-world.ts";
import { APP_ID, rawBot, type Answer } from "./raw-bot.ts";

let world: GuildWorld;
afterEach(() => world.emulator.close());
const open = async (...options: Parameters<typeof openGuildWorld>): Promise<void> => {
  world = await openGuildWorld(...options);
};

const openDm = (body: unknown): Promise<Answer> => world.raw.call("POST", "/users/@me/dms", body);
const post = (path: string, body: unknown): Promise<Answer> => world.raw.call("POST", path, body);
const lin = guildId("user", "lin");
const guild = guildId("guild", "test-guild");

describe("opening a guild DM", () => {
  test("answers the same ids every time, and others for others", async () => {
    await open();
    const [one, two] = [
      await openDm({ recipient_id: lin, source_guild_id: guild }),
      await openDm({ recipient_id: lin, source_guild_id: guild }),
    ];
    expect(one.body).toEqual({
      guild_id: expect.stringMatching(/^\d+$/),
      channel_id: expect.stringMatching(/^\d+$/),
      create_time: "1795138200",
    });
    expect(two.body).toEqual(one.body);
    const other = await openDm({ recipient_id: guildId("user", "ming"), source_guild_id: guild });
    expect(other.body["guild_id"]).not.toBe(one.body["guild_id"]);
  });

  test.each<readonly [string, unknown, number]>([
    ["nobody", { source_guild_id: guild }, 50035],
    ["no guild", { recipient_id: lin }, 50035],
    ["a guild that the bot is not in", { recipient_id: lin, source_guild_id: guildId("guild", "other-guild") }, 11255],
    ["a guild that is not there", { recipient_id: lin, source_guild_id: "1" }, 11255],
    ["who is not there", { recipient_id: "1", source_guild_id: guild }, 304034],
    ["who is not in the guild", { recipient_id: guildId("user", "bob"), source_guild_id: guild }, 304034],
  ])("with %s is refused", async (_, body, code) => {
    await open({}, { seed: { ...guildSeed, people: [...guildSeed.people, { id: "bob", name: "Bob" }] } });
    expect(outcome(await openDm(body))).toBe(code);
  });
});

describe("writing in a guild DM", () => {
  test("a person's message opens it, and the bot answers there", async () => {
    await open();
    const id = await world.say(linDm, "1 < 2", []);
    const [event] = await world.frames();
    expect(event).toMatchObject({
      t: "DIRECT_MESSAGE_CREATE",
      d: {
        id,
        content: "1 &lt; 2",
        direct_message: true,
        src_guild_id: guild,
        author: { id: lin, username: "小林", bot: false },
        seq_in_channel: "1",
      },
    });
    const { guild_id, channel_id } = event?.d ?? {};
    const answer = await post(`/dms/${String(guild_id)}/messages`, { content: "对", msg_id: id });
    expect(answer.body).toMatchObject({
      guild_id,
      channel_id,
      direct_message: true,
      src_guild_id: guild,
      content: "对",
    });
    expect(await world.emulator.waitForReply({ chat: linDm, after: id })).toMatchObject({ text: "对", repliesTo: id });
    expect((await openDm({ recipient_id: lin, source_guild_id: guild })).body).toMatchObject({ guild_id, channel_id });
  });

  test("takes a form with a picture", async () => {
    await open();
    const form = new FormData();
    form.set("file_image", new Blob([png]), "a.png");
    expect(outcome(await post(await world.openDm(), form))).toBe("ok");
    expect(world.fromBots(linDm)).toMatchObject([{ text: "", media: { kind: "image", size: png.length } }]);
  });

  test("is refused where nobody has opened it, and to a bot whose DM it is not", async () => {
    const second = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
    await open({}, { seed: { ...guildSeed, bots: [...guildSeed.bots, second] } });
    const path = await world.openDm();
    const other = await rawBot(world.emulator, second);
    expect(outcome(await post("/dms/1/messages", { content: "x" }))).toBe(304032);
    expect(outcome(await other.call("POST", path, { content: "x" }))).toBe(304032);
    expect(outcome(await other.call("DELETE", `${path}/08`))).toBe(304032);
  });

  test("is refused once the person has closed it, until it is open again", async () => {
    await open();
    const path = await world.openDm();
    const allow = (allowed: boolean): Promise<object> =>
      world.emulator.control.call("proactive", { chat: linDm, allowed });
    await allow(false);
    expect(outcome(await post(path, { content: "x" }))).toBe(304031);
    await allow(true);
    expect(outcome(await post(path, { content: "x" }))).toBe("ok");
  });

  test("takes the id of a message of this DM for five minutes", async () => {
    await open();
    const path = await world.openDm();
    const id = await world.say(linDm, "在吗", []);
    const elsewhere = await world.say(general);
    expect(outcome(await post(path, { content: "x", msg_id: elsewhere }))).toBe(304026);
    for (let n = 0; n < 7; n += 1) expect(outcome(await post(path, { content: "x", msg_id: id }))).toBe("ok");
    await world.advance(5 * MINUTE + SECOND);
    expect(outcome(await post(path, { content: "x", msg_id: id }))).toBe(304027);
  });

  test("takes two proactive messages a day for each person", async () => {
    await open();
    const path = await world.openDm();
    const id = await world.say(linDm, "在吗", []);
    const push = async (): Promise<number | "ok"> => outcome(await post(path, { content: "提醒" }));
    expect([await push(), await push(), await push()]).toEqual(["ok", "ok", 304049]);
    expect(outcome(await post(await world.openDm("ming"), { content: "提醒" }))).toBe("ok");
    expect(outcome(await post(path, { content: "回复", msg_id: id }))).toBe("ok");
    await world.advance(DAY);
    expect(await push()).toBe("ok");
  });

  test("takes two hundred of them a day from a bot", async () => {
    const people = Array.from({ length: 101 }, (_, n) => ({ id: `p${n}`, name: `第 ${n} 位` }));
    const channels = guildSeed.channels.map((channel) => ({ ...channel, members: people.map(({ id }) => id) }));
    await open({}, { seed: { ...guildSeed, people, groups: [], channels } });
    const outcomes: (number | "ok")[] = [];
    for (const { id } of people) {
      const path = await world.openDm(id);
      for (let n = 0; n < 2; n += 1) outcomes.push(outcome(await post(path, { content: "提醒" })));
    }
    expect(outcomes.slice(0, 200).every((each) => each === "ok")).toBe(true);
    expect(outcomes.slice(200)).toEqual([304050, 304050]);
  });

  test("needs a session", async () => {
    await open();
    const path = await world.openDm();
    world.gateway.terminate();
    await world.emulator.waitForSessions(APP_ID, 0);
    expect(outcome(await post(path, { content: "x" }))).toBe(304018);
  });

  test("a bot without a session lets the platform answer", async () => {
    await open();
    world.gateway.terminate();
    await world.emulator.waitForSessions(APP_ID, 0);
    await world.advance(10 * MINUTE);
    await world.say(linDm, "在吗", []);
    expect(world.emulator.world.messages(linDm).at(-1)).toMatchObject({
      from: { kind: "system" },
      text: "该机器人未连接服务",
    });
  });
});

describe("taking back in a guild DM", () => {
  test("a person does: the bot is told", async () => {
    await open();
    const message = await world.say(linDm, "说错了", []);
    await world.emulator.control.call("unsay", { chat: linDm, message });
    const [said, gone] = await world.frames();
    expect(gone).toMatchObject({
      t: "DIRECT_MESSAGE_DELETE",
      d: { message: { id: message, guild_id: said?.d["guild_id"], direct_message: true }, op_user: { id: lin } },
    });
  });

  test("a private-domain bot can, another cannot", async () => {
    await open({ private: true });
    const path = await world.openDm();
    const { id } = (await post(path, { content: "说错了" })).body;
    expect(await world.raw.call("DELETE", `${path}/${String(id)}?hidetip=false`)).toMatchObject({
      status: 200,
      body: {},
    });
    expect(world.fromBots(linDm)).toMatchObject([{ recalled: true }]);
    await world.emulator.close();

    await open();
    const other = (await post(await world.openDm(), { content: "说错了" })).body.id;
    expect(outcome(await world.raw.call("DELETE", `${path}/${String(other)}`))).toBe(11253);
  });
});

const say = (person: string, chat: object): Promise<object> =>
  world.emulator.control.call("say", { person, chat: { ...linDm, ...chat }, text: "x" });

test("who is not in the guild cannot write a DM there, and nobody writes in another's", async () => {
  await open();
  await expect(say("ming", {})).rejects.toThrow("guild DM of");
  await expect(say("lin", { guild: "none" })).rejects.toThrow("not in guild");
  await expect(say("lin", { guild: "other-guild" })).rejects.toThrow("bot");
  await expect(say("lin", { bot: "1" })).rejects.toThrow("no bot");
});
