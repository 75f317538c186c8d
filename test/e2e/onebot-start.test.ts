// The three configurations of the channel's page, one after the other in one gateway, as a user comes to them.
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { merge, type JsonObject } from "../../demo/config.ts";
import { freePort } from "../../demo/host.ts";
import { quote } from "../../demo/model.ts";
import { personUin } from "../../emulator/onebot/numbers.ts";
import { openWorld, personalDm, personalSeed, type World } from "./support.ts";

const access = { dmPolicy: "pairing", groupPolicy: "allowlist", allowFrom: [], groupAllowFrom: [] };
const main = { httpUrl: "http://localhost:3000", wsUrl: "ws://localhost:3001" };
const secondary = { httpUrl: "http://localhost:3002", wsUrl: "ws://localhost:3003" };

/** Word for word as they stand there. */
const configurations = {
  minimal: { enabled: true, ...main, dmPolicy: "pairing" },
  full: { enabled: true, ...main, accessToken: "your-token-if-required", ...access },
  two: {
    accounts: {
      main: { enabled: true, ...main, name: "Main QQ" },
      secondary: { enabled: true, ...secondary, name: "Secondary QQ" },
    },
  },
} satisfies Record<string, JsonObject>;

/** Ports that they name, by what is free on this machine. */
const ports = new Map<number, number>();
const here = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value).replaceAll(/localhost:(\d+)/g, (_, port) => `localhost:${ports.get(Number(port))}`),
  ) as T;

/** NapCats without a token, as they are where nobody sets one. */
const one = { uin: "10001", name: "Main" };
const two = { uin: "10002", name: "Secondary" };

let world: World;

beforeAll(async () => {
  for (const port of [3000, 3001, 3002, 3003]) {
    ports.set(port, await portOrFree(port));
    if (ports.get(port) !== port) console.log(`port ${port} is taken here: ${ports.get(port)} stands in for it`);
  }
  const [httpPort, wsPort, otherHttpPort, otherWsPort] = ports.values();
  const seeds = [
    { ...one, ...(httpPort && { httpPort }), ...(wsPort && { wsPort }) },
    { ...two, ...(otherHttpPort && { httpPort: otherHttpPort }), ...(otherWsPort && { wsPort: otherWsPort }) },
  ];
  world = await openWorld({
    seed: personalSeed(seeds, { "123456789": seeds }),
    channel: () => here(configurations.minimal),
  });
  await world.gateway.ready;
});

afterAll(async () => world?.close());

/** Puts another configuration in the place of the one before, as an editor would. */
async function configure(channel: JsonObject): Promise<void> {
  const { configPath } = world.gateway;
  const { channels: _, ...rest } = JSON.parse(await readFile(configPath, "utf8")) as JsonObject;
  await writeFile(configPath, JSON.stringify(merge(rest, { channels: { qq: here(channel) } }), null, 2));
}

/** Somebody unknown writes, is given a code, is approved by the host's command, is told so, is answered, and talks. */
async function pair(person: string, account: typeof one): Promise<void> {
  const chat = personalDm(person, account);
  const asked = `${person} asks ${account.uin} in`;
  const first = await world.ask(person, chat, asked);
  expect(first.text).toContain(`Your QQ number: ${personUin(person)}`);
  expect(world.modelHeard(asked)).toBe(false);
  expect(first.text).not.toContain("`");
  const [, code = ""] = /openclaw pairing approve qq ([A-Z0-9]{8})$/.exec(first.text) ?? [];
  expect((await world.gateway.cli(["pairing", "list", "qq", "--json"])).stdout).toContain(`"code": "${code}"`);
  const approved = await world.gateway.cli(["pairing", "approve", "qq", code]);
  expect(approved.code).toBe(0);
  const told = await world.emulator.waitForReplies({ chat, after: first.id, count: 2, timeoutMs: 60_000 });
  const notice = "You are approved. Your message is being answered.";
  expect(told.map(({ text }) => text)).toEqual([notice, quote(asked)]);
  expect((await world.ask(person, chat, `it is ${person}`)).text).toBe(quote(`it is ${person}`));
}

/** A port of 127.0.0.1, or a free one where somebody listens on it. */
async function portOrFree(port: number): Promise<number> {
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const linesUp = (account: string): number => world.gateway.log().split(`[${account}] line ready`).length - 1;

test("A1 B3 D1: the minimal configuration: a code, its approval, an answer", async () => {
  await world.emulator.waitForSessions(one.uin, 1, 30_000);
  await pair("lin", one);
  // The host names the first who is approved as owner, and opens its channels again for that.
  await world.until("the line after that", () => linesUp("default") > 1, 60_000);
});

test("B3 C4 D1 D3: the full one: NapCat has a token now, groups answer nobody, and who was approved still is", async () => {
  const before = linesUp("default");
  const settings = { token: configurations.full.accessToken };
  await world.emulator.control.call("napcat", { account: one.uin, settings });
  await configure(configurations.full);
  await world.until("the line with its token", () => linesUp("default") > before, 60_000);
  await pair("ming", one);
  expect((await world.ask("lin", personalDm("lin", one), "still me")).text).toBe(quote("still me"));
  const chat = { kind: "group", group: "123456789" } as const;
  await world.say("lin", chat, "and here?", { mention: [one.uin] });
  await world.until("the drop", () => /\[default\] message dropped .*chat=group:123456789/.test(world.gateway.log()));
  expect(world.answers(chat)).toEqual([]);
});

test("B1 B3 C6 C7 D1: two accounts: each has a NapCat, people and a state of its own", async () => {
  await world.emulator.control.call("napcat", { account: one.uin, settings: { token: "" } });
  await configure(configurations.two);
  for (const id of ["main", "secondary"]) await world.until(`the line of ${id}`, () => linesUp(id) > 0, 60_000);
  await pair("alice", two);
  // Whom one account knows is a stranger to the other.
  await pair("alice", one);
  const { stdout } = await world.gateway.cli(["channels", "status"]);
  for (const [id, name, { uin }] of [
    ["main", "Main QQ", one],
    ["secondary", "Secondary QQ", two],
  ] as const) {
    const line = stdout.split("\n").find((each) => each.startsWith(`- QQ ${id}`));
    for (const fact of [name, "connected", "mode:onebot (httpUrl is set)", `QQ ${uin} on NapCat.Onebot`])
      expect(line).toContain(fact);
  }
});

test("B3: no call was refused", () => {
  expect(world.emulator.refusals()).toEqual([]);
});
