import { afterEach, describe, expect, test } from "vitest";
import { guildId } from "../../emulator/ids.ts";
import { createEmulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { defaultSeed } from "../../emulator/seed.ts";
import { guildSeed, openGuildWorld, PUBLIC, SECOND, type GuildWorld } from "./guild-world.ts";
import { APP_ID, callHttp, identify, rawBot, resume, type RawBot, type RawGateway } from "./raw-bot.ts";

let world: GuildWorld;
afterEach(() => world.emulator.close());

const shardOf = (guild: string, shards: number): number =>
  Number((BigInt(guildId("guild", guild)) >> 22n) % BigInt(shards));
/** Guilds that fall on shard 0 and 1 of two. */
const guilds = [0, 1].map(
  (shard) => Array.from({ length: 50 }, (_, n) => `guild-${n}`).find((id) => shardOf(id, 2) === shard) ?? "",
);
const seed = {
  ...guildSeed,
  channels: guilds.map((guild, n) => ({
    id: `channel-${n}`,
    name: "综合",
    guild,
    guildName: guild,
    members: ["lin"],
    bots: [APP_ID],
  })),
};

/** A world whose first session, which has shard [0,1], is gone. */
const open = async (options: EmulatorOptions = {}): Promise<void> => {
  world = await openGuildWorld({}, { seed, ...options });
  world.gateway.send({ op: 99 });
  await world.gateway.closed;
  await world.emulator.control.call("advance", { ms: 10 * 60 * SECOND });
};
const connect = async (shard: unknown): Promise<RawGateway> => {
  const gateway = await world.raw.connect();
  await gateway.next();
  gateway.send(identify(world.raw.token, PUBLIC, shard));
  expect((await gateway.next()).t).toBe("READY");
  return gateway;
};
const contents = async (gateway: RawGateway): Promise<unknown[]> =>
  (await world.frames(gateway)).map(({ t, d }) => [t, d["channel_id"] ?? "none"]);
const sayEverywhere = async (): Promise<void> => {
  for (const channel of ["channel-0", "channel-1"]) await world.say({ kind: "channel", channel });
  await world.say({ kind: "group", group: "test-group" });
  await world.say({ kind: "dm", person: "lin", bot: APP_ID }, "嗨", []);
};

describe("shards", () => {
  test("/gateway/bot recommends what the rules say", async () => {
    await open({ tune: { shards: 3 } });
    expect((await world.raw.call("GET", "/gateway/bot")).body).toMatchObject({ shards: 3 });
  });

  test("a guild belongs to the shard of its id, everything else to shard 0", async () => {
    await open({ tune: { shards: 2 } });
    const [first, second] = [await connect([0, 2]), await connect([1, 2])];
    await sayEverywhere();
    expect(await contents(first)).toEqual([
      ["AT_MESSAGE_CREATE", guildId("channel", "channel-0")],
      ["GROUP_AT_MESSAGE_CREATE", "none"],
      ["C2C_MESSAGE_CREATE", "none"],
    ]);
    expect(await contents(second)).toEqual([["AT_MESSAGE_CREATE", guildId("channel", "channel-1")]]);
  });

  test("a shard that is not there is as if the bot were not", async () => {
    await open({ tune: { shards: 2 } });
    const second = await connect([1, 2]);
    await sayEverywhere();
    expect(await contents(second)).toEqual([["AT_MESSAGE_CREATE", guildId("channel", "channel-1")]]);
    const unheard = world.state().chats.filter(({ messages }) => messages.at(-1)?.from.kind === "system");
    expect(unheard.map(({ chat }) => chat.kind)).toEqual(["channel", "group", "dm"]);
  });

  test("two sessions of one shard both get its events", async () => {
    await open();
    const both = [await connect([0, 1]), await connect([0, 1])];
    await world.say({ kind: "dm", person: "lin", bot: APP_ID }, "嗨", []);
    for (const gateway of both) expect(await contents(gateway)).toEqual([["C2C_MESSAGE_CREATE", "none"]]);
  });

  test("a guild DM goes by the id of the DM's own guild", async () => {
    await open({ tune: { shards: 2 } });
    const sessions = [await connect([0, 2]), await connect([1, 2])];
    const dm = { kind: "guild-dm", person: "lin", guild: guilds[0] ?? "", bot: APP_ID } as const;
    await world.say(dm, "嗨", []);
    const heard = (await Promise.all(sessions.map((session) => world.frames(session)))).map(
      ([frame]) => frame?.d["guild_id"],
    );
    const wireId = heard.find((id) => id !== undefined);
    if (typeof wireId !== "string") throw new Error("nobody has heard it");
    const shard = Number((BigInt(wireId) >> 22n) % 2n);
    expect(heard[shard]).toBe(wireId);
    expect(heard[1 - shard]).toBeUndefined();
  });
});

describe("max_concurrency", () => {
  test("a second Identify within the time gets op 9 and 4903, and a later one READY", async () => {
    await open({ tune: { identifyEveryMs: 5 * SECOND } });
    await connect([0, 2]);
    const hasty = await world.raw.connect();
    await hasty.next();
    hasty.send(identify(world.raw.token, PUBLIC, [1, 2]));
    expect(await hasty.next()).toEqual({ op: 9, d: false });
    await world.advance(SECOND);
    expect((await hasty.closed).code).toBe(4903);
    await world.advance(4 * SECOND);
    await connect([1, 2]);
  });

  test("counts for each bot by itself", async () => {
    const other = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
    await open({ tune: { identifyEveryMs: 5 * SECOND }, seed: { ...seed, bots: [...seed.bots, other] } });
    await connect([0, 1]);
    expect((await (await rawBot(world.emulator, other)).online()).ready.t).toBe("READY");
  });
});

/** The code that an Identify is closed with. */
const refused = async (raw: RawBot): Promise<number> => {
  const gateway = await raw.connect();
  await gateway.next();
  gateway.send(identify(raw.token));
  return (await gateway.closed).code;
};

describe.each([
  ["banned", 4915],
  ["off-shelf", 4914],
] as const)("a bot that is %s", (state, code) => {
  test(`is closed with ${code} at Identify`, async () => {
    const bots = defaultSeed.bots.map((bot) => ({ ...bot, state }));
    const emulator = await createEmulator({ seed: { ...defaultSeed, bots } });
    expect(await refused(await rawBot(emulator))).toBe(code);
    await emulator.close();
  });

  test(`loses its session with ${code} when it becomes so, and can come back`, async () => {
    world = await openGuildWorld();
    await world.emulator.control.call("botState", { bot: APP_ID, state });
    expect((await world.gateway.closed).code).toBe(code);
    expect(world.state().bots[0]).toMatchObject({ life: state, sessions: 0 });
    expect(await refused(world.raw)).toBe(code);
    await world.emulator.control.call("botState", { bot: APP_ID, state: "live" });
    const again = await world.raw.connect();
    await again.next();
    again.send(resume(world.raw.token, world.gateway.ready.d["session_id"], 1));
    expect(await again.next()).toEqual({ op: 9, d: false });
    again.send(identify(world.raw.token));
    expect((await again.next()).t).toBe("READY");
    expect(world.state().bots[0]).not.toHaveProperty("life");
  });
});

test("a bot can be in no other state", async () => {
  world = await openGuildWorld();
  const answer = await callHttp(world.emulator, "POST", "/_emulator/botState", { bot: APP_ID, state: "asleep" });
  expect([answer.status, answer.body["error"]]).toEqual([400, 'no bot can be "asleep"']);
});
