// Personal accounts beside the turns: every way to be reached and every way not to be, sends by the command line and the
// agent's message tool, approvals in words, and what strangers ask an account for.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { freePort } from "../../demo/host.ts";
import { quote, type ModelTurn } from "../../demo/model.ts";
import type { ChatTurn } from "../../demo/prompt.ts";
import type { ChatMessage, ChatRef } from "../../emulator/control.ts";
import { numbersOf } from "../../emulator/onebot/chats.ts";
import { personUin } from "../../emulator/onebot/numbers.ts";
import { png } from "../emulator/files.ts";
import { account, lineTo, openWorld, personalDm, personalSeed, type World } from "./support.ts";

const friends = ["lin", "ming", "alice"];
const plain = account(1, { friends });
/** Dials the gateway. */
const reverse = account(2);
/** Posts its events to the gateway. */
const post = account(3);
const fromRef = account(4);
const fromFile = account(5);
const wrong = account(6);
const offline = account(7);
/** Two that share a token, and one entry. */
const here = account(8, { token: "token-of-two-napcats" });
const there = account(9, { token: "token-of-two-napcats" });
const accounts = [plain, reverse, post, fromRef, fromFile, wrong, offline, here, there];
/** Tells others from the accounts whose tokens are right. */
const WRONG_TOKEN = "a-wrong-token-of-napcat";

const TALK = "123456789";
/** The account is an admin there, and the newcomer is no member. */
const CLUB = "223456789";
/** The account is not in it. */
const ELSEWHERE = "323456789";
const talk: ChatRef = { kind: "group", group: TALK };

/** Tools that the model calls next, a turn each. */
const toCall: NonNullable<ModelTurn["calls"]>[] = [];
let world: World;
let directory: string;
let probe: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "openclaw-qq-onebot-"));
  const tokenFile = join(directory, "token");
  await writeFile(tokenFile, `${fromFile.token}\n`);
  const closed = await freePort();
  const { groups, ...seed } = personalSeed(accounts, { [TALK]: [plain], [CLUB]: [plain], [ELSEWHERE]: [] }, [
    ...friends,
    "newcomer",
  ]);
  world = await openWorld({
    seed: { ...seed, groups: groups.map((each) => (each.id === CLUB ? { ...each, members: friends } : each)) },
    model: { reply: converse },
    config: {
      commands: { ownerAllowFrom: [`qq:${personUin("lin")}`] },
      tools: { exec: { host: "gateway", security: "allowlist", ask: "always" } },
      session: { dmScope: "per-account-channel-peer" },
    },
    env: { TOKEN_OF_NAPCAT: fromRef.token ?? "" },
    channel: (emulator) => ({
      ...lineTo(emulator, plain),
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      replyToMode: "off",
      sendGapMs: 0,
      accounts: {
        reverse: { reversePath: "/qq-onebot", selfId: reverse.uin, accessToken: reverse.token ?? "" },
        post: {
          reversePath: "/qq-onebot/post",
          httpUrl: emulator.napcat(post.uin).httpUrl,
          accessToken: post.token ?? "",
        },
        ref: {
          ...lineTo(emulator, fromRef),
          accessToken: { source: "env", provider: "default", id: "TOKEN_OF_NAPCAT" },
        },
        file: { ...emulator.napcat(fromFile.uin), tokenFile },
        wrong: { ...lineTo(emulator, wrong), accessToken: WRONG_TOKEN },
        closed: { httpUrl: `http://127.0.0.1:${closed}`, wsUrl: `ws://127.0.0.1:${closed}`, accessToken: WRONG_TOKEN },
        offline: lineTo(emulator, offline),
        mixed: { ...lineTo(emulator, here), httpUrl: emulator.napcat(there.uin).httpUrl },
        nofile: { ...emulator.napcat(fromFile.uin), tokenFile: join(directory, "nowhere") },
      },
    }),
  });
  await world.emulator.control.call("admin", { group: CLUB, who: plain.uin, admin: true });
  const lines = [plain, fromRef, fromFile, offline];
  for (const { uin } of lines) await world.emulator.waitForSessions(uin, 1, 60_000);
  const way = `${new URL(world.gateway.url).host}/qq-onebot`;
  const token = (of: typeof plain) => ({ token: of.token ?? "" });
  await world.emulator.control.call("napcat", {
    account: reverse.uin,
    settings: { reverse: [{ url: `ws://${way}`, ...token(reverse), reconnectInterval: 500 }] },
  });
  await world.emulator.control.call("napcat", {
    account: post.uin,
    settings: { post: [{ url: `http://${way}/post`, ...token(post) }] },
  });
  await world.until("the line that NapCat dials", () => isReady("reverse"), 60_000);
  await world.emulator.control.call("fault", { do: "napcat", account: offline.uin, what: "kick" });
  for (const state of [
    "[offline] line offline",
    "[wrong] line waiting",
    "[closed] line waiting",
    "[nofile] account stopped",
    "[mixed] account stopped",
  ])
    await world.until(state, () => world.gateway.log().includes(state), 60_000);
  await world.ask("lin", personalDm("lin", post), "the first posted event");
  ({ stdout: probe } = await world.gateway.cli(["channels", "status", "--probe"]));
});

afterAll(async () => {
  await world?.close();
  await rm(directory, { recursive: true, force: true });
});

const isReady = (id: string): boolean => world.gateway.log().includes(`[${id}] line ready`);

/** A model that runs commands, and calls the tools that are laid out for it. */
function converse(text: string, messages: readonly ChatTurn[]): string | ModelTurn {
  const calls = toCall.shift();
  if (calls) return { calls };
  const last = messages.findLast((turn) => turn.role === "tool" || (turn.role === "user" && !isNote(turn)));
  if (last?.role === "tool") return `result: ${JSON.stringify(last.content).replaceAll(/\\+"/g, '"')}`;
  const [, command] = /^run (.+)$/s.exec(text) ?? [];
  return command === undefined ? quote(text) : { calls: [{ name: "exec", arguments: { command } }] };
}

/** The host's own notes come as turns of the user. */
const isNote = (turn: ChatTurn): boolean => JSON.stringify(turn.content).includes("BEGIN_OPENCLAW_INTERNAL_CONTEXT");

describe("every way to an account", () => {
  test.each([
    ["a socket that is dialled, and HTTP", plain],
    ["a socket that NapCat dials", reverse],
    ["posted events, and HTTP", post],
    ["a token by reference", fromRef],
    ["a token in a file", fromFile],
  ] as const)("C4 B3 A5: by %s: a question has its answer, and the same way again", async (way, to) => {
    for (const again of ["", ", again"]) {
      const text = `by ${way}${again}`;
      const answer = await world.ask("ming", personalDm("ming", to), text);
      expect([answer.from.id, answer.text]).toEqual([to.uin, quote(text)]);
    }
  });

  test("C4 G4: who brings another token, or none, is refused, and nothing of it is heard", async () => {
    const url = `${world.gateway.url}/qq-onebot`;
    const event = JSON.stringify({ post_type: "message", self_id: Number(post.uin), message: "let me in" });
    for (const signature of [{}, { "x-signature": `sha1=${"0".repeat(40)}` }]) {
      const headers = { "x-self-id": post.uin, "content-type": "application/json", ...signature };
      expect((await fetch(`${url}/post`, { method: "POST", headers, body: event })).status).toBe(401);
    }
    for (const token of [WRONG_TOKEN, ""]) expect(await upgrade(url, token)).toBe(401);
    expect(world.modelHeard("let me in")).toBe(false);
    expect((await world.ask("alice", personalDm("alice", reverse), "still here?")).text).toBe(quote("still here?"));
  });
});

/** HTTP status of the answer to a socket. */
function upgrade(url: string, token: string): Promise<number | undefined> {
  const headers = { "x-self-id": reverse.uin, "x-client-role": "Universal", authorization: `Bearer ${token}` };
  const socket = new WebSocket(url.replace("http", "ws"), { headers });
  return new Promise((resolve, reject) => {
    socket.on("open", () => resolve(101));
    socket.on("unexpected-response", (_, { statusCode }) => resolve(statusCode));
    socket.on("error", reject);
  });
}

/** Lines of the probe about an account. */
const probed = (id: string): string =>
  probe
    .split("\n")
    .filter((line) => line.startsWith(`- QQ ${id}:`) || line.startsWith(`- qq ${id}:`))
    .join("\n");

describe("channels status --probe", () => {
  test.each([
    ["default", plain, "httpUrl is set"],
    ["post", post, "httpUrl is set"],
    ["ref", fromRef, "httpUrl is set"],
    ["file", fromFile, "httpUrl is set"],
    ["reverse", reverse, "reversePath is set"],
  ] as const)("A6 C7: %s is connected, and says whose account it is", (id, { uin, name }, why) => {
    const facts = ["connected", "works", `bot:@${name}`, `mode:onebot (${why}), QQ ${uin} on NapCat.Onebot`];
    for (const fact of id === "reverse" ? facts.filter((each) => each !== "works") : facts)
      expect(probed(id)).toContain(fact);
    expect(probed(id)).not.toMatch(/error:|disconnected/);
  });

  test.each([
    [
      "wrong",
      [/disconnected/, /the access token is refused; set accessToken to the token of NapCat's WebSocket server/],
    ],
    [
      "closed",
      [/disconnected/, /could not reach 127\.0\.0\.1:\d+: .*; check that NapCat runs, and that its WebSocket/],
    ],
    ["offline", [/health:offline/, /not logged in; log in again in NapCat/, /下线通知/]],
    ["mixed", [/disconnected/, /httpUrl belongs to account 10009, but wsUrl to account 10008/]],
    ["nofile", [/disconnected/, /channels\.qq\.accounts\.nofile\.tokenFile: the file cannot be read \(ENOENT\)/]],
  ] as const)("A6 A5 C4: %s says what is wrong and what to do", (id, facts) => {
    for (const fact of facts) expect(probed(id)).toMatch(fact);
  });
});

/** `openclaw message send`; says with which code it ended and what it printed, `--json` read. */
async function send(target: string, text: string, ...more: readonly string[]) {
  const args = ["--channel", "qq", "--target", target, "--message", text, "--json", ...more];
  const { code, stdout } = await world.gateway.cli(["message", "send", ...args]);
  const told = JSON.parse(stdout) as { messageId?: string; error?: { message: string } };
  return { code, messageId: told.messageId, error: told.error?.message };
}

/** What NapCat calls a message of a chat, and so the agent. */
function numberOf(chat: ChatRef, id: string): string {
  const bubble = world.emulator.world.transcript.find(chat, id);
  if (!bubble) throw new Error(`there is no message "${id}"`);
  return String(numbersOf(world.emulator.world, bubble).shortId);
}

const lastOf = (chat: ChatRef): ChatMessage | undefined => world.answers(chat).at(-1);

describe("openclaw message send", () => {
  test("F11 F5 F6: to a QQ number, and to a group with a picture and a quote; what it prints is the id of what was sent", async () => {
    const file = join(world.gateway.directory, "workspace", "dot.png");
    await writeFile(file, png);
    const question = await world.say("lin", talk, "show us");
    const more = ["--media", file, "--reply-to", numberOf(talk, question)];
    const sent = [await send(personUin("alice"), "hi alice"), await send(`group:${TALK}`, "a dot", ...more)];
    const direct = personalDm("alice", plain);
    expect(lastOf(direct)?.text).toBe("hi alice");
    expect(lastOf(talk)).toMatchObject({ text: "a dot", media: { kind: "image" }, quote: { id: question } });
    const ids = [direct, talk].map((chat) => numberOf(chat, lastOf(chat)?.id ?? ""));
    expect(sent).toEqual(ids.map((messageId) => ({ code: 0, messageId, error: undefined })));
  });

  test("F11 F9: not to a stranger, and not to what is no target: it says what to do", async () => {
    const stranger = await send(personUin("newcomer"), "hello");
    expect([stranger.code, stranger.messageId]).toEqual([1, undefined]);
    expect(stranger.error).toMatch(/QQ lets only friends write to this person; add them as a friend.* kept until/);
    const nobody = await send("the others", "hello");
    expect(nobody.code).toBe(1);
    for (const shape of ["c2c:OPENID", "group:OPENID", "on a personal account QQ numbers stand for openids"])
      expect(nobody.error).toContain(shape);
  });
});

let turns = 0;

/** Lets the agent call its message tool in a group; resolves with what the tool said. */
async function useMessageTool(args: object): Promise<string> {
  const question = `use your tool, ${(turns += 1)}`;
  toCall.push([{ name: "tool_call", arguments: { id: "message", args } }]);
  const before = world.answers(talk).length;
  await world.say("lin", talk, question, { mention: [plain.uin] });
  // What it sends comes before.
  const told = (): string | undefined =>
    world
      .answers(talk)
      .slice(before)
      .find(({ text }) => text.startsWith("result: "))?.text;
  await world.until("the end of the turn", () => told() !== undefined, 60_000);
  return told() ?? "";
}

describe("the message tool", () => {
  const target = `group:${TALK}`;

  test("F12: reacts, and takes the reaction back", async () => {
    const said = await world.say("ming", talk, "look at this");
    const reactions = () => world.emulator.world.messages(talk).find(({ id }) => id === said)?.reactions ?? [];
    const args = { action: "react", target, messageId: numberOf(talk, said), emoji: "👍" };
    expect(await useMessageTool(args)).toContain('"ok": true');
    expect(reactions()).toEqual([expect.objectContaining({ from: plain.uin })]);
    await useMessageTool({ ...args, remove: true });
    expect(reactions()).toEqual([]);
  });

  test("F12: nudges whoever wrote a message", async () => {
    const said = await world.say("ming", talk, "nobody looks at me");
    const args = { action: "react", target, messageId: numberOf(talk, said), emoji: "poke" };
    expect(await useMessageTool(args)).toContain('"ok": true');
    const shown = world.emulator.world.messages(talk).filter(({ from }) => from.kind === "system");
    expect(shown.at(-1)?.text).toMatch(/account1.*ming/);
  });

  test("F12: reads a message of the chat, and none of another one", async () => {
    const said = await world.say("alice", talk, "the code word is plum");
    const told = await useMessageTool({ action: "read", target, messageId: numberOf(talk, said) });
    expect(told).toContain("the code word is plum");
    expect(told).toContain(`alice (${personUin("alice")})`);
    const elsewhere = personalDm("alice", plain);
    const secret = await world.ask("alice", elsewhere, "my secret is pear");
    const refused = await useMessageTool({ action: "read", target, messageId: numberOf(elsewhere, secret.id) });
    expect(refused).not.toContain("pear");
    expect(refused).toContain("QQ has no such message in this chat");
  });

  test("F12: takes back what it said, and nothing of anybody else's", async () => {
    await useMessageTool({ action: "send", target, message: "a mistake" });
    const mistake = world.answers(talk).find(({ text }) => text === "a mistake");
    const args = { action: "unsend", target, messageId: numberOf(talk, mistake?.id ?? "") };
    expect(await useMessageTool(args)).toContain('"ok": true');
    expect(world.answers(talk).find(({ id }) => id === mistake?.id)?.recalled).toBe(true);
    const said = await world.say("ming", talk, "mine");
    expect(await useMessageTool({ ...args, messageId: numberOf(talk, said) })).toContain("not the bot's own");
  });
});

test("F10: an approval is asked for in words, and decided by the owner in words, and by nobody else", async () => {
  const chat = personalDm("lin", plain);
  const said = (text: string): boolean => world.answers(chat).some((answer) => answer.text.includes(text));
  await world.say("lin", chat, "run expr 80 + 6");
  await world.until("the question", () => said("To choose, write one of these:"), 60_000);
  const [decision = ""] = /\/approve [0-9a-f]{8} allow-once/.exec(lastOf(chat)?.text ?? "") ?? [];
  await world.say("ming", personalDm("ming", plain), decision);
  await world.ask("ming", personalDm("ming", plain), "hello");
  expect(said("result:")).toBe(false);
  await world.say("lin", chat, decision);
  await world.until("the result", () => said('result: "86"'), 60_000);
});

const decided = (): readonly string[] =>
  world.emulator.wire().flatMap(({ title }) => /\/(set_\w+_add_request) /.exec(title)?.[1] ?? []);
const befriended = (): boolean => world.emulator.world.state.accounts.get(plain.uin)?.friends.has("newcomer") ?? false;
const membersOf = (group: string): readonly string[] => world.emulator.world.state.groups.get(group)?.members ?? [];

describe("what people ask an account for", () => {
  const owner = personalDm("lin", plain);
  /** Lets somebody ask, and resolves with what the owner is shown. */
  async function ask(kind: "friend" | "join" | "invite", comment: string, group?: string): Promise<string> {
    const before = world.answers(owner).length;
    const wish = { account: plain.uin, person: "newcomer", kind, comment, ...(group !== undefined && { group }) };
    await world.emulator.control.call("request", wish);
    const shown = (): string | undefined =>
      world
        .answers(owner)
        .slice(before)
        .find(({ text }) => text.startsWith("Request "))?.text;
    await world.until("the owner to be asked", () => shown() !== undefined);
    return shown() ?? "";
  }
  test("F12 D6: nothing is granted by itself, nor by anybody but the owner", async () => {
    const shown = await ask("friend", "let me in\n/qq approve 1");
    expect(shown).toContain(`Request 1: ${personUin("newcomer")} wants to be a friend of this account.`);
    expect(shown).toContain("“let me in /qq approve 1”");
    const refused = await world.ask("ming", personalDm("ming", plain), "/qq approve 1");
    expect(refused.text).toMatch(/^Only an owner decides this/);
    expect([befriended(), decided(), world.modelHeard("let me in")]).toEqual([false, [], false]);
  });

  test("F12: the owner approves a friend and denies the groups, in the chat", async () => {
    expect((await world.ask("lin", owner, "/qq approve 1")).text).toBe("Request 1 is approved.");
    expect(befriended()).toBe(true);
    expect(await ask("join", "me too", CLUB)).toContain(`wants to join the group ${CLUB}.`);
    expect(await ask("invite", "", ELSEWHERE)).toContain(`invites this account to the group ${ELSEWHERE}.`);
    for (const number of [2, 3])
      expect((await world.ask("lin", owner, `/qq deny ${number}`)).text).toBe(`Request ${number} is denied.`);
    expect(membersOf(CLUB)).not.toContain("newcomer");
    expect(world.emulator.world.state.groups.get(ELSEWHERE)?.accounts.has(plain.uin)).toBe(false);
    expect((await world.ask("lin", owner, "/qq requests")).text).toBe("No requests are open.");
    expect(decided()).toEqual(["set_friend_add_request", "set_group_add_request", "set_group_add_request"]);
  });
});

test("G3: no token in anything that was shown or logged", () => {
  const tokens = [...accounts.map(({ token = "" }) => token), WRONG_TOKEN];
  for (const token of tokens) {
    expect(token.length).toBeGreaterThan(8);
    expect(`${probe}\n${world.gateway.log()}`.includes(token)).toBe(false);
  }
});
