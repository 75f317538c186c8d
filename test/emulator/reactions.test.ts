import { afterEach, beforeEach, expect, test } from "vitest";
import { createManualClock, type MovableClock } from "../../emulator/clock.ts";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import { guildId } from "../../emulator/ids.ts";
import { defaultSeed, type BotSeed } from "../../emulator/seed.ts";
import { APP_ID, rawBot, type Answer, type RawBot } from "./raw-bot.ts";

const channel = { kind: "channel", channel: "general" } as const;
const more: BotSeed[] = Array.from({ length: 3 }, (_, at) => ({
  appId: `10200001${at}`,
  secret: `secret-${at}`,
  name: `机器人${at}`,
}));
const outsider = { appId: "102000099", secret: "outside", name: "外人" };
const inside = [APP_ID, ...more.map(({ appId }) => appId)];

let emulator: Emulator;
let clock: MovableClock;
let raw: RawBot;
let message: string;
beforeEach(async () => {
  clock = createManualClock();
  const seed = {
    ...defaultSeed,
    bots: [...defaultSeed.bots, ...more, outsider],
    channels: defaultSeed.channels.map((place) => ({ ...place, bots: inside })),
  };
  emulator = await createEmulator({ clock, seed });
  raw = await rawBot(emulator);
  message = (await emulator.control.call("say", { person: "lin", chat: channel, text: "周六见" })).id;
});
afterEach(() => emulator.close());

const outcome = ({ status, body }: Answer): number => (status < 300 ? status : Number(body.err_code));
const pathOf = (type: number | string = 2, id = "128077", of = message): string =>
  `/channels/${guildId("channel", "general")}/messages/${of}/reactions/${type}/${id}`;
const put = async (path = pathOf(), bot = raw): Promise<number> => {
  clock.advance(1000);
  return outcome(await bot.call("PUT", path));
};
const shown = (): unknown => emulator.world.messages(channel)[0]?.reactions;

test("a bot reacts to a message and takes it back", async () => {
  const answer = await raw.call("PUT", pathOf());
  expect(answer).toMatchObject({ status: 204, text: "" });
  expect(shown()).toEqual([{ type: 2, id: "128077", from: APP_ID }]);
  expect(await put(pathOf(1, "4"))).toBe(204);
  expect(shown()).toHaveLength(2);
  expect(await raw.call("DELETE", pathOf())).toMatchObject({ status: 204, text: "" });
  expect(shown()).toEqual([{ type: 1, id: "4", from: APP_ID }]);
  expect(outcome(await raw.call("DELETE", pathOf(1, "4")))).toBe(204);
  expect(shown()).toBeUndefined();
});

test("GET pages through those who have reacted", async () => {
  const bots = await Promise.all(more.map((seed) => rawBot(emulator, seed)));
  for (const bot of [raw, ...bots]) expect(await put(pathOf(), bot)).toBe(204);
  await put(pathOf(1, "4"));
  const all = await raw.call("GET", pathOf());
  expect(all.body).toMatchObject({ cookie: "", is_end: true });
  const users = all.body["users"] as { id: string; username: string }[];
  expect(users.map(({ username }) => username)).toEqual(["小助手", "机器人0", "机器人1", "机器人2"]);
  expect(users[0]).toEqual({ id: guildId("bot", APP_ID), username: "小助手", avatar: "" });
  const page = await raw.call("GET", `${pathOf()}?limit=3`);
  expect(page.body).toMatchObject({ users: users.slice(0, 3), is_end: false, cookie: expect.stringMatching(/./) });
  const rest = await raw.call("GET", `${pathOf()}?limit=3&cookie=${String(page.body["cookie"])}`);
  expect(rest.body).toEqual({ users: users.slice(3), cookie: "", is_end: true });
  expect((await raw.call("GET", pathOf(2, "9"))).body).toEqual({ users: [], cookie: "", is_end: true });
});

test.each([
  ["limit=0", 620001],
  ["limit=51", 620001],
  ["limit=many", 620001],
  ["cookie=nonsense", 620001],
])("GET with %s is refused", async (query, code) => {
  expect(outcome(await raw.call("GET", `${pathOf()}?${query}`))).toBe(code);
});

test("an unknown kind, id or message is refused", async () => {
  expect(await put(pathOf(3))).toBe(620001);
  expect(await put(pathOf("face"))).toBe(620001);
  expect(await put(pathOf(2, "thumb"))).toBe(620001);
  expect(await put(pathOf(2, "128077", "08unknown"))).toBe(620001);
  expect(await put(pathOf().replace(guildId("channel", "general"), "1"))).toBe(11255);
  expect(shown()).toBeUndefined();
});

test("the same reaction is set once, and taken back once", async () => {
  expect(outcome(await raw.call("DELETE", pathOf()))).toBe(620004);
  expect(await put()).toBe(204);
  expect(await put()).toBe(620003);
  const [other] = more;
  const another = await rawBot(emulator, other);
  expect(outcome(await another.call("DELETE", pathOf()))).toBe(620004);
  expect(await put(pathOf(), another)).toBe(204);
  expect(shown()).toHaveLength(2);
});

test("a message takes 20 kinds of reaction", async () => {
  for (let id = 1; id <= 20; id += 1) expect(await put(pathOf(1, String(id)))).toBe(204);
  expect(await put(pathOf(1, "21"))).toBe(620002);
  const another = await rawBot(emulator, more[0]);
  expect(await put(pathOf(1, "21"), another)).toBe(620002);
  expect(await put(pathOf(1, "20"), another)).toBe(204);
});

test("a bot that is not in the channel may not react", async () => {
  expect(await put(pathOf(), await rawBot(emulator, outsider))).toBe(620005);
});

test("a bot sets and takes back five a second", async () => {
  for (let id = 1; id <= 5; id += 1) expect(outcome(await raw.call("PUT", pathOf(1, String(id))))).toBe(204);
  expect(outcome(await raw.call("PUT", pathOf(1, "6")))).toBe(620006);
  expect(outcome(await raw.call("DELETE", pathOf(1, "5")))).toBe(620006);
  clock.advance(1000);
  expect(outcome(await raw.call("DELETE", pathOf(1, "5")))).toBe(204);
});

test("a message that was taken back takes none", async () => {
  await emulator.control.call("unsay", { chat: channel, message });
  expect(await put()).toBe(620007);
});
