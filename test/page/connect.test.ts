import { randomBytes } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Emulator } from "../../emulator/emulator.ts";
import { demoBot, launchChromium, openStage } from "./support.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface Polled {
  readonly status: number;
  readonly bot_appid?: string;
}

async function post(emulator: Emulator, path: string, body: object): Promise<unknown> {
  const response = await fetch(emulator.url + path, { method: "POST", body: JSON.stringify(body) });
  return ((await response.json()) as { data: unknown }).data;
}

/** Asks for a code, and opens on the phone what it leads to. */
async function scan(emulator: Emulator, page: Page): Promise<() => Promise<Polled>> {
  const key = randomBytes(32).toString("base64");
  const { task_id } = (await post(emulator, "/lite/create_bind_task", { key })) as { task_id: string };
  await page.goto(`${emulator.url}/qqbot/openclaw/connect.html?task_id=${task_id}&source=My%20OpenClaw&_wv=2`);
  return async () => (await post(emulator, "/lite/poll_bind_result", { task_id })) as Polled;
}

test("A2: the page behind the QR code hands over a bot that is there, or a new one", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const poll = await scan(emulator, page);
  await page.getByText("My OpenClaw 请求连接你的机器人").waitFor();
  expect(await poll()).toMatchObject({ status: 1 });
  await page.getByRole("button", { name: "确认连接" }).click();
  await page.getByText("已连接，请回到终端。").waitFor();
  expect(await poll()).toMatchObject({ status: 2, bot_appid: demoBot.appId });

  const pollNew = await scan(emulator, page);
  await page.getByLabel("机器人", { exact: true }).selectOption({ label: "新建机器人" });
  await page.getByRole("button", { name: "确认连接" }).click();
  await page.getByText("已连接，请回到终端。").waitFor();
  const { bot_appid } = await pollNew();
  expect(emulator.world.snapshot().bots.map(({ appId }) => appId)).toEqual([demoBot.appId, bot_appid]);
  expect(stage.errors).toEqual([]);
});

test("a code that has run out offers nothing to confirm", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  await scan(emulator, page);
  await emulator.control.call("bind", { do: "expire" });
  await page.reload();
  await page.getByText("该二维码已失效").waitFor();
  expect(await page.getByRole("button").count()).toBe(0);
});
