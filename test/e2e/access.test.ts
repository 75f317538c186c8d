// One gateway, seven accounts on two transports, each with another policy: who may talk, where, and to whom.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openid } from "../../emulator/ids.ts";
import { bot, dm, group, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const pairing = bot(1);
const open = bot(2);
const listed = bot(3);
const closed = bot(4);
const hook = bot(5);
const hookListed = bot(6);
const bots = [pairing, open, listed, closed, hook, hookListed];

const credentials = ({ appId, secret }: typeof pairing) => ({ appId, appSecret: secret });
const groupId = (appId: string): string => openid(appId, "group", "one");
const member = (appId: string, person: string): string => openid(appId, "member", person);

let world: World;

beforeAll(async () => {
  world = await openWorld({
    seed: seed(bots),
    config: { commands: { ownerAllowFrom: [`qq:${member(listed.appId, "lin")}`] } },
    channel: () => ({
      ...credentials(pairing),
      locale: "zh",
      accounts: {
        open: {
          ...credentials(open),
          dmPolicy: "open",
          allowFrom: ["*"],
          groupAllowFrom: ["*"],
          historyLimit: 5,
        },
        listed: {
          ...credentials(listed),
          dmPolicy: "allowlist",
          allowFrom: [openid(listed.appId, "user", "lin")],
          groupAllowFrom: [member(listed.appId, "lin")],
          groups: { [groupId(listed.appId)]: { requireMention: true } },
        },
        closed: { ...credentials(closed), dmPolicy: "disabled", groupPolicy: "disabled" },
        hook: {
          ...credentials(hook),
          webhookPath: WEBHOOK_PATH,
          dmPolicy: "open",
          allowFrom: ["*"],
          groupPolicy: "open",
        },
        "hook-listed": {
          ...credentials(hookListed),
          transport: "webhook",
          dmPolicy: "open",
          allowFrom: ["*"],
          groupPolicy: "allowlist",
          groups: { "*": { allowFrom: [member(hookListed.appId, "ming")] } },
        },
      },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of [pairing, open, listed, closed]) await world.emulator.waitForSessions(appId, 1, 30_000);
  await openCallbacks(world, hook);
  await openCallbacks(world, hookListed);
});

afterAll(async () => world?.close());

/** Says something that must not be answered, and waits until the gateway has dropped it. */
async function ignored(account: string, say: () => Promise<string>): Promise<void> {
  const drops = (): number => world.gateway.log().split(`[${account}] message dropped`).length;
  const before = drops();
  await say();
  await world.until(`a drop of ${account}`, () => drops() > before);
}

describe("direct messages", () => {
  test("D1 E1: an unknown sender gets a code once, is approved by the real CLI, is told so, is answered, and talks", async () => {
    const chat = dm("lin", pairing);
    const first = await world.ask("lin", chat, "你好，在吗");
    expect(first.text).toMatch(/你的 QQ openid/);
    expect(first.text).toContain(openid(pairing.appId, "user", "lin"));
    await world.say("lin", chat, "再问一次");
    const requests = await world.gateway.cli(["pairing", "list", "qq", "--json"]);
    const code = /"code":\s*"([A-Z0-9]+)"/.exec(requests.stdout)?.[1] ?? "";
    expect(first.text).toContain(code);
    expect(world.answers(chat)).toHaveLength(1);
    expect(world.modelHeard("你好，在吗")).toBe(false);

    const approved = await world.gateway.cli(["pairing", "approve", "qq", code]);
    expect(approved.code).toBe(0);
    const told = await world.emulator.waitForReplies({ chat, after: first.id, count: 2, timeoutMs: 60_000 });
    expect(told.map(({ text }) => text)).toEqual([
      "已通过授权，正在回复你刚才的消息。",
      expect.stringContaining("你好，在吗"),
    ]);
    await world.emulator.waitForSessions(pairing.appId, 1, 30_000);
    const answer = await world.ask("lin", chat, "现在呢");
    expect(answer.text).toContain("现在呢");
    const sessions = await world.gateway.cli(["sessions", "--json"]);
    expect(sessions.stdout).toContain(`agent:main:qq:direct:${openid(pairing.appId, "user", "lin").toLowerCase()}`);
  });

  test("D2: an allowlist lets in whom it names and nobody else", async () => {
    await ignored("listed", () => world.say("ming", dm("ming", listed), "may I"));
    expect((await world.ask("lin", dm("lin", listed), "I may")).text).toContain("I may");
    expect(world.answers(dm("ming", listed))).toHaveLength(0);
  });

  test("D2: disabled takes no direct message", async () => {
    await ignored("closed", () => world.say("lin", dm("lin", closed), "anybody there"));
    expect(world.answers(dm("lin", closed))).toHaveLength(0);
    expect(world.modelHeard("anybody there")).toBe(false);
  });

  test.each([
    ["websocket", open],
    ["webhook", hook],
  ] as const)("D2 C6 F1: open answers everybody, in the chat that asked (%s)", async (_transport, account) => {
    const [lin, ming] = await Promise.all([
      world.ask("lin", dm("lin", account), `lin asks ${account.name}`),
      world.ask("ming", dm("ming", account), `ming asks ${account.name}`),
    ]);
    expect(lin.text).toContain(`lin asks ${account.name}`);
    expect(ming.text).toContain(`ming asks ${account.name}`);
    expect(lin.from.id).toBe(account.appId);
  });
});

describe("groups", () => {
  test.each([
    ["websocket", open],
    ["webhook", hook],
  ] as const)("D3 D4 E1: a mention is answered and nothing else (%s)", async (transport, account) => {
    await world.emulator.control.call("groupMode", { group: "one", mode: "all" });
    const said = `the answer is 42 (${transport})`;
    await world.say("ming", group("one"), said);
    const answer = await world.ask("lin", group("one"), `what did ming say (${transport})`, {
      mention: [account.appId],
    });
    await world.emulator.control.call("groupMode", { group: "one", mode: "only_mention" });
    expect(answer.from.id).toBe(account.appId);
    const heard = world.model.requests.filter(({ text }) => text.includes(`what did ming say (${transport})`));
    expect(heard).toHaveLength(1);
    expect(JSON.stringify(heard[0]?.messages)).toContain(said);
    expect(world.model.requests.some(({ text }) => text === said)).toBe(false);
  });

  test("D3: groups that are listed, senders that are listed", async () => {
    const mention = { mention: [listed.appId] };
    await ignored("listed", () => world.say("lin", group("two"), "group not listed", mention));
    await ignored("listed", () => world.say("ming", group("one"), "sender not listed", mention));
    const answer = await world.ask("lin", group("one"), "both listed", mention);
    expect(answer.text).toContain("both listed");
    const who = `chat=group:${openid(listed.appId, "group", "two")} sender=${member(listed.appId, "lin")}`;
    expect(world.gateway.log()).toContain(`[listed] message dropped reason=group_not_allowlisted ${who}`);
    expect(world.modelHeard("group not listed")).toBe(false);
    expect(world.modelHeard("sender not listed")).toBe(false);
  });

  test("D3: a group's own allowlist stands in place of the account's", async () => {
    const mention = { mention: [hookListed.appId] };
    await ignored("hook-listed", () => world.say("lin", group("two"), "not in this group's list", mention));
    expect((await world.ask("ming", group("two"), "in this group's list", mention)).from.id).toBe(hookListed.appId);
  });

  test("D3: the default lets nobody talk in groups, and disabled neither", async () => {
    await ignored("default", () => world.say("alice", group("two"), "by default", { mention: [pairing.appId] }));
    await ignored("closed", () => world.say("alice", group("two"), "disabled", { mention: [closed.appId] }));
    expect(world.modelHeard("by default")).toBe(false);
  });

  test("D6: who may talk in an open group may not give commands there", async () => {
    await ignored("open", () => world.say("ming", group("two"), "/whoami", { mention: [open.appId] }));
    expect(world.gateway.log()).toContain("[open] message dropped reason=control_command_unauthorized");
    const owner = await world.ask("lin", group("one"), "/whoami", { mention: [listed.appId] });
    expect(owner.text).toContain(member(listed.appId, "lin"));
    const answer = await world.ask("ming", group("two"), "just talking", { mention: [open.appId] });
    expect(answer.text).toContain("just talking");
  });

  test("E1: a group is a session of its own, by its id", async () => {
    const sessions = await world.gateway.cli(["sessions", "--json"]);
    expect(sessions.stdout).toContain(`agent:main:qq:group:${openid(open.appId, "group", "one").toLowerCase()}`);
  });
});

test("C6: no call was refused, and no group's id went to a user endpoint", () => {
  expect(world.emulator.refusals()).toEqual([]);
});

test("C7: the transport that was chosen and the reason stand in the log and in the status", async () => {
  expect(world.gateway.log()).toContain('[hook] account transport=webhook why="webhookPath is set"');
  expect(world.gateway.log()).toContain('[open] account transport=websocket why="appId without webhookPath"');
  const status = await world.gateway.cli(["channels", "status"]);
  expect(status.stdout).toMatch(/QQ hook-listed.*webhook \(transport is set\)/);
});
