// The host's own Control UI, in Chromium: what it makes of the schema is a form that can be filled in.
// `PICTURE=docs/images/control-ui.png` has it take the picture of the documents.
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentedKeys } from "../../extensions/qq/src/config/manifest.ts";
import { account, bot, lineTo, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "../e2e/support.ts";
import { launchChromium } from "./support.ts";

const main = bot(1, { name: "小助手" });
const hook = bot(2, { name: "客服" });
const cat = account(1, { name: "阿书" });
const secrets = [main.secret, hook.secret, cat.token ?? "none"];

let world: World;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  world = await openWorld({
    seed: { ...seed([main, hook]), accounts: [cat] },
    channel: (emulator) => ({
      appId: main.appId,
      appSecret: main.secret,
      shards: 1,
      dmPolicy: "pairing",
      accounts: {
        shop: { name: "客服", appId: hook.appId, appSecret: hook.secret, webhookPath: WEBHOOK_PATH },
        me: { name: "阿书", ...lineTo(emulator, cat) },
      },
    }),
    config: { gateway: { controlUi: { enabled: true } } },
  });
  await world.gateway.ready;
  await openCallbacks(world, hook);
  page = await openForm();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await world?.close();
}, 60_000);

/** The form of the channel, as an operator comes to it. The token is in the fragment, which no server sees. */
async function openForm(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 1240 }, locale: "en-US" });
  // The gateway answers the page's first calls while it is still loading its agent.
  context.setDefaultTimeout(90_000);
  const opened = await context.newPage();
  await opened.goto(`${world.gateway.url}/settings/channels#token=${world.gateway.token}`);
  await opened.getByText("QQ", { exact: true }).first().click();
  await opened.locator(".channels-detail .config-form").waitFor();
  return opened;
}

const form = () => page.locator(".channels-detail .config-form");
const labels = async () => {
  const texts = await form().locator(".settings-row__title").allTextContents();
  return texts.map((text) => text.trim());
};

/** Opens what the form keeps folded away: the advanced keys, and every account. */
async function unfold(): Promise<void> {
  await form().getByText("Advanced settings").first().click();
  await form()
    .locator("details")
    .evaluateAll((all) => all.forEach((each) => each.setAttribute("open", "")));
  await form().getByText("Shards").first().waitFor();
}

/** The dialog alone, scrolled to where the form begins. */
async function takePicture(path: string): Promise<void> {
  await form().evaluate((element) => element.scrollIntoView({ block: "start" }));
  const clip = await page.locator(".channels-detail").boundingBox();
  if (clip) await page.screenshot({ path, clip });
}

describe("the form of the channel", () => {
  test("A7: shows what everybody needs at once, by our labels and in our order", async () => {
    const picture = process.env["PICTURE"];
    if (picture !== undefined) await takePicture(picture);
    const shown = await labels();
    const basic = documentedKeys().filter(([, { advanced }]) => !advanced);
    for (const [, { label }] of basic) expect(shown).toContain(label);
    expect(shown.slice(0, 3)).toEqual(["AppID", "AppSecret", "Transport"]);
  });

  test("A7: has a field for every key, and none that must be written by hand", async () => {
    await unfold();
    const shown = await labels();
    for (const [key, { label }] of documentedKeys()) expect(shown, key).toContain(label);
    expect(await form().innerText()).not.toMatch(/unsupported|raw mode/i);
  });

  test("A7: an account has the same labels as the top", async () => {
    const shown = await labels();
    for (const label of ["AppID", "AppSecret", "NapCat token", "DM policy", "DM allowlist"]) {
      expect(shown.filter((each) => each === label).length, label).toBeGreaterThanOrEqual(3);
    }
    expect(shown).not.toContain("Access Token");
  });

  test("A7 G3: shows no secret of the top or of an account", async () => {
    const values = await page
      .locator("input")
      .evaluateAll((all) => all.map((each) => ("value" in each ? String(each.value) : "")));
    const text = `${await page.content()}\n${values.join("\n")}`;
    for (const secret of secrets) expect(text).not.toContain(secret);
    const hidden = await form().locator('input[placeholder*="redacted"]').count();
    expect(hidden).toBe(secrets.length);
  });

  test("A7: what is typed and saved is in the configuration, and no secret is lost over it", async () => {
    await form().getByLabel("Name", { exact: true }).first().fill("Front desk");
    // The page saves by itself once the field is left.
    await page.keyboard.press("Tab");
    const { configPath } = world.gateway;
    const saved = async () => JSON.parse(await readFile(configPath, "utf8")) as { channels: { qq: object } };
    await expect.poll(saved, { timeout: 30_000 }).toMatchObject({
      channels: {
        qq: { name: "Front desk", appSecret: main.secret, accounts: { me: { accessToken: cat.token ?? "none" } } },
      },
    });
  });
});
