import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../demo/host.ts";
import { bot, dm, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const fromEnv = bot(1);
const wrong = bot(2);
const secretless = bot(3);
const fromFile = bot(4);
const blocked = bot(5, { ipAllowed: false });
const unreachable = bot(6);
const refused = bot(7, { intents: 1 << 30 });
const lowered = bot(8, { intents: 1 << 25 });
const hook = bot(9);
const fromRef = bot(10);
const chinese = bot(11);
const bots = [fromEnv, wrong, secretless, fromFile, blocked, unreachable, refused, lowered, hook, fromRef, chinese];

let world: World;
let secrets: string;

beforeAll(async () => {
  secrets = await mkdtemp(join(tmpdir(), "qq-secrets-"));
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(secrets, name), content);
    return join(secrets, name);
  };
  const good = await file("good", `${fromFile.secret}\n`);
  const empty = await file("empty", " \n");
  const closed = `http://127.0.0.1:${await freePort()}`;
  world = await openWorld({
    seed: seed(bots),
    env: {
      QQ_BOT_APP_ID: fromEnv.appId,
      QQ_APP_SECRET: fromEnv.secret,
      QQ_BOT_API_BASE_URL: closed,
      SECRET_OF_TEN: fromRef.secret,
    },
    channel: () => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      accounts: {
        wrong: { appId: wrong.appId, appSecret: "a-wrong-secret" },
        secretless: { appId: secretless.appId },
        idless: { appSecret: "lonely-secret" },
        file: { appId: fromFile.appId, appSecretFile: good },
        nofile: { appId: "102000100", appSecretFile: join(secrets, "nowhere") },
        emptyfile: { appId: "102000101", appSecretFile: empty },
        blocked: { appId: blocked.appId, appSecret: blocked.secret },
        unreachable: { appId: unreachable.appId, appSecret: unreachable.secret, apiBaseUrl: closed },
        refused: { appId: refused.appId, appSecret: refused.secret },
        lowered: { appId: lowered.appId, appSecret: lowered.secret },
        hook: { appId: hook.appId, appSecret: hook.secret, webhookPath: WEBHOOK_PATH },
        twin: { appId: hook.appId, appSecret: hook.secret, webhookPath: WEBHOOK_PATH },
        badpath: { appId: "102000102", appSecret: "x".repeat(20), webhookPath: "/readyz" },
        ref: { appId: fromRef.appId, appSecret: { source: "env", provider: "default", id: "SECRET_OF_TEN" } },
        chinese: { appId: chinese.appId, appSecret: "another-wrong-one", locale: "zh" },
      },
    }),
  });
  for (const { appId } of [fromEnv, fromFile, fromRef, lowered]) await world.emulator.waitForSessions(appId, 1, 90_000);
});

afterAll(async () => {
  writeFileSync("/tmp/w/status-gateway.log", world?.gateway.log() ?? "");
  await world?.close();
  await rm(secrets, { recursive: true, force: true });
});

test("A6: explore", async () => {
  const ready = await fetch(`${world.gateway.url}/readyz`);
  let out = `${ready.status} ${await ready.text()}\n`;
  const op13 = JSON.stringify({ op: 13, d: { plain_token: "Arq0D5A61EgUu4OxUvOp", event_ts: String(Math.floor(Date.now() / 1000)) } });
  for (const path of ["/readyz", "/qq-official-webhook"]) {
    const r = await fetch(world.gateway.url + path, { method: "POST", body: op13, headers: { "x-bot-appid": path === "/readyz" ? "102000102" : hook.appId } });
    out += `${path} ${r.status} ${(await r.text()).slice(0, 100)}\n`;
  }
  for (const args of [
    ["status", "--deep"],
    ["status", "--all"],
    ["status", "--json"],
    ["channels", "list", "--json"],
    ["logs", "--limit", "5", "--json"],
  ]) {
    const at = Date.now();
    const { code, stdout, stderr } = await world.gateway.cli(args);
    out += `\n##### ${args.join(" ")} -> ${code} in ${Date.now() - at}\n${stdout}\n--- stderr\n${stderr}\n`;
    writeFileSync("/tmp/w/status-cli.txt", out);
  }
  expect((await world.ask("lin", dm("lin", fromEnv), "hello")).text).toContain("hello");
  await openCallbacks(world, hook);
  expect((await world.ask("lin", dm("lin", hook), "hello hook")).text).toContain("hello hook");
});
