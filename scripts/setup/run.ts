import type { QQProbe } from "../../extensions/qq/src/channel/probe.ts";
import { DEFAULT_API_BASE_URL } from "../../extensions/qq/src/protocol/official/endpoints.ts";
import type { Locale } from "../../extensions/qq/src/texts.ts";
import type { SetupArgs } from "./args.ts";
import { channelPatch, type ChannelPatch } from "./channel.ts";
import type { RunHost } from "./host.ts";
import type { Screen } from "./screen.ts";
import { say } from "./texts.ts";
import { readVariables, type Found, type Variables } from "./variables.ts";

/** 0 done, 1 refused by QQ or the host, 2 bad usage or a variable missing. */
type ExitCode = 0 | 1 | 2;

/** Everything outside, so that a test can stand in for it. */
export interface SetupParts {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly locale: Locale;
  readonly screen: Screen;
  readonly host: RunHost;
  /** What is left to do in the console and in QQ. `gatewayPort`: where the gateway listens on this machine. */
  readonly next: (patch: ChannelPatch, gatewayPort: number) => readonly string[];
  /** Asks QQ with what would be written. */
  readonly probe: (patch: ChannelPatch) => Promise<QQProbe>;
}

/** What stands for the secret wherever something is shown. */
const MASK = "********";

/** docs/gateway/configuration.md of the host. */
const DEFAULT_GATEWAY_PORT = 18_789;

const PATCH = ["config", "patch", "--stdin"] as const;
/** A gateway that is not running is waited for that long, ms; the host itself would wait a minute. */
const STATUS = ["channels", "status", "--probe", "--timeout", "15000"] as const;

/** Sets up the default account from environment files: check, write, look. */
export async function runSetup(args: SetupArgs, parts: SetupParts): Promise<ExitCode> {
  const { screen, locale } = parts;
  screen.begin(say.title[locale]);
  const found = await find(args, parts);
  if (!found) return 2;
  const patched = channelPatch(found);
  if ("wrong" in patched) {
    for (const line of patched.wrong) screen.error(line);
    screen.fail(say.stopped[locale]);
    return 2;
  }
  const { patch } = patched;
  if (args.dryRun) {
    tellPlan(patch, args, parts);
    return 0;
  }
  if (!(await checkWithQQ(patch, args, parts)) || !(await write(patch, parts)) || !(await look(patch, parts))) return 1;
  screen.info(parts.next(patch, await gatewayPort(parts)).join("\n"));
  screen.end(say.done[locale]);
  return 0;
}

/** The variables, those that are missing asked for where somebody is there; undefined when that failed. */
async function find(args: SetupArgs, parts: SetupParts): Promise<Variables | undefined> {
  const { screen, locale, directory, env } = parts;
  let found: Found;
  try {
    found = await readVariables(directory, args.envFile, env);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    screen.fail(say.unreadable(args.envFile ?? ".env.qq", reason)[locale]);
    return undefined;
  }
  screen.info(found.files.length > 0 ? say.read(found.files.join(", "))[locale] : say.noFile[locale]);
  const appId = found.variables.QQ_BOT_APP_ID ?? (await askFor(say.askAppId[locale], false, parts));
  const secret =
    found.variables.QQ_BOT_APP_SECRET ?? (appId && (await askFor(say.askSecret[locale], true, parts))) ?? undefined;
  if (appId && secret) return { ...found.variables, QQ_BOT_APP_ID: appId, QQ_BOT_APP_SECRET: secret };
  const missing = [
    ...(appId ? [] : ["QQ_BOT_APP_ID"]),
    ...(found.variables.QQ_BOT_APP_SECRET ? [] : ["QQ_BOT_APP_SECRET"]),
  ];
  screen.fail(say.missing(missing.join(", "))[locale]);
  return undefined;
}

async function askFor(question: string, hidden: boolean, { screen }: SetupParts): Promise<string | undefined> {
  return screen.canAsk ? (await screen.ask(question, hidden)) || undefined : undefined;
}

function tellPlan(patch: ChannelPatch, { skipApiProbe }: SetupArgs, { screen, locale }: SetupParts): void {
  const shown = JSON.stringify({ channels: { qq: { ...patch, appSecret: MASK } } }, undefined, 2);
  const ask = skipApiProbe ? [] : [say.wouldAsk(patch.apiBaseUrl ?? DEFAULT_API_BASE_URL)[locale]];
  const steps = [...ask, `openclaw ${PATCH.join(" ")} <<'EOF'\n${shown}\nEOF`, `openclaw ${STATUS.join(" ")}`];
  screen.info([say.dryRun[locale], ...steps.map((step, index) => `${index + 1}. ${step}`)].join("\n"));
  screen.end(say.nothingChanged[locale]);
}

async function checkWithQQ(patch: ChannelPatch, { skipApiProbe }: SetupArgs, parts: SetupParts): Promise<boolean> {
  const { screen, locale, probe } = parts;
  if (skipApiProbe) {
    screen.info(say.skipped[locale]);
    return true;
  }
  const url = patch.apiBaseUrl ?? DEFAULT_API_BASE_URL;
  const answer = await screen.during(say.asking(url)[locale], probe(patch));
  if (answer.ok) {
    screen.success(say.bot(answer.bot.username, answer.bot.id)[locale]);
    return true;
  }
  screen.fail(say.refusedByQQ(answer.ok === false ? answer.error : answer.note)[locale]);
  return false;
}

/** The host checks the whole configuration with the patch in it before it writes anything. */
async function write(patch: ChannelPatch, parts: SetupParts): Promise<boolean> {
  const { screen, locale, host } = parts;
  const input = JSON.stringify({ channels: { qq: patch } });
  const { code, said } = await screen.during(say.writing[locale], host(PATCH, input));
  if (code === 0) {
    screen.success(say.written[locale]);
    return true;
  }
  if (/unknown channel id: qq\b/.test(said)) screen.error(say.notInstalled[locale]);
  screen.fail(say.refusedByHost(hidden(said, patch))[locale]);
  return false;
}

async function look(patch: ChannelPatch, { screen, locale, host }: SetupParts): Promise<boolean> {
  const { code, said } = await screen.during(say.checking[locale], host(STATUS));
  if (code === 0) screen.info(hidden(said, patch));
  else screen.fail(say.statusFailed(hidden(said, patch))[locale]);
  return code === 0;
}

/** Where the host is configured to listen; its own default where nothing is said. */
async function gatewayPort({ host }: SetupParts): Promise<number> {
  const { code, said } = await host(["config", "get", "gateway.port"]);
  const port = Number(said.trim());
  return code === 0 && Number.isInteger(port) && port > 0 ? port : DEFAULT_GATEWAY_PORT;
}

/** What a command said, without the secret, should it ever say it. */
function hidden(said: string, { appSecret }: ChannelPatch): string {
  return typeof appSecret === "string" ? said.trim().replaceAll(appSecret, MASK) : said.trim();
}
