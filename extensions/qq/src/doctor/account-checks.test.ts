import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { resolveAccount } from "../config/account.ts";
import { checkSecretFile } from "./account-checks.ts";
import { createFakeMachine } from "./testing/fake-machine.ts";

test("A5: a secret file that every user can read is a warning, one of the owner's is not", async () => {
  const directory = await mkdtemp(join(tmpdir(), "openclaw-qq-doctor-"));
  onTestFinished(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "secret");
  await writeFile(path, "a-secret-of-a-bot");
  const qq = { appId: "102000001", appSecretFile: path };
  const account = resolveAccount({ channels: { qq } }, undefined, {});
  const machine = createFakeMachine();
  const check = async (mode: number) => {
    machine.modes.set(path, mode);
    return await checkSecretFile(machine, account);
  };
  expect(await check(0o100644)).toMatchObject([{ check: "secret-file", level: "warning" }]);
  expect((await check(0o100644))[0]?.fix?.en).toBe(`chmod 600 ${path}`);
  expect(await check(0o100640)).toMatchObject([{ level: "ok" }]);
  expect(await check(0o100600)).toMatchObject([{ level: "ok" }]);
  machine.modes.clear();
  expect(await checkSecretFile(machine, account)).toEqual([]);
});

test("A5: a secret by value has no file to look at", async () => {
  const qq = { appId: "102000001", appSecret: "a-secret-of-a-bot" };
  const account = resolveAccount({ channels: { qq } }, undefined, {});
  expect(await checkSecretFile(createFakeMachine(), account)).toEqual([]);
});
