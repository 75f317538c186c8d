// Keys of accounts: where they may stand, what happens when one cannot be read, and how they change under way.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { merge, type JsonObject } from "../../demo/config.ts";
import type { ChatRef } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import { personUin } from "../../emulator/onebot/numbers.ts";
import { account, bot, lineTo, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const plain = bot(1);
const fromFile = bot(2);
const hook = bot(3);
const fromVault = bot(4);
const lost = bot(5);
const cat = account(1);
const lostCat = account(2);
const bots = [plain, fromFile, hook, fromVault, lost];
/** One for each message of a change under traffic, and a stranger. */
const people = Array.from({ length: 20 }, (_, index) => `person${index}`);
const stranger = "stranger";

/** Everybody but the stranger. */
const listed = people.flatMap((person) => [
  ...bots.map(({ appId }) => openid(appId, "user", person)),
  personUin(person),
]);

let directory: string;
let world: World;

const unresolved = { source: "env", provider: "default", id: "NOBODY_HAS_SET_THIS" };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "openclaw-qq-keys-"));
  const vault = join(directory, "vault");
  await writeFile(vault, `#!/bin/sh\ncat > /dev/null\ncat "${directory}/vaulted"\n`, { mode: 0o700 });
  await storeSecrets({ file: fromFile.secret, cat: cat.token ?? "", vault: fromVault.secret });
  world = await openWorld({
    seed: { ...seed(bots, [...people, stranger]), accounts: [cat, lostCat] },
    channel: (emulator) => ({
      appId: plain.appId,
      appSecret: plain.secret,
      dmPolicy: "allowlist",
      allowFrom: listed,
      sendGapMs: 0,
      accounts: {
        file: { appId: fromFile.appId, appSecret: { source: "file", provider: "files", id: "/file" } },
        vault: { appId: fromVault.appId, appSecret: { source: "exec", provider: "vault", id: "qq/vault" } },
        hook: { appId: hook.appId, appSecret: hook.secret, webhookPath: WEBHOOK_PATH },
        home: { ...lineTo(emulator, cat), accessToken: { source: "file", provider: "files", id: "/cat" } },
        lost: { appId: lost.appId, appSecret: unresolved },
        losthome: { ...lineTo(emulator, lostCat), accessToken: unresolved },
      },
    }),
    config: {
      secrets: {
        providers: {
          files: { source: "file", path: join(directory, "secrets.json"), mode: "json" },
          vault: { source: "exec", command: vault },
        },
      },
    },
  });
  for (const id of [plain.appId, fromFile.appId, fromVault.appId, cat.uin]) {
    await world.emulator.waitForSessions(id, 1, 90_000);
  }
  await openCallbacks(world, hook);
});

afterAll(async () => {
  await world?.close();
  await rm(directory, { recursive: true, force: true });
});

/** What the two providers of the gateway answer with. */
async function storeSecrets({ file, cat: token, vault }: Record<"file" | "cat" | "vault", string>): Promise<void> {
  await writeFile(join(directory, "secrets.json"), JSON.stringify({ file, cat: token }), { mode: 0o600 });
  const answer = { protocolVersion: 1, values: { "qq/vault": vault } };
  await writeFile(join(directory, "vaulted"), JSON.stringify(answer), { mode: 0o600 });
}

/** Changes `channels.qq` in the file that the running gateway watches. */
async function configure(over: JsonObject): Promise<void> {
  const { configPath } = world.gateway;
  const config = JSON.parse(await readFile(configPath, "utf8")) as JsonObject;
  await writeFile(configPath, JSON.stringify(merge(config, { channels: { qq: over } }), null, 2));
}

/** The bot's owner has the open platform make a new secret; the old one is over at once. */
function renewSecret({ appId }: { readonly appId: string }, secret: string): void {
  const { bots: registered } = world.emulator.world.state;
  const known = registered.get(appId);
  if (!known) throw new Error(`there is no bot ${appId}`);
  registered.set(appId, { ...known, secret });
}

/** Runs a command of the host's CLI and answers what it said. */
async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await world.gateway.cli(args);
  if (code !== 0) throw new Error(`openclaw ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** How often each account has been started so far. */
const starts = (): Record<string, number> =>
  Object.fromEntries(
    ["default", "file", "vault", "hook", "home"].map((id) => [
      id,
      world.gateway.log().split(`[${id}] account transport=`).length - 1,
    ]),
  );

const isLost = (accountId: string): boolean => accountId.startsWith("lost");
const dmWith = (id: string, person: string): ChatRef => ({ kind: "dm", person, bot: id });
const question = (person: string, round: string): string => `${round}: here is ${person}`;
const answered = (id: string, person: string, round: string): number =>
  world.answers(dmWith(id, person)).filter(({ text }) => text.includes(question(person, round))).length;

/** Twenty people write, by turns on each of the lines: some before the change, some while it is under way, some after. */
async function changeUnderTraffic(
  ids: readonly string[],
  round: string,
  change: () => Promise<unknown>,
): Promise<void> {
  const writers = people.map((person, index) => [ids[index % ids.length] ?? "", person] as const);
  const say = (some: typeof writers): Promise<unknown> =>
    Promise.all(some.map(([id, person]) => world.say(person, dmWith(id, person), question(person, round))));
  await say(writers.slice(0, 7));
  const changing = change();
  await say(writers.slice(7, 14));
  await changing;
  await say(writers.slice(14));
  await world.until("every answer", () => writers.every(([id, person]) => answered(id, person, round) > 0), 90_000);
  expect(writers.filter(([id, person]) => answered(id, person, round) !== 1)).toEqual([]);
}

describe("where a secret may stand", () => {
  test.each([
    ["default", "as text", plain.appId],
    ["file", "as a reference into a file", fromFile.appId],
    ["vault", "as a reference to a program", fromVault.appId],
    ["hook", "as text, of a webhook", hook.appId],
    ["home", "as a reference, of a personal account", cat.uin],
  ])("A5: %s has it %s, and answers", async (name, _where, id) => {
    const chat = dmWith(id, "person0");
    expect((await world.ask("person0", chat, `hello ${name}`)).text).toContain(`hello ${name}`);
  });

  test("A5: a reference that leads nowhere stops its account alone, and its key is named", async () => {
    const [status, audit] = await Promise.all([
      run("channels", "status", "--json"),
      world.gateway.cli(["secrets", "audit", "--json", "--allow-exec"]),
    ]);
    const { channelAccounts } = JSON.parse(status) as {
      channelAccounts: { qq: { accountId: string; connected?: boolean; running: boolean; lastError?: string }[] };
    };
    for (const { accountId, running, connected, lastError } of channelAccounts.qq) {
      if (isLost(accountId))
        expect(lastError, accountId).toContain(`account:qq:${accountId} is configured but unavailable`);
      else expect([accountId, running, connected]).toEqual([accountId, true, true]);
    }
    expect(channelAccounts.qq.filter(({ accountId }) => isLost(accountId))).toHaveLength(2);
    for (const key of ["lost.appSecret", "losthome.accessToken"]) {
      expect(world.gateway.log()).toContain(`paths: channels.qq.accounts.${key};`);
    }
    const { findings } = JSON.parse(audit.stdout) as { findings: { code: string; jsonPath: string }[] };
    const ours = findings.filter(({ jsonPath }) => jsonPath.startsWith("channels.qq."));
    expect(ours.map(({ code, jsonPath }) => [code, jsonPath.replace("channels.qq.", "")])).toEqual([
      ["PLAINTEXT_FOUND", "accounts.hook.appSecret"],
      ["PLAINTEXT_FOUND", "appSecret"],
      ["REF_UNRESOLVED", "accounts.lost.appSecret"],
      ["REF_UNRESOLVED", "accounts.losthome.accessToken"],
    ]);
  });
});

describe("changes under way", () => {
  test("G5: a list of people is read anew, and no line is touched for it", async () => {
    const before = starts();
    const chat = dmWith(fromFile.appId, stranger);
    const drops = (): number => world.gateway.log().split("[file] message dropped reason=").length;
    const heard = (): boolean => world.answers(chat).length > 0;
    const ask = async (text: string): Promise<void> => {
      const dropped = drops();
      await world.say(stranger, chat, text);
      await world.until("an answer or a drop", () => heard() || drops() > dropped, 60_000);
    };
    await ask("who am I?");
    expect(heard()).toBe(false);
    const allowFrom = [...listed, openid(fromFile.appId, "user", stranger)];
    await configure({ allowFrom, accounts: { file: { typing: false } } });
    // The host does not say when it has taken such a change up.
    while (!heard()) await ask("and now?");
    expect(world.modelHeard("who am I?")).toBe(false);
    expect(starts()).toEqual(before);
  });

  test("G5: an account is opened again for what its line is opened with, and its siblings are not", async () => {
    const before = starts();
    const readies = (): number => world.gateway.log().split("[vault] line ready").length;
    const readiesBefore = readies();
    await configure({ accounts: { vault: { guildMessages: true } } });
    await world.until("the account to be opened again", () => starts()["vault"] === (before["vault"] ?? 0) + 1);
    // With other intents it is another session, and QQ keeps nothing for one that is not there yet.
    await world.until("its line", () => readies() > readiesBefore);
    expect((await world.ask("person1", dmWith(fromVault.appId, "person1"), "again?")).text).toContain("again?");
    expect(starts()).toEqual({ ...before, vault: (before["vault"] ?? 0) + 1 });
  });

  test("G5 A5: secrets that are renewed where they are kept, and reloaded, cost no message", async () => {
    const before = starts();
    const renewed = { file: "a-new-secret-of-file", cat: "a-new-token-of-napcat", vault: "a-new-secret-of-vault" };
    await changeUnderTraffic([fromFile.appId, fromVault.appId, cat.uin], "reload", async () => {
      renewSecret(fromFile, renewed.file);
      renewSecret(fromVault, renewed.vault);
      await world.emulator.control.call("napcat", { account: cat.uin, settings: { token: renewed.cat } });
      await storeSecrets(renewed);
      await run("secrets", "reload");
    });
    const once = ["file", "vault", "home"].map((id) => [id, (before[id] ?? 0) + 1] as const);
    expect(starts()).toEqual({ ...before, ...Object.fromEntries(once) });
  });

  test("G5: a secret that is renewed in the configuration costs no message", async () => {
    await changeUnderTraffic([plain.appId, hook.appId], "rewritten", async () => {
      renewSecret(plain, "a-new-secret-of-plain");
      renewSecret(hook, "a-new-secret-of-hook");
      await configure({
        appSecret: "a-new-secret-of-plain",
        accounts: { hook: { appSecret: "a-new-secret-of-hook" } },
      });
    });
  });
});

test("G3: no secret in the log", () => {
  const secrets = [plain, hook, fromFile, fromVault].map(({ secret }) => secret);
  const log = world.gateway.log();
  for (const secret of [...secrets, cat.token ?? "", "a-new-secret-of-", "a-new-token-of-"]) {
    expect(secret.length).toBeGreaterThan(8);
    expect(log).not.toContain(secret);
  }
});
