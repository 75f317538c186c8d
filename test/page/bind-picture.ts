/**
 * Takes the pictures of `openclaw qq bind` that the README shows: `node test/page/bind-picture.ts <directory>`
 * What stands in them is what the command has printed in a terminal, with the emulated QQ behind it.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { gatewayEnvironment } from "../../demo/environment.ts";
import { ROOT } from "../../demo/host.ts";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import { bindTexts } from "../../extensions/qq/src/setup/bind-texts.ts";
import { buildPlugin } from "../../scripts/lib/build.ts";
import { seed } from "../e2e/support.ts";
import { openTerminal } from "../e2e/terminal.ts";
import { launchChromium } from "./support.ts";

const PLUGIN = join(ROOT, "extensions", "qq");
const LANGUAGES = [
  ["bind.png", "en_US.UTF-8", bindTexts.scan.en],
  ["bind.zh-CN.png", "zh_CN.UTF-8", bindTexts.scan.zh],
] as const;
const COMMAND = ["qq", "bind"];
// A cell of the QR code is drawn, not written: a font's block characters leave seams between lines.
const STYLE = `
  body { margin: 0 }
  pre { margin: 0; padding: 16px 20px; width: 820px; white-space: pre-wrap; overflow-wrap: anywhere;
    background: #1b1d21; color: #dfe1e5; font: 13px/18px "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace }
  .code { display: block; font-size: 0; line-height: 0 }
  .code i { display: inline-block; width: 7px; height: 7px }
  .code i.light { background: #fff }`;

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("usage: node test/page/bind-picture.ts <directory>");

await buildPlugin(PLUGIN, join(ROOT, ".cache", "build", "qq.json"));
const emulator = await createEmulator({ seed: seed([]) });
const browser = await launchChromium();
try {
  for (const [file, language, begin] of LANGUAGES) {
    const printed = await bindIn(emulator, language);
    // Before it stand the host's spinner and one of its sayings.
    await takePicture(browser, printed.slice(printed.indexOf(begin)), join(directory, file));
  }
} finally {
  await browser.close();
  await emulator.close();
}

/** Binds a bot where nothing of QQ is configured; resolves with what the terminal has shown. */
async function bindIn({ url, control }: Emulator, language: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "qq-bind-picture-"));
  const configPath = join(home, "openclaw.json");
  await writeFile(configPath, JSON.stringify({ plugins: { load: { paths: [PLUGIN] }, allow: ["qq"] } }));
  // No gateway runs: the port and the token are asked for and used by nobody.
  const own = { directory: home, stateDir: home, configPath, port: 18_789, token: "none" };
  const qq = { QQ_BOT_API_BASE_URL: url, QQ_BOT_BIND_BASE_URL: url, LANG: language, LC_ALL: language };
  const env = { ...gatewayEnvironment(own, process.env), ...qq };
  const terminal = openTerminal(COMMAND, { cwd: home, env });
  try {
    await terminal.shows(/connect\.html\S+\n/);
    await control.call("bind", { do: "confirm", person: "lin", name: "小助手" });
    if ((await terminal.ended) !== 0) throw new Error(`openclaw qq bind has failed:\n${terminal.transcript()}`);
    return terminal.transcript();
  } finally {
    terminal.close();
    await rm(home, { recursive: true });
  }
}

async function takePicture(browser: Browser, printed: string, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 860, height: 600 } });
  await page.setContent(`<style>${STYLE}</style><pre>$ openclaw ${COMMAND.join(" ")}\n\n${toHtml(printed)}</pre>`);
  await page.locator("pre").screenshot({ path });
  await page.close();
}

function toHtml(printed: string): string {
  const lines = printed.trim().split("\n");
  return lines.map((line) => (/^[ ▀▄█]{20,}$/.test(line) ? drawn(line) : `${escaped(line)}\n`)).join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Two rows of modules, of a line of half-blocks; light ones are printed, the terminal being dark. */
function drawn(line: string): string {
  const row = (light: string): string => {
    const cells = line.replaceAll(/./gu, (block) => (light.includes(block) ? `<i class="light"></i>` : "<i></i>"));
    return `<span class="code">${cells}</span>`;
  };
  return row("█▀") + row("█▄");
}
