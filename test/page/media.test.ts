import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openid } from "../../emulator/ids.ts";
import { png, silk } from "../emulator/files.ts";
import { connectBot, demoBot, launchChromium, linDm, openChat, openStage, type TestBot } from "./support.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const path = `/v2/users/${openid(demoBot.appId, "user", "lin")}`;
const sendFile = async (bot: TestBot, body: object, more: object = {}): Promise<void> => {
  const { answer } = await bot.call("POST", `${path}/files`, body);
  const { file_info } = answer as { file_info?: string };
  const sent = await bot.call("POST", `${path}/messages`, { msg_type: 7, media: { file_info }, ...more });
  expect(sent.status).toBe(200);
};

test("a person attaches files, takes one away again, and sends the others with a word", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "添加文件" }).click();
  await (
    await choosing
  ).setFiles([
    { name: "红.png", mimeType: "image/png", buffer: png },
    { name: "不要.txt", mimeType: "text/plain", buffer: Buffer.from("x") },
    { name: "录音.silk", mimeType: "", buffer: silk },
  ]);
  await page.getByRole("button", { name: "不发送 不要.txt" }).click();
  expect(await page.locator(".file-chip").count()).toBe(2);
  await page.locator("#text").fill("看");
  await page.locator("#text").press("Enter");

  const own = page.locator('.line[data-mine="true"]');
  await own.waitFor();
  expect(await own.locator(".picture img").getAttribute("alt")).toBe("红.png");
  expect(await own.locator(".file-card").innerText()).toBe("录音.silk\n语音 · 0.1 s · 28 B");
  expect(await own.locator(".content").innerText()).toBe("看");
  expect(await page.locator(".file-chip").count()).toBe(0);
  expect(emulator.world.messages(linDm)).toMatchObject([
    { text: "看", media: { kind: "image" }, moreMedia: [{ kind: "voice" }] },
  ]);
  expect(stage.errors).toEqual([]);
});

test("the bot's picture is seen, its file can be had, and neither needs words", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  await sendFile(bot, { file_type: 1, file_data: png.toString("base64"), file_name: "红.png" });
  const image = page.locator('.line[data-from="bot"] .picture img');
  await image.waitFor();
  await expect.poll(() => image.evaluate((element) => "naturalWidth" in element && element.naturalWidth)).toBe(1);
  expect(await page.locator('.line[data-from="bot"] .content').count()).toBe(0);
  expect(await page.locator("#chats .row", { hasText: demoBot.name }).first().innerText()).toContain("[图片] 红.png");

  const report = Buffer.from("%PDF");
  await sendFile(bot, { file_type: 4, file_data: report.toString("base64"), file_name: "报告.pdf" });
  const downloading = page.waitForEvent("download");
  await page.locator(".file-card", { hasText: "报告.pdf" }).click();
  expect((await downloading).suggestedFilename()).toBe("报告.pdf");
  expect(stage.errors).toEqual([]);
});
