import { expect, test } from "vitest";
import { QQProtocolError, QQTransportError } from "../../errors.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFakeOneBotCalls, refused, type ScriptedAction } from "../testing/fake-onebot-calls.ts";
import type { OneBotAccess } from "./account.ts";
import { askIdentity, type Identity } from "./identity.ts";

const access: OneBotAccess = {
  accepts: false,
  connectionTimeoutMs: 1,
  reconnectIntervalMs: 1,
  base64MaxBytes: 1,
  sendGapMs: 0,
};

async function ask(version: ScriptedAction): Promise<Identity> {
  const calls = createFakeOneBotCalls(createFakeClock());
  calls.on("get_login_info", { data: { user_id: 10001, nickname: "Bot" } });
  calls.on("get_version_info", version);
  return await askIdentity(calls, access, () => undefined, new AbortController().signal);
}

test("C4: the implementation is known by its name", async () => {
  const version = { app_name: "NapCat.Onebot", app_version: "4.18.19" };
  expect(await ask({ data: version })).toMatchObject({ id: "10001", software: "NapCat.Onebot 4.18.19" });
});

test.each([
  ["none", refused("unsupported")],
  ["one that cannot be read", { error: new QQProtocolError("the answer cannot be read") }],
] as const)("C4: with %s for a version it is one that nobody knows", async (_name, version) => {
  expect((await ask(version)).software).toBe("");
});

test("C4: a version that does not come in time leaves everything open", async () => {
  await expect(ask({ error: new QQTransportError("no answer") })).rejects.toMatchObject({ code: "QQ_TRANSPORT" });
});
