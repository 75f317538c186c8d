import { afterEach, describe, expect, test } from "vitest";
import { openid } from "../../emulator/ids.ts";
import type { EmulatorOptions } from "../../emulator/emulator.ts";
import type { GroupMode } from "../../emulator/control.ts";
import { guildSeed, openGuildWorld, outcome, type GuildWorld } from "./guild-world.ts";
import { APP_ID, GROUP_AND_C2C, rawBot, type Answer } from "./raw-bot.ts";

const group = { kind: "group", group: "test-group" } as const;
const second = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
const seed = {
  ...guildSeed,
  bots: [...guildSeed.bots, second],
  groups: guildSeed.groups.map((each) => ({ ...each, bots: [APP_ID, second.appId] })),
};

let world: GuildWorld;
afterEach(() => world.emulator.close());
const open = async (mode: GroupMode, tune: EmulatorOptions["tune"] = {}): Promise<void> => {
  world = await openGuildWorld({}, { seed, tune });
  await world.emulator.control.call("groupMode", { group: "test-group", mode });
};
const names = async (): Promise<unknown[]> => (await world.frames()).map(({ t, d }) => [t, d["id"]]);
const toGroup = (body: unknown): Promise<Answer> => world.raw.call("POST", world.raw.paths.group("test-group"), body);

describe("what a group shows its bots", () => {
  test.each(["only_mention", "mention_and_context"] as const)(
    "%s: mentions, under the name of mentions",
    async (mode) => {
      await open(mode);
      await world.say(group, "不是对你说的", []);
      const id = await world.say(group, "在吗");
      expect(await names()).toEqual([["GROUP_AT_MESSAGE_CREATE", id]]);
    },
  );

  test("all: everything, under the other name", async () => {
    await open("all");
    const ids = [await world.say(group, "大家好", []), await world.say(group, "在吗")];
    expect(await names()).toEqual(ids.map((id) => ["GROUP_MESSAGE_CREATE", id]));
  });

  test.each(["only_mention", "all"] as const)("%s, both names: a mention comes twice with one id", async (mode) => {
    await open(mode, { bothGroupEvents: true });
    const id = await world.say(group, "在吗");
    expect(await names()).toEqual([
      ["GROUP_AT_MESSAGE_CREATE", id],
      ["GROUP_MESSAGE_CREATE", id],
    ]);
    expect(outcome(await toGroup({ content: "在", msg_id: id }))).toBe("ok");
  });

  test.each(["only_mention", "mention_and_context", "all"] as const)("a bot can read that it is %s", async (mode) => {
    await open(mode);
    const path = `/v2/groups/${openid(APP_ID, "group", "test-group")}/bot_state`;
    expect((await world.raw.call("GET", path)).body).toEqual({ recv_msg_setting: mode });
  });

  test("a bot cannot read it of a group that it has left, or of none", async () => {
    await open("all");
    await world.emulator.control.call("kick", { group: "test-group", bot: APP_ID, person: "lin" });
    const read = (id: string): Promise<Answer> => world.raw.call("GET", `/v2/groups/${id}/bot_state`);
    expect(outcome(await read(openid(APP_ID, "group", "test-group")))).toBe(40034101);
    expect(outcome(await read("0".repeat(32)))).toBe(11255);
  });
});

const online = async () => (await rawBot(world.emulator, second)).online(GROUP_AND_C2C);

describe("messages of bots", () => {
  test("reach the other bots of a group that shows everything, and cannot be replied to", async () => {
    await open("all");
    const other = await online();
    const { id } = (await toGroup({ content: "大家好" })).body;
    const [frame, ...more] = await world.frames(other);
    expect(more).toEqual([]);
    expect(frame).toMatchObject({
      t: "GROUP_MESSAGE_CREATE",
      d: {
        id,
        content: "大家好",
        author: { member_openid: openid(second.appId, "member", APP_ID), bot: true, username: "小助手" },
      },
    });
    expect(await world.frames()).toEqual([]);
    const helper = await rawBot(world.emulator, second);
    const answer = await helper.call("POST", helper.paths.group("test-group"), { content: "x", msg_id: id });
    expect(outcome(answer)).toBe(40034024);
  });

  test("come back to the bot itself where the rules say so", async () => {
    await open("all", { ownEcho: true });
    const { id } = (await toGroup({ content: "大家好" })).body;
    const [frame] = await world.frames();
    expect(frame).toMatchObject({ d: { id, author: { member_openid: openid(APP_ID, "member", APP_ID), bot: true } } });
  });

  test("stay unheard in the other modes", async () => {
    await open("only_mention", { ownEcho: true });
    const other = await online();
    await toGroup({ content: "大家好" });
    expect([await world.frames(), await world.frames(other)]).toEqual([[], []]);
  });
});

const change = (person: string, joined: boolean): Promise<object> =>
  world.emulator.control.call("member", { group: "test-group", person, joined });

describe("members", () => {
  test("come and go: the bots with the intent are told, and who has left cannot speak", async () => {
    await open("only_mention");
    const watching = await world.raw.online((1 << 24) | GROUP_AND_C2C);
    await change("ming", false);
    await expect(world.emulator.control.call("say", { person: "ming", chat: group, text: "x" })).rejects.toThrow(
      "ming",
    );
    await change("ming", true);
    const d = {
      timestamp: 1_795_138_200,
      group_openid: openid(APP_ID, "group", "test-group"),
      member_openid: openid(APP_ID, "member", "ming"),
    };
    const [removed, added, ...more] = await world.frames(watching);
    expect(more).toEqual([]);
    expect([removed, added]).toMatchObject([
      { t: "GROUP_MEMBER_REMOVE", d },
      { t: "GROUP_MEMBER_ADD", d },
    ]);
    expect(await world.frames()).toEqual([]);
    expect(world.state().groups[0]?.members).toEqual(["lin", "alice", "ming"]);
    const answer = await toGroup({ content: "欢迎", event_id: added?.id });
    expect(outcome(answer)).toBe(40034027);
  });

  test("who is there cannot come, and who is not cannot go", async () => {
    await open("only_mention");
    await expect(change("ming", true)).rejects.toThrow("already");
    await change("ming", false);
    await expect(change("ming", false)).rejects.toThrow("not in group");
    await expect(change("nobody", true)).rejects.toThrow("nobody");
  });
});
