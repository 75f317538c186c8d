import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayConfig, merge, type JsonObject, type ModelEndpoint } from "./config.ts";
import { gatewayEnvironment } from "./environment.ts";
import { freePort, OPENCLAW, readText, ROOT, tail } from "./host.ts";
import { runGroup, spawnGroup, type CommandResult, type ProcessGroup } from "./process.ts";

/** How the plugin gets into the gateway. */
type PluginSource =
  | { readonly kind: "none" }
  /** Loaded from where it is. */
  | { readonly kind: "path"; readonly directory?: string }
  /** Installed by `openclaw plugins install`: a directory, or `npm-pack:` and the path of a tarball. Takes 4-8 s more. */
  | { readonly kind: "install"; readonly source?: string };

export interface GatewayOptions {
  readonly model: ModelEndpoint;
  readonly plugin: PluginSource;
  /** `channels.qq`. */
  readonly channel?: JsonObject;
  /** Merged over the configuration, deeply. */
  readonly config?: JsonObject;
  /** Merged over the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** On 127.0.0.1; a free one by default. */
  readonly port?: number;
  /** How long a start may take, ms. */
  readonly readyTimeoutMs?: number;
}

/** A real OpenClaw gateway with a home of its own, which goes when the gateway does. */
export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Holds everything of it: its home, `state`, `openclaw.json`, the workspace and the logs. */
  readonly directory: string;
  readonly stateDir: string;
  readonly configPath: string;
  readonly token: string;
  readonly env: NodeJS.ProcessEnv;
  /** Resolves when the first start has come to `GET /readyz` 200; rejects with the end of the log. */
  readonly ready: Promise<void>;
  /** All it has printed so far. */
  log(): string;
  /** Stops it and everything it started, and removes its directory. */
  stop(): Promise<void>;
  /** Ends it the hard way; its directory stays. `restart` brings it back. */
  kill9(): Promise<void>;
  /** Stops it if it runs and starts it on the same directory and port; resolves when it is ready. */
  restart(): Promise<void>;
  /** Runs `openclaw <args>` on the same home; ends it after a minute. */
  cli(args: readonly string[]): Promise<CommandResult>;
}

/** Prepares the home of a gateway and starts it; see `ready`. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const directory = await mkdtemp(join(tmpdir(), "openclaw-qq-"));
  const stateDir = join(directory, "state");
  const configPath = join(directory, "openclaw.json");
  const port = options.port ?? (await freePort());
  const token = randomBytes(16).toString("hex");
  const own = { directory, stateDir, configPath, port, token };
  const env = { ...gatewayEnvironment(own, process.env), ...options.env };
  const logFile = join(directory, "gateway.log");
  const log = (): string => readText(logFile);
  const removeLast = (): void => rmSync(directory, { recursive: true, force: true });
  process.once("exit", removeLast);

  const loadPaths = options.plugin.kind === "path" ? [options.plugin.directory ?? PLUGIN] : undefined;
  const configure = (plugin: boolean): Promise<void> =>
    writeConfig(configPath, gatewayConfig({ ...own, ...options, port, loadPaths, plugin }));
  await mkdir(stateDir);
  await configure(options.plugin.kind === "path");

  let group: ProcessGroup | undefined;
  const stopping = new AbortController();
  const cli = (args: readonly string[]): Promise<CommandResult> => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(CLI_TIMEOUT)]);
    return runGroup([OPENCLAW, ...args], { cwd: directory, env }, signal);
  };
  const start = async (): Promise<void> => {
    stopping.signal.throwIfAborted();
    group = spawnGroup(["--import", ORPHAN, OPENCLAW, "gateway", "run"], { cwd: directory, env, logFile });
    await untilReady(group, port, options.readyTimeoutMs ?? 90_000, log);
  };
  const prepareAndStart = async (): Promise<void> => {
    if (options.plugin.kind === "install") {
      await install(cli, options.plugin.source ?? PLUGIN);
      await configure(true);
    }
    await start();
  };
  const ready = prepareAndStart();
  // Whoever waits for it hears of a failure; nobody has to.
  ready.catch(() => {});

  return {
    url: `http://127.0.0.1:${port}`,
    ...own,
    env,
    ready,
    log,
    cli,
    async stop() {
      stopping.abort(new Error("the gateway was stopped"));
      await group?.stop(STOP_GRACE);
      // A preparation that was under way is over as well by then.
      await ready.catch(() => {});
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      process.off("exit", removeLast);
    },
    async kill9() {
      group?.kill("SIGKILL");
      await group?.ended;
    },
    async restart() {
      await group?.stop(STOP_GRACE);
      await start();
    },
  };
}

/** The plugin of this repository; it must be built. */
const PLUGIN = join(ROOT, "extensions", "qq");
const ORPHAN = new URL("./orphan.mjs", import.meta.url).href;
/** A command takes 1-13 s, ms. */
const CLI_TIMEOUT = 60_000;
/** An idle gateway needs 2 s to stop, ms. */
const STOP_GRACE = 10_000;

async function install(cli: Gateway["cli"], source: string): Promise<void> {
  const { code, stdout, stderr } = await cli(["plugins", "install", source, "--force", "--accept-capabilities"]);
  if (code !== 0) throw new Error(`openclaw plugins install failed:\n${tail(`${stdout}\n${stderr}`)}`);
}

/** Keeps what the host has noted in the file itself, which would otherwise look to it like damage. */
async function writeConfig(path: string, config: JsonObject): Promise<void> {
  const noted = JSON.parse(readText(path) || "{}") as JsonObject;
  await writeFile(path, JSON.stringify(merge(noted, config), null, 2));
}

async function untilReady(group: ProcessGroup, port: number, timeoutMs: number, log: () => string): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let said = "no answer yet";
  while (performance.now() < deadline) {
    if (!group.running) {
      throw new Error(`the gateway ended before it was ready (${await group.ended}):\n${tail(log())}`);
    }
    try {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5000) });
      said = await response.text();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(200);
  }
  throw new Error(`the gateway was not ready within ${timeoutMs} ms (${said}):\n${tail(log())}`);
}
