import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { resolveAccount, resolveDefaultAccountId, type Env } from "../config/account.ts";
import { QQConfigError, type Wording } from "../errors.ts";
import type { Locale } from "../texts.ts";
import type { Outside } from "../transport/transport.ts";
import { tellAfterwards } from "./afterwards.ts";
import { bindBaseUrl } from "./bind-base-url.ts";
import { BIND_SOURCE, newsLine } from "./bind-news.ts";
import { becomesText, occupantOf, secretFileOf, withBoundBot, type Occupant } from "./bind-save.ts";
import { bindTexts } from "./bind-texts.ts";
import { bindByScan, type BoundBot } from "./bind.ts";
import type { QrLook } from "./qr.ts";
import { issueOf } from "./save.ts";
import type { WrittenSecret } from "./secret-file.ts";

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
  /** Whether something stands at the path. */
  hasFile(path: string): Promise<boolean>;
  /** See `writeSecretFile`. */
  writeSecret(path: string, secret: string): Promise<WrittenSecret>;
}

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
  await askForFile(run, cfg);
  const { appId } = occupant?.account ?? {};
  if (appId !== undefined && !run.ask && !run.force) tell(run, bindTexts.occupied(accountId, appId));
  const bot = await bindByScan({
    outside: run.outside,
    baseUrl,
    source: run.source ?? BIND_SOURCE,
    signal: run.signal,
    ...(run.look && { look: run.look }),
    show: ({ url, drawn }) => {
      tell(run, drawn === "" ? bindTexts.narrow : bindTexts.scan);
      if (drawn !== "") run.say(`\n${drawn}\n`);
      tell(run, bindTexts.link(url));
      tell(run, bindTexts.waiting);
    },
    waiting: (news) => run.say(newsLine(news, run.locale)),
  });
  if (occupant && !(await mayReplace(run, occupant, bot))) throw new QQConfigError("channels.qq", bindTexts.declined);
  await save(run, bot);
}

/** A file that was not the account's may hold anything. Asked before the scan: the phone hands a secret over only once. */
async function askForFile(run: NamedRun, cfg: OpenClawConfig): Promise<void> {
  const { accountId, config, secretFile } = run;
  if (secretFile === undefined || secretFile === secretFileOf(cfg, accountId)) return;
  if (run.force || !(await config.hasFile(secretFile))) return;
  if (await agrees(run, bindTexts.overwrite(secretFile))) return;
  throw new QQConfigError("channels.qq", bindTexts.notOverwritten(secretFile));
}

async function mayReplace(run: NamedRun, occupant: Occupant, bot: BoundBot): Promise<boolean> {
  const { accountId, force, secretFile } = run;
  const { appId } = occupant.account;
  if (force) return true;
  const isAnother = appId !== undefined && appId !== bot.appId;
  if (isAnother && !(await agrees(run, bindTexts.replace(accountId, appId, bot.appId)))) return false;
  return !becomesText(occupant, secretFile) || (await agrees(run, bindTexts.replaceReference(accountId)));
}

/** Where nobody can be asked, nobody does. */
async function agrees({ ask, locale }: BindRun, question: Wording): Promise<boolean> {
  return (await ask?.(question[locale])) === true;
}

async function save(run: NamedRun, bot: BoundBot): Promise<void> {
  const { accountId, config, env } = run;
  const before = await config.read();
  const secretFile = run.secretFile ?? secretFileOf(before, accountId);
  const issue = issueOf(withBoundBot(before, accountId, bot, env, secretFile).cfg);
  if (issue !== undefined) throw new QQConfigError("channels.qq", bindTexts.refused(issue));
  const written = secretFile === undefined ? undefined : await config.writeSecret(secretFile, bot.appSecret);
  let told: { readonly allowed: boolean; readonly owner: boolean } | undefined;
  const change = (cfg: OpenClawConfig): OpenClawConfig => {
    const { cfg: next, ...who } = withBoundBot(cfg, accountId, bot, env, secretFile);
    told = who;
    return next;
  };
  const saved = await config.change(change).catch(async (error: unknown) => {
    await written?.undo();
    throw error;
  });
  tell(run, bindTexts.bound(bot.appId, accountId));
  if (written) tell(run, bindTexts.inFile(written.path));
  if (told?.allowed) tell(run, bindTexts.allowed);
  if (told?.owner) tell(run, bindTexts.owner);
  run.say("");
  const account = resolveAccount(saved, accountId, env);
  await tellAfterwards(account, saved, { log: run.say, locale: run.locale, outside: run.outside });
}

function tell({ say, locale }: BindRun, wording: Wording): void {
  say(wording[locale]);
}
