import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { advise } from "../advice.ts";
import { resolveAccount, resolveDefaultAccountId, type Env } from "../config/account.ts";
import { QQConfigError, type Wording } from "../errors.ts";
import type { Locale } from "../texts.ts";
import type { Outside } from "../transport/transport.ts";
import { tellAfterwards } from "./afterwards.ts";
import { bindBaseUrl } from "./bind-base-url.ts";
import { occupantOf, secretFileOf, withBoundBot, type Occupant } from "./bind-save.ts";
import { bindTexts } from "./bind-texts.ts";
import { bindByScan, type BoundBot } from "./bind.ts";
import type { QrLook } from "./qr.ts";
import { issueOf } from "./save.ts";

/** One binding, as a command runs it. */
export interface BindRun {
  /** As it was typed; the channel's default account when absent. */
  readonly accountId?: string | undefined;
  /** Who asks, as the page on the phone shows it; `OpenClaw` when absent. */
  readonly source?: string | undefined;
  /** Replaces another bot without a question. */
  readonly force: boolean;
  /** Keeps the secret in this file; where it was kept before when absent. */
  readonly secretFile?: string | undefined;
  readonly env: Env;
  readonly locale: Locale;
  readonly outside: Outside;
  readonly signal: AbortSignal;
  readonly look?: QrLook;
  readonly config: BindConfig;
  /** A line, or several, for the person at the terminal. */
  readonly say: (lines: string) => void;
  /** Absent where nobody can answer. */
  ask?: ((question: string) => Promise<boolean>) | undefined;
}

interface NamedRun extends BindRun {
  readonly accountId: string;
}

/** The configuration as the operator wrote it. */
export interface BindConfig {
  read(): Promise<OpenClawConfig>;
  /** Applies the change to what stands there by then; resolves with the outcome. */
  change(change: (cfg: OpenClawConfig) => OpenClawConfig): Promise<OpenClawConfig>;
  writeSecret(path: string, secret: string): Promise<void>;
}

const DEFAULT_SOURCE = "OpenClaw";

/**
 * Shows the code, waits for the scan, saves the bot and says what is left to do. Nothing is written before the scan is
 * confirmed. Rejects with a `QQError`, or with the reason of `signal`.
 */
export async function runBind(wish: BindRun): Promise<void> {
  const { config, env } = wish;
  const baseUrl = bindBaseUrl(env);
  const cfg = await config.read();
  const accountId = normalizeAccountId(wish.accountId ?? resolveDefaultAccountId(cfg));
  const run = { ...wish, accountId };
  const occupant = occupantOf(cfg, accountId, env);
  if (occupant?.account.transport === "onebot") throw new QQConfigError("channels.qq", bindTexts.personal(accountId));
  const { appId } = occupant?.account ?? {};
  if (appId !== undefined && !run.ask && !run.force) tell(run, bindTexts.occupied(accountId, appId));
  const bot = await bindByScan({
    outside: run.outside,
    baseUrl,
    source: run.source ?? DEFAULT_SOURCE,
    signal: run.signal,
    ...(run.look && { look: run.look }),
    show: ({ url, drawn }) => {
      tell(run, drawn === "" ? bindTexts.narrow : bindTexts.scan);
      if (drawn !== "") run.say(`\n${drawn}\n`);
      tell(run, bindTexts.link(url));
      tell(run, bindTexts.waiting);
    },
    waiting: (news) => {
      if (news.state === "lost") tell(run, bindTexts.lost(advise(news.error, run.locale)));
      else tell(run, bindTexts[news.state]);
    },
  });
  if (occupant && !(await mayReplace(run, occupant, bot))) throw new QQConfigError("channels.qq", bindTexts.declined);
  await save(run, bot, occupant);
}

async function mayReplace(run: NamedRun, { account, secretIsReference }: Occupant, bot: BoundBot): Promise<boolean> {
  const { accountId } = run;
  const another = account.appId !== undefined && account.appId !== bot.appId;
  const question = another
    ? bindTexts.replace(accountId, account.appId, bot.appId)
    : secretIsReference && run.secretFile === undefined
      ? bindTexts.replaceReference(accountId)
      : undefined;
  if (run.force || !question) return true;
  return (await run.ask?.(question[run.locale])) === true;
}

async function save(run: NamedRun, bot: BoundBot, occupant: Occupant | undefined): Promise<void> {
  const { accountId, config, env } = run;
  const secretFile = run.secretFile ?? secretFileOf(occupant);
  const issue = issueOf(withBoundBot(await config.read(), accountId, bot, env, secretFile).cfg);
  if (issue !== undefined) throw new QQConfigError("channels.qq", bindTexts.refused(issue));
  if (secretFile !== undefined) await config.writeSecret(secretFile, bot.appSecret);
  let told: { readonly allowed: boolean; readonly owner: boolean } | undefined;
  const saved = await config.change((cfg) => {
    const { cfg: next, ...who } = withBoundBot(cfg, accountId, bot, env, secretFile);
    told = who;
    return next;
  });
  tell(run, bindTexts.bound(bot.appId, accountId));
  if (secretFile !== undefined) tell(run, bindTexts.inFile(secretFile));
  if (told?.allowed) tell(run, bindTexts.allowed);
  if (told?.owner) tell(run, bindTexts.owner);
  run.say("");
  const account = resolveAccount(saved, accountId, env);
  await tellAfterwards(account, saved, { log: run.say, locale: run.locale, outside: run.outside });
}

function tell({ say, locale }: BindRun, wording: Wording): void {
  say(wording[locale]);
}
