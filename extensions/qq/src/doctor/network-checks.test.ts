import { expect, test } from "vitest";
import { resolveAccount } from "../config/account.ts";
import { checkNames } from "./network-checks.ts";
import { createFakeMachine } from "./testing/fake-machine.ts";

const bot = { appId: "102000001", appSecret: "a-secret-of-a-bot" };

async function check(qq: Readonly<Record<string, unknown>>, names: Readonly<Record<string, readonly string[]>>) {
  const machine = createFakeMachine();
  for (const [host, addresses] of Object.entries(names)) machine.names.set(host, addresses);
  return await checkNames(machine, [resolveAccount({ channels: { qq } }, undefined, {})]);
}

test("A6: the host of the API leads to a public address", async () => {
  const findings = await check(bot, { "api.bot.qq.com": ["43.1.2.3", "2402:4e00::1"] });
  expect(findings).toMatchObject([{ check: "dns", level: "ok" }]);
  expect(findings[0]?.saw.en).toBe("api.bot.qq.com is 43.1.2.3, 2402:4e00::1");
});

test("A6: the old hosts hand out tokens elsewhere, and both are looked up", async () => {
  const old = { ...bot, apiBaseUrl: "https://api.sgroup.qq.com" };
  const findings = await check(old, { "api.sgroup.qq.com": ["43.1.2.3"] });
  expect(findings.map(({ level }) => level)).toEqual(["ok", "error"]);
  expect(findings[1]?.saw.en).toBe("bots.qq.com has no address (ENOTFOUND)");
});

test.each([
  ["198.18.0.7", "fake-ip", "warning"],
  ["198.19.255.1", "fake-ip", "warning"],
  ["198.20.0.1", "dns", "ok"],
  ["192.168.1.1", "dns", "warning"],
  ["172.31.0.1", "dns", "warning"],
  ["172.32.0.1", "dns", "ok"],
  ["127.0.0.1", "dns", "warning"],
  ["fd00::1", "dns", "warning"],
] as const)("A6: QQ at %s is %s %s", async (address, name, level) => {
  expect(await check(bot, { "api.bot.qq.com": [address] })).toMatchObject([{ check: name, level }]);
});

test("A6: a NapCat may be in the own network, and addresses are not looked up", async () => {
  const named = { httpUrl: "http://napcat:3000", wsUrl: "ws://[::1]:3001", selfId: "10001" };
  expect(await check(named, { napcat: ["172.18.0.2"] })).toMatchObject([{ check: "dns", level: "ok" }]);
  expect(await check({ httpUrl: "http://localhost:3000", wsUrl: "ws://10.0.0.2:3001" }, {})).toEqual([]);
  expect(await check(named, {})).toMatchObject([{ check: "dns", level: "error" }]);
});
