import { DEFAULT_ACCOUNT_ID } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { resolveAccount, type QQAccount } from "../../extensions/qq/src/config/account.ts";
import type { QQProbe } from "../../extensions/qq/src/channel/probe.ts";
import { nextSteps, nextStepsContext } from "../../extensions/qq/src/setup/next-steps.ts";
import type { Locale } from "../../extensions/qq/src/texts.ts";
import type { SetupArgs } from "./args.ts";
import { channelPatch } from "./channel.ts";
import type { RunHost } from "./host.ts";
import { planWrite, type Plan } from "./plan.ts";
import type { Screen } from "./screen.ts";
import { STATUS, watchAccount, type Seen } from "./status.ts";
import { say } from "./texts.ts";
import { readVariables, type Found, type Variables } from "./variables.ts";

/** 0 the bot runs, 1 refused by QQ or the host or not running, 2 bad usage or a variable missing. */
type ExitCode = 0 | 1 | 2;

/** Everything outside, so that a test can stand in for it. */
export interface SetupParts {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly locale: Locale;
  readonly screen: Screen;
  readonly host: RunHost;
  /** The configuration as the operator wrote it. */
  readonly config: () => Promise<OpenClawConfig>;
  /** Asks QQ with the account as it would be. */
  readonly probe: (account: QQAccount) => Promise<QQProbe>;
}

/** What stands for the secret wherever something is shown. */
const MASK = "********";

const PATCH = ["config", "patch", "--stdin"] as const;

/** The plan with what its account would be. */
interface Planned extends Plan {
  readonly account: QQAccount;
}

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
  const plan = planWrite(await parts.config(), patched.account);
  if (!plan) {
    screen.fail(say.personal[locale]);
    return 1;
  }
  // Nothing of the environment goes into it, as nothing of it is written.
  const account = { ...resolveAccount(plan.next, DEFAULT_ACCOUNT_ID, {}), locale };
  return await carryOut({ ...plan, account }, args, parts);
}

async function carryOut(plan: Planned, args: SetupArgs, parts: SetupParts): Promise<ExitCode> {
  const { screen, locale } = parts;
  if (plan.replaced !== undefined) screen.info(say.replaces(plan.replaced)[locale]);
  if (args.dryRun) {
    tellPlan(plan, args, parts);
    return 0;
  }
  if (!(await checkWithQQ(plan.account, args, parts)) || !(await write(plan, parts))) return 1;
  const seen = await screen.during(say.checking[locale], watchAccount(parts.host));
  if (seen.state === "works") screen.success(say.works(seen.mode)[locale]);
  screen.info(nextSteps(plan.account, nextStepsContext(plan.next), locale).join("\n"));
  return finish(seen, plan, parts);
}

function finish(seen: Seen, { account }: Planned, { screen, locale }: SetupParts): ExitCode {
  switch (seen.state) {
    case "works":
      screen.end(say.done[locale]);
      return 0;
    case "fails":
      screen.fail(hidden(say.fails(seen.why)[locale], account));
      return 1;
    case "unknown":
      screen.fail(say.unknown[locale]);
      return 1;
    case "no gateway":
      screen.fail(hidden(say.noGateway(seen.why)[locale], account));
      return 1;
  }
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

function tellPlan({ account, patch }: Planned, { skipApiProbe }: SetupArgs, { screen, locale }: SetupParts): void {
  const shown = JSON.stringify({ channels: { qq: patch } }, masked, 2);
  const ask = skipApiProbe ? [] : [say.wouldAsk(account.apiBaseUrl)[locale]];
  const steps = [...ask, `openclaw ${PATCH.join(" ")} <<'EOF'\n${shown}\nEOF`, `openclaw ${STATUS.join(" ")}`];
  screen.info([say.dryRun[locale], ...steps.map((step, index) => `${index + 1}. ${step}`)].join("\n"));
  screen.end(say.nothingChanged[locale]);
}

function masked(key: string, value: unknown): unknown {
  return key === "appSecret" ? MASK : value;
}

async function checkWithQQ(account: QQAccount, { skipApiProbe }: SetupArgs, parts: SetupParts): Promise<boolean> {
  const { screen, locale, probe } = parts;
  if (skipApiProbe) {
    screen.info(say.skipped[locale]);
    return true;
  }
  const answer = await screen.during(say.asking(account.apiBaseUrl)[locale], probe(account));
  if (answer.ok) {
    screen.success(say.bot(answer.bot.username, answer.bot.id)[locale]);
    return true;
  }
  screen.fail(say.refusedByQQ(answer.ok === false ? answer.error : answer.note)[locale]);
  return false;
}

/** The host checks the whole configuration with the patch in it before it writes anything. */
async function write({ account, patch }: Planned, parts: SetupParts): Promise<boolean> {
  const { screen, locale, host } = parts;
  const input = JSON.stringify({ channels: { qq: patch } });
  const { code, said } = await screen.during(say.writing[locale], host(PATCH, input));
  if (code === 0) {
    screen.success(say.written[locale]);
    return true;
  }
  if (/unknown channel id: qq\b/.test(said)) screen.error(say.notInstalled[locale]);
  screen.fail(say.refusedByHost(hidden(said, account))[locale]);
  return false;
}

/** What is to be shown, without the secret, should it be in there. */
function hidden(text: string, { credentials }: QQAccount): string {
  const secret = credentials.ok && "appSecret" in credentials.value ? credentials.value.appSecret : undefined;
  return secret === undefined ? text.trim() : text.trim().replaceAll(secret, MASK);
}
