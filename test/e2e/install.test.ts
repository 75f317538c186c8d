import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bot, dm, openWorld, seed, type World } from "./support.ts";

const one = bot(1);
let world: World;
beforeAll(async () => {
  world = await openWorld({
    seed: seed([one]),
    plugin: { kind: "install" },
    channel: () => ({ appId: one.appId, appSecret: one.secret, dmPolicy: "open", allowFrom: ["*"] }),
  });
  await world.gateway.ready;
});
afterAll(async () => world?.close());

test("A1: explore", async () => {
  let out = "";
  for (const args of [
    ["plugins", "inspect", "qq"],
    ["plugins", "inspect", "qq", "--json"],
    ["plugins", "doctor"],
    ["plugins", "list", "--json"],
    ["config", "validate"],
    ["doctor", "--non-interactive"],
    ["security", "audit", "--deep", "--json"],
  ]) {
    const at = Date.now();
    const { code, stdout, stderr } = await world.gateway.cli(args);
    out += `\n##### ${args.join(" ")} -> ${code} in ${Date.now() - at}\n${stdout}\n--- stderr\n${stderr}\n`;
    writeFileSync("/tmp/w/install-cli.txt", out);
  }
  expect((await world.ask("lin", dm("lin", one), "hello")).text).toContain("hello");
});
