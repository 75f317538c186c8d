// node scripts/bootstrap.mjs <script.ts> [arguments…]
//
// Runs a script of this repository from a bare clone: sees to a Node that OpenClaw accepts and to the packages, then
// hands over. Plain JavaScript without dependencies, because it runs before there are any, on Node 18 and newer.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { BootstrapError, findNode, hasPackages, installNode, installPackages } from "./lib/install.mjs";
import { withLock } from "./lib/lock.mjs";
import { say } from "./lib/locale.mjs";
import { nodePackage, passesOn } from "./lib/runtime.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [script, ...args] = process.argv.slice(2);

if (script) {
  try {
    await prepare();
    run(findNode(root));
  } catch (error) {
    console.error(error instanceof BootstrapError ? error.message : error);
    process.exitCode = 1;
  }
} else {
  console.error("node scripts/bootstrap.mjs <script.ts> [arguments…]");
  process.exitCode = 2;
}

/** Installs what is missing; returns at once when nothing is. */
async function prepare() {
  if (findNode(root) && hasPackages(root)) return;
  const waiting = say("another command is installing here; waiting for it…", "另一个命令正在此处安装，等待其完成…");
  await withLock(join(root, ".cache", "bootstrap.lock"), install, () => console.error(waiting));
}

async function install() {
  const node = !findNode(root);
  const packages = !hasPackages(root);
  const steps = Number(node) + Number(packages);
  if (node) {
    const version = nodePackage(process.platform, process.arch)?.version ?? "";
    const what = say(
      `fetching Node ${version} (one time, about 50 MB)…`,
      `正在下载 Node ${version}（仅一次，约 50 MB）…`,
    );
    console.error(`[1/${steps}] ${what}`);
    await installNode(root);
  }
  if (packages) {
    const what = say("installing packages (one time, about a minute)…", "正在安装依赖（仅一次，约一分钟）…");
    console.error(`[${steps}/${steps}] ${what}`);
    await installPackages(root, findNode(root));
  }
}

/** Runs the script and ends as it ends: same exit code, or the same signal. */
function run(node) {
  const child = spawn(node, [script, ...args], { cwd: root, stdio: "inherit", env: environment(node) });
  const where = { platform: process.platform, terminal: Boolean(process.stdin.isTTY) };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => passesOn(signal, where) && child.kill(signal));
  }
  const watch = process.env.npm_lifecycle_event ? watchParent(() => child.kill("SIGTERM")) : undefined;
  child.on("error", (error) => {
    console.error(error.message);
    process.exitCode = 1;
    clearInterval(watch);
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
    clearInterval(watch);
  });
}

/**
 * npm signals the shell that it has started us with, and a shell may die of that without a word to us. Being handed over
 * to another parent is how we notice.
 */
function watchParent(onOrphaned) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onOrphaned();
  }, 500);
  return timer;
}

/** The Node we chose and the tools of node_modules come first. Windows spells the variable as it likes. */
function environment(node) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const path = [dirname(node), join(root, "node_modules", ".bin"), process.env[name]];
  return { ...process.env, [name]: path.filter(Boolean).join(delimiter) };
}
