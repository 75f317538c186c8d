// Fetches what is missing: a Node that OpenClaw accepts, and the packages of the lock file. Runs on Node 18 and newer.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { say } from "./locale.mjs";
import { fits, isNetworkTrouble, missingDirect, missingFromNpm, nodePackage, packageManager } from "./runtime.mjs";

/** A failure that is explained in one sentence; its stack helps nobody. */
export class BootstrapError extends Error {}

/** The Node to run with, if it is there: this one if it fits, else the one under `.cache/node`. */
export function findNode(root) {
  if (fits(process.version)) return process.execPath;
  const wanted = nodePackage(process.platform, process.arch);
  const modules = join(root, ".cache", "node", "node_modules");
  // npm writes this note after the files: a package that is named in it is whole.
  const there = readJson(join(modules, ".package-lock.json"))?.packages?.[`node_modules/${wanted?.name}`];
  const path = wanted && join(modules, wanted.name, wanted.bin);
  return path && there?.version === wanted.version && existsSync(path) ? path : undefined;
}

/** Whether node_modules holds what the lock file names. A few milliseconds. */
export function hasPackages(root) {
  const modules = join(root, "node_modules");
  const own = readJson(join(root, "package.json"));
  const plugin = readJson(join(root, "extensions", "qq", "package.json"));
  if (existsSync(join(modules, ".modules.yaml"))) {
    const wanted = { ...own?.devDependencies, ...plugin?.dependencies, ...plugin?.devDependencies };
    const places = [modules, join(root, "extensions", "qq", "node_modules")];
    const versionOf = (name) =>
      places.map((place) => readJson(join(place, name, "package.json"))?.version).find(Boolean);
    return missingDirect(wanted, versionOf).length === 0;
  }
  const installed = readJson(join(modules, ".package-lock.json"));
  return Boolean(installed) && missingFromNpm(readJson(join(root, "package-lock.json")), installed).length === 0;
}

/** Puts a Node that fits under `.cache/node`. */
export async function installNode(root) {
  const wanted = nodePackage(process.platform, process.arch);
  if (!wanted || isMusl()) {
    throw new BootstrapError(
      say(
        `OpenClaw needs Node 24.16 or newer, this is ${process.version}, and npm has none for this system: install Node 24 and run the command again.`,
        `OpenClaw 需要 Node 24.16 或更高版本，当前是 ${process.version}，而 npm 上没有适用于本系统的 Node：请安装 Node 24 后重新运行。`,
      ),
    );
  }
  const prefix = join(root, ".cache", "node");
  mkdirSync(prefix, { recursive: true });
  const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--loglevel=error"];
  // Windows on ARM runs x64 programs; npm wants to be told that this is meant.
  if (process.platform === "win32" && process.arch === "arm64") flags.push("--cpu=x64");
  const args = ["install", "--prefix", prefix, ...flags, ...QUIET, `${wanted.name}@${wanted.version}`];
  await run(root, npm(process.execPath), args);
  if (!findNode(root)) throw new BootstrapError(`npm has not put ${wanted.name} under ${prefix}`);
}

/** Installs the packages of the lock file, with the package manager that runs us, on `node`. */
export async function installPackages(root, node) {
  if (packageManager(process.env.npm_config_user_agent) === "pnpm") {
    // There is no lock file of pnpm's here: versions of the direct dependencies are pinned in package.json.
    const args = [
      "install",
      "--ignore-scripts",
      "--no-frozen-lockfile",
      "--no-lockfile",
      "--config.confirmModulesPurge=false",
    ];
    await run(root, command(process.env.npm_execpath, node) ?? ["pnpm"], args, node);
  } else {
    // Not `npm ci`: it refuses a lock file without the optional packages of other systems, which npm leaves out of the lock
    // of whoever cannot fetch them. This keeps to the locked versions all the same, and to the lock file as it is.
    await run(root, npm(node), ["install", "--no-save", "--ignore-scripts", "--loglevel=error", ...QUIET], node);
  }
}

/** No ads; and give up on an unreachable registry after seconds, not minutes. */
const QUIET = ["--no-audit", "--no-fund", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000"];

/** How to start the npm that is there, on `node`: its script where it can be found, else by name. */
function npm(node) {
  const beside = dirname(process.execPath);
  const places = [
    /npm-cli\.c?js$/.test(process.env.npm_execpath ?? "") ? process.env.npm_execpath : "",
    join(beside, "node_modules", "npm", "bin", "npm-cli.js"),
    join(beside, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    "/usr/share/nodejs/npm/bin/npm-cli.js",
  ];
  const script = places.find((place) => place && existsSync(place));
  return script ? [node, script] : ["npm"];
}

function command(path, node) {
  if (!path) return undefined;
  return /\.[cm]?js$/.test(path) ? [node, path] : [path];
}

/** Runs a package manager to its end. What it prints goes to stderr, where our own words go; its errors are kept for a failure. */
async function run(root, [program, ...before], args, node = process.execPath) {
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;
  // A shell only where there is no other way: npm.cmd by name on Windows.
  const shell = process.platform === "win32" && before.length === 0;
  const child = spawn(program, [...before, ...args], {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", 2, "pipe"],
    shell,
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve)).catch((error) => {
    said += error.message;
    return 1;
  });
  if (code === 0) return;
  throw new BootstrapError(isNetworkTrouble(said) ? unreachable(said) : `${said.trim()}\n${program}: ${code}`);
}

function unreachable(said) {
  const registry =
    process.env.npm_config_registry ?? said.match(/https?:\/\/[^/\s]+\//)?.[0] ?? "https://registry.npmjs.org/";
  return say(
    `Cannot reach the npm registry ${registry}: check the network or set HTTPS_PROXY, or choose a mirror with "npm config set registry https://registry.npmmirror.com", then run the same command again.`,
    `无法连接 npm 源 ${registry}：请检查网络或设置 HTTPS_PROXY，也可换用镜像 "npm config set registry https://registry.npmmirror.com"，然后重新运行同一条命令。`,
  );
}

/** The programs on npm are linked against glibc. */
function isMusl() {
  return process.platform === "linux" && !process.report?.getReport().header.glibcVersionRuntime;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
