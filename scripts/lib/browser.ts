import { existsSync } from "node:fs";
import { run } from "./tools.ts";

/** Where the page tests look for the browser. */
const CHROMIUM = "/usr/bin/chromium";
const PACKAGES = ["chromium", "fonts-noto-cjk", "fonts-noto-color-emoji"];

/**
 * Sees to the browser of the page tests and to fonts for Chinese: installs them on Debian when we may.
 * Answers what is wrong, in a sentence, or undefined.
 */
export async function ensureBrowser(): Promise<string | undefined> {
  if (existsSync(CHROMIUM)) return undefined;
  const mayInstall = process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!mayInstall) return `page tests need Chromium at ${CHROMIUM}: apt-get install ${PACKAGES.join(" ")}`;
  console.log(`installing ${PACKAGES.join(", ")} for the page tests (one time)…`);
  const steps = [
    ["-qq", "update"],
    ["-qq", "install", "-y", "--no-install-recommends", ...PACKAGES],
  ];
  for (const step of steps) {
    const { code, output } = await run("/usr/bin/env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", ...step]);
    if (code !== 0) return `page tests need Chromium, and apt-get failed: ${output.trim().split("\n").at(-1)}`;
  }
  return undefined;
}
