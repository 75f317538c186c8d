// One gateway, six official bots: guild channels and guild DMs, groups that show everything, and what happens to chats.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quote } from "../../demo/model.ts";
import type { ChatRef } from "../../emulator/control.ts";
import { guildId, openid } from "../../emulator/ids.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import { bot, dm, group, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const pairing = bot(1);
const socket = bot(2);
const hook = bot(3);
const listed = bot(4);
const closed = bot(5);
const whole = bot(6, { private: true });
const bots = [pairing, socket, hook, listed, closed, whole];
const onRoads = [
  ["websocket", socket],
  ["webhook", hook],
] as const;

const credentials = ({ appId, secret }: BotSeed) => ({ appId, appSecret: secret });
const open = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open", historyLimit: 5 } as const;
const general: ChatRef = { kind: "channel", channel: "general" };
const games: ChatRef = { kind: "channel", channel: "games" };
const audited: ChatRef = { kind: "channel", channel: "audited" };
const guildDm = (person: string, { appId }: BotSeed): ChatRef => ({
  kind: "guild-dm",
  person,
  guild: "guild",
  bot: appId,
});
const mention = ({ appId }: BotSeed) => ({ mention: [appId] });

/** What the model waits for before it answers a text with "hold" in it. */
const hold = Promise.withResolvers<void>();
let world: World;

beforeAll(async () => {
  const plain = seed(bots);
  const channel = (id: string) => ({
    id,
    name: id,
    guild: "guild",
    guildName: "guild",
    members: ["lin", "ming", "alice"],
    bots: bots.map(({ appId }) => appId),
  });
  const inGroups = [socket.appId, hook.appId];
  world = await openWorld({
    seed: {
      ...plain,
      groups: plain.groups.map((each) => ({ ...each, bots: inGroups })),
      channels: ["general", "games", "audited"].map(channel),
    },
    emulator: { tune: { bothGroupEvents: true, ownEcho: true } },
    model: {
      reply: async (text) => {
        if (text.includes("hold")) await hold.promise;
        return quote(text);
      },
    },
    // With an owner there, the first approved sender does not become one, and the channel is not started again.
    config: { commands: { ownerAllowFrom: ["qq:nobody"] }, session: { dmScope: "per-channel-peer" } },
    channel: () => ({
      ...credentials(pairing),
      accounts: {
        socket: { ...credentials(socket), ...open },
        hook: { ...credentials(hook), ...open, webhookPath: WEBHOOK_PATH },
        listed: {
          ...credentials(listed),
          dmPolicy: "allowlist",
          allowFrom: [guildId("user", "lin")],
          groupAllowFrom: [guildId("user", "ming")],
          groups: { [guildId("channel", "general")]: {} },
        },
        closed: { ...credentials(closed), dmPolicy: "disabled" },
        whole: { ...credentials(whole), ...open, guildMessages: true },
      },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of [pairing, socket, listed, closed, whole]) {
    await world.emulator.waitForSessions(appId, 1, 30_000);
  }
  await openCallbacks(world, hook);
});

afterAll(async () => {
  hold.resolve();
  await world?.close();
});

/** Resolves once the log has one more line with this text than it has now. */
function nextLine(text: string): Promise<void> {
  const count = (): number => world.gateway.log().split(text).length;
  const before = count();
  return world.until(`the log to say "${text}"`, () => count() > before);
}

/** Calls of the model whose last text holds `text`. */
const asked = (text: string) => world.model.requests.filter((request) => request.text.includes(text));

/** Calls to the platform that sent something to a chat, by a piece of its address. */
const sends = (id: string) =>
  world.emulator.wire().filter(({ title }) => title.startsWith("POST /") && title.includes(id));

/** Sends outside of a turn, by the real CLI. */
const send = async (target: string, text: string) =>
  world.gateway.cli([
    "message",
    "send",
    "--channel",
    "qq",
    "--account",
    "socket",
    "--target",
    target,
    "--message",
    text,
  ]);

describe("guild channels", () => {
  test.each(onRoads)("C3 C6 E1 E3: a mention is answered there, as it was written (%s)", async (road, account) => {
    const answer = await world.ask("lin", general, `is 1 < 2 && 3 > 2? (${road})`, mention(account));
    expect(answer.text).toContain(`is 1 < 2 && 3 > 2? (${road})`);
    expect(answer.from.id).toBe(account.appId);
    const [request] = asked(`(${road})`);
    expect(JSON.stringify(request?.messages)).toContain(`lin (${guildId("user", "lin").slice(-8)})`);
  });

  test("E1: a channel is a session of its own, by its id", async () => {
    const sessions = await world.gateway.cli(["sessions", "--json"]);
    expect(sessions.stdout).toContain(`agent:main:qq:channel:${guildId("channel", "general")}`);
  });

  test("D3: channels that are listed, senders that are listed", async () => {
    const elsewhere = nextLine("[listed] message dropped reason=group_not_allowlisted");
    await world.say("ming", games, "channel not listed", mention(listed));
    await elsewhere;
    const somebody = nextLine("[listed] message dropped reason=group_policy_not_allowlisted");
    await world.say("lin", general, "sender not listed", mention(listed));
    await somebody;
    const answer = await world.ask("ming", general, "both listed", mention(listed));
    expect(answer.from.id).toBe(listed.appId);
    expect(asked("not listed")).toEqual([]);
  });

  test("D4 C3: a private-domain bot hears everything, answers what is for it, and knows what was said before", async () => {
    await world.say("ming", games, "the password of the day is swordfish");
    const answer = await world.ask("lin", games, "which password?", mention(whole));
    expect(answer.from.id).toBe(whole.appId);
    expect(asked("swordfish")).toEqual([]);
    const [request] = asked("which password?");
    expect(JSON.stringify(request?.messages)).toContain("the password of the day is swordfish");
    // A person needs longer to read an answer than its send needs to be over.
    await world.until("the send to be over", () =>
      sends("/channels/").some(({ body }) => JSON.stringify(body).includes(answer.id)),
    );
    const again = await world.ask("ming", games, "and why that one?", { quote: answer.id });
    expect(again.from.id).toBe(whole.appId);
    expect(JSON.stringify(asked("and why that one?")[0]?.messages)).toContain("you (this bot)");
  });

  test("F9: an answer under review is not taken for sent, and its end stands in the log", async () => {
    const { control } = world.emulator;
    await control.call("channelAudit", { channel: "audited", audit: true });
    for (const pass of [true, false]) {
      const under = nextLine("message under review chat=channel:");
      const question = await world.say("lin", audited, `review me ${pass}`, mention(socket));
      await under;
      const held = world.emulator.world.snapshot().audits.find(({ text }) => text.includes(`review me ${pass}`));
      expect(held?.repliesTo).toBe(question);
      const verdict = nextLine(
        pass ? "message passed review chat=channel:" : "message refused in review chat=channel:",
      );
      await control.call("audit", { id: held?.id ?? "", pass });
      await verdict;
    }
    await control.call("channelAudit", { channel: "audited", audit: false });
    const shown = world.answers(audited).map(({ text }) => text);
    expect(shown).toEqual([expect.stringContaining("review me true")]);
  });
});

describe("guild DMs", () => {
  test.each(onRoads)("D2 C6: open answers everybody, in the DM that asked (%s)", async (road, account) => {
    const answer = await world.ask("lin", guildDm("lin", account), `psst (${road})`);
    expect(answer.text).toContain(`psst (${road})`);
    const sessions = await world.gateway.cli(["sessions", "--json"]);
    expect(sessions.stdout).toMatch(/agent:main:qq:direct:\d{10,}/);
  });

  test("D1: an unknown sender gets a code, is approved by the real CLI, is told so, is answered, and talks", async () => {
    const chat = guildDm("lin", pairing);
    const first = await world.ask("lin", chat, "may I come in");
    expect(first.text).toContain(guildId("user", "lin"));
    const requests = await world.gateway.cli(["pairing", "list", "qq", "--json"]);
    const code = /"code":\s*"([A-Z0-9]+)"/.exec(requests.stdout)?.[1] ?? "";
    expect(first.text).toContain(code);
    expect((await world.gateway.cli(["pairing", "approve", "qq", code])).code).toBe(0);
    expect(asked("may I come in")).toEqual([]);
    await world.emulator.waitForReplies({ chat, after: first.id, count: 2, timeoutMs: 60_000 });
    expect(asked("may I come in")).toHaveLength(1);
    const answer = await world.ask("lin", chat, "and now");
    expect(answer.text).toContain("and now");
  });

  test("D2: an allowlist lets in whom it names, and disabled nobody", async () => {
    const dropped = nextLine("[listed] message dropped reason=dm_policy_not_allowlisted");
    await world.say("ming", guildDm("ming", listed), "may ming");
    await dropped;
    expect((await world.ask("lin", guildDm("lin", listed), "lin may")).text).toContain("lin may");
    const refused = nextLine("[closed] message dropped reason=dm_policy_disabled");
    await world.say("lin", guildDm("lin", closed), "anybody there");
    await refused;
    expect([...world.answers(guildDm("ming", listed)), ...world.answers(guildDm("lin", closed))]).toEqual([]);
    expect([...asked("may ming"), ...asked("anybody there")]).toEqual([]);
  });
});

describe("groups that show everything", () => {
  test("D4 G2: both events of a mention are one turn, the rest is history, and bots hear no bots", async () => {
    const { control } = world.emulator;
    await control.call("groupMode", { group: "one", mode: "all" });
    const before = world.model.requests.length;
    for (const number of [1, 2, 3]) await world.say("ming", group("one"), `aside ${number}`);
    const answer = await world.ask("lin", group("one"), "what was said?", mention(socket));
    expect(answer.from.id).toBe(socket.appId);
    const other = await world.ask("ming", group("one"), "and you?", mention(hook));
    expect(other.from.id).toBe(hook.appId);
    await control.call("groupMode", { group: "one", mode: "only_mention" });
    expect(world.model.requests.slice(before).map(({ text }) => text)).toEqual(["what was said?", "and you?"]);
    const [request] = asked("what was said?");
    const member = openid(socket.appId, "member", "ming").slice(0, 8);
    for (const number of [1, 2, 3]) expect(JSON.stringify(request?.messages)).toContain(`aside ${number}`);
    expect(JSON.stringify(request?.messages)).toContain(`ming (${member})`);
    expect(world.answers(group("one"))).toHaveLength(2);
  });
});

describe("what happens to chats", () => {
  test("C3: a person who has switched such messages off gets none, until they are switched on", async () => {
    const chat = dm("alice", socket);
    const alice = openid(socket.appId, "user", "alice");
    const off = nextLine(`[socket] chat proactive-off chat=c2c:${alice}`);
    await world.emulator.control.call("proactive", { chat, allowed: false });
    await off;
    await send(`c2c:${alice}`, "unwanted");
    expect(sends(alice)).toEqual([]);
    const on = nextLine(`[socket] chat proactive-on chat=c2c:${alice}`);
    await world.emulator.control.call("proactive", { chat, allowed: true });
    await on;
    expect((await send(`c2c:${alice}`, "wanted")).code).toBe(0);
    expect(world.answers(chat).map(({ text }) => text)).toEqual(["wanted"]);
  });

  test("C3: nothing is sent to a person who has dropped the bot", async () => {
    const ming = openid(socket.appId, "user", "ming");
    const gone = nextLine(`[socket] chat closed chat=c2c:${ming}`);
    await world.emulator.control.call("friend", { person: "ming", bot: socket.appId, friends: false });
    await gone;
    await send(`c2c:${ming}`, "come back");
    expect(sends(ming)).toEqual([]);
  });

  test("C3: that the bot was removed from a group is known while a turn still runs there, and its answer is not sent", async () => {
    const target = openid(socket.appId, "group", "two");
    await world.say("lin", group("two"), "hold this", mention(socket));
    await world.until("the model to be asked", () => asked("hold this").length === 1);
    const removed = nextLine(`[socket] chat closed chat=group:${target}`);
    await world.emulator.control.call("kick", { group: "two", bot: socket.appId, person: "lin" });
    await removed;
    const kept = nextLine(`answer kept chat=group:${target}`);
    hold.resolve();
    await kept;
    expect(sends(target)).toEqual([]);
  });
});

test("C3: no call was refused, and no event was malformed", () => {
  expect(world.emulator.refusals()).toEqual([]);
  expect(world.gateway.log()).not.toContain("malformed");
});
