import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "../../emulator/control.ts";
import { guildSeed, openGuildWorld, outcome, SECOND, type GuildWorld } from "./guild-world.ts";
import { APP_ID, rawBot, type Answer } from "./raw-bot.ts";

const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;

let world: GuildWorld;
afterEach(() => world.emulator.close());
const open = async (...options: Parameters<typeof openGuildWorld>): Promise<void> => {
  world = await openGuildWorld(...options);
};
const begin = (fault: Fault): Promise<object> => world.emulator.control.call("fault", fault);
const toDm = (body: unknown): Promise<Answer> => world.raw.call("POST", world.raw.paths.dm("lin"), body);
const sayDm = (text: string): Promise<string> => world.say(dm, text, []);
const contents = async (): Promise<unknown[]> => (await world.frames()).map(({ d }) => d["content"]);

describe("blackhole", () => {
  test("sends are answered as ever, but nobody sees them and nothing is booked", async () => {
    await open();
    const msg_id = await sayDm("在吗");
    await begin({ do: "blackhole", bot: APP_ID, ms: 60 * SECOND });
    const lost = await toDm({ content: "在", msg_id });
    expect(lost.body).toEqual({
      id: expect.stringMatching(/^ROBOT1\.0_/),
      timestamp: expect.any(String),
      ext_info: { ref_idx: expect.stringMatching(/^REFIDX_/) },
    });
    const inGuild = await world.send({ content: "在" });
    expect(inGuild.body).toMatchObject({ id: expect.stringMatching(/^08/), content: "在", seq: 1 });
    expect([...world.fromBots(dm), ...world.fromBots()]).toEqual([]);
    await world.advance(60 * SECOND);
    expect(outcome(await toDm({ content: "在", msg_id }))).toBe("ok");
    expect(world.fromBots(dm)).toMatchObject([{ text: "在" }]);
  });

  test("what is refused anyway is refused still", async () => {
    await open();
    await begin({ do: "blackhole", ms: SECOND });
    expect(outcome(await toDm({ content: "x", msg_id: "none" }))).toBe(40034024);
    expect(outcome(await world.send({ content: "x", msg_id: "none" }))).toBe(304026);
  });

  test("befalls one bot, and ends with a reset", async () => {
    const second = { appId: "102000002", secret: "AnotherSecret", name: "小帮手" };
    await open({}, { seed: { ...guildSeed, bots: [...guildSeed.bots, second] } });
    await begin({ do: "blackhole", bot: APP_ID, ms: SECOND });
    const other = await rawBot(world.emulator, second);
    await other.call("POST", other.paths.dm("lin"), { content: "在" });
    expect(world.fromBots({ ...dm, bot: second.appId })).toHaveLength(1);
    await world.emulator.control.call("reset", {});
    await toDm({ content: "在" });
    expect(world.fromBots(dm)).toHaveLength(1);
  });
});

describe("delay-dispatch", () => {
  test("holds what happens, then brings it in order, with what comes meanwhile last", async () => {
    await open();
    await begin({ do: "delay-dispatch", ms: 90 * SECOND });
    for (const text of ["一", "二"]) await sayDm(text);
    await world.advance(89 * SECOND);
    await sayDm("三");
    expect(await contents()).toEqual([]);
    await world.advance(SECOND);
    await sayDm("四");
    expect(await contents()).toEqual(["一", "二", "三", "四"]);
  });

  test("goes through a new session, and lets replies grow old meanwhile", async () => {
    await open();
    await begin({ do: "delay-dispatch", bot: APP_ID, ms: 2 * 3600 * SECOND });
    const msg_id = await sayDm("一");
    const again = await world.raw.online();
    world.gateway.terminate();
    await world.emulator.waitForSessions(APP_ID, 1);
    await world.advance(2 * 3600 * SECOND);
    expect((await world.frames(again)).map(({ d }) => d["content"])).toEqual(["一"]);
    expect(outcome(await toDm({ content: "x", msg_id }))).toBe(40034128);
  });

  test("holds nothing for a bot that is nowhere, and forgets with a reset", async () => {
    await open();
    await begin({ do: "delay-dispatch", ms: SECOND });
    await sayDm("一");
    await world.emulator.control.call("reset", {});
    await world.advance(SECOND);
    await sayDm("二");
    expect(await contents()).toEqual(["二"]);
    world.gateway.terminate();
    await world.emulator.waitForSessions(APP_ID, 0);
    await world.advance(600 * SECOND);
    await begin({ do: "delay-dispatch", ms: SECOND });
    await sayDm("三");
    expect(world.emulator.world.messages(dm).at(-1)).toMatchObject({ from: { kind: "system" } });
  });
});

test("a fault that goes on needs a time", async () => {
  await open();
  await expect(begin({ do: "blackhole", ms: 0 })).rejects.toThrow("ms above 0");
  await expect(begin({ do: "delay-dispatch", bot: "1", ms: 5 })).rejects.toThrow("no bot");
});
