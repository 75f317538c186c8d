import { createDecipheriv, randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createManualClock } from "./clock.ts";
import { createEmulator, type Emulator } from "./emulator.ts";
import { openid } from "./ids.ts";

// A client of its own, written after qq-official.md 12: it shares nothing with the plugin.
const MINUTE = 60_000;
const bot = { appId: "102000001", secret: "Wq7mT2xLp9Zs4BvKemulator" };

let clock: ReturnType<typeof createManualClock>;
let emulator: Emulator;
beforeEach(async () => {
  clock = createManualClock();
  emulator = await createEmulator({ clock });
});
afterEach(() => emulator.close());

interface Answer {
  readonly retcode: number;
  readonly data?: Readonly<Record<string, string | number>>;
}

async function post(path: string, body: object): Promise<Answer> {
  const response = await fetch(emulator.url + path, { method: "POST", body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const key = randomBytes(32);
const create = (text = key.toString("base64")): Promise<Answer> => post("/lite/create_bind_task", { key: text });
const poll = (task: unknown): Promise<Answer> => post("/lite/poll_bind_result", { task_id: task });

function open(sealed: unknown): string {
  const bytes = Buffer.from(String(sealed), "base64");
  const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  cipher.setAuthTag(bytes.subarray(-16));
  return cipher.update(bytes.subarray(12, -16), undefined, "utf8") + cipher.final("utf8");
}

test("a code is made, scanned and confirmed, and its secret opens with the key it was made with", async () => {
  const task = (await create()).data?.["task_id"];
  expect((await poll(task)).data).toMatchObject({ status: 0 });
  await fetch(`${emulator.url}/qqbot/openclaw/connect.html?task_id=${task}&source=test&_wv=2`);
  expect((await poll(task)).data).toMatchObject({ status: 1 });
  expect(emulator.world.snapshot().binds).toEqual([{ task, expiresAt: clock.now() + 5 * MINUTE, opened: true }]);
  await emulator.control.call("bind", { do: "confirm", bot: bot.appId, person: "lin" });
  const { retcode, data } = await poll(task);
  expect(retcode).toBe(0);
  expect(data).toMatchObject({ status: 2, bot_appid: bot.appId, user_openid: openid(bot.appId, "user", "lin") });
  expect(open(data?.["bot_encrypt_secret"])).toBe(bot.secret);
  expect(emulator.world.snapshot().binds).toEqual([]);
});

test("a new bot can be had, and works at once", async () => {
  const task = (await create()).data?.["task_id"];
  const { bot: appId } = await emulator.control.call("bind", { do: "confirm", name: "扫码助手" });
  const { data } = await poll(task);
  expect(data).toMatchObject({ status: 2, bot_appid: appId });
  const clientSecret = open(data?.["bot_encrypt_secret"]);
  const token = await post("/app/getAppAccessToken", { appId, clientSecret });
  expect(token).toMatchObject({ access_token: expect.any(String) });
  expect(emulator.world.snapshot().bots.at(-1)).toMatchObject({ appId, name: "扫码助手" });
});

test("a result can be read again until the code runs out, and then no more", async () => {
  const task = (await create()).data?.["task_id"];
  await emulator.control.call("bind", { do: "confirm", bot: bot.appId });
  expect((await poll(task)).data).toMatchObject({ status: 2 });
  clock.advance(5 * MINUTE - 1);
  expect((await poll(task)).data).toMatchObject({ status: 2 });
  clock.advance(1);
  expect((await poll(task)).data).toEqual({ status: 3 });
});

test("a code that nobody scans runs out, and can be made to", async () => {
  const tasks = [(await create()).data?.["task_id"], (await create()).data?.["task_id"]];
  await emulator.control.call("bind", { do: "expire" });
  expect((await poll(tasks[0])).data).toMatchObject({ status: 0 });
  expect((await poll(tasks[1])).data).toEqual({ status: 3 });
  clock.advance(5 * MINUTE);
  expect((await poll(tasks[0])).data).toEqual({ status: 3 });
  await expect(emulator.control.call("bind", { do: "confirm" })).rejects.toThrow("nobody waits for a scan");
});

test.each(["", "short", "A".repeat(22) + "==", "A".repeat(44), "é".repeat(44)])(
  "a key that is not 32 bytes in base64 is refused: %s",
  async (text) => {
    expect(await create(text)).toMatchObject({ retcode: 10001 });
  },
);

test("a task that is not there is refused, and calls can be made to be", async () => {
  expect(await poll("nothing")).toMatchObject({ retcode: 10002 });
  await emulator.control.call("bind", { do: "fail", call: "create", retcode: 77 });
  expect(await create()).toMatchObject({ retcode: 77 });
  expect(await create()).toMatchObject({ retcode: 0 });
});

test("no secret stands in the wire log, sealed or not", async () => {
  const task = (await create()).data?.["task_id"];
  await emulator.control.call("bind", { do: "confirm", bot: bot.appId });
  const sealed = String((await poll(task)).data?.["bot_encrypt_secret"]);
  const log = JSON.stringify(emulator.wire());
  expect(log).toContain("/lite/poll_bind_result");
  expect(log).not.toContain(bot.secret);
  expect(log).not.toContain(sealed);
});

test("a confirmed code cannot be confirmed again, and a new world has none", async () => {
  const task = String((await create()).data?.["task_id"]);
  await emulator.control.call("bind", { do: "confirm", task });
  await expect(emulator.control.call("bind", { do: "confirm", task })).rejects.toThrow("confirmed already");
  emulator.reset();
  expect(await poll(task)).toMatchObject({ retcode: 10002 });
});
