import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { ChannelSetupWizardAdapter } from "openclaw/plugin-sdk/setup";
import { resolveAccount, type Env } from "../config/account.ts";
import { env as realEnv } from "../config/env.ts";
import { localeOf, type Locale } from "../texts.ts";
import type { Outside } from "../transport/transport.ts";
import { askNapcat } from "./ask-napcat.ts";
import { askOfficial } from "./ask-official.ts";
import { askScan } from "./ask-scan.ts";
import type { bindByScan, BoundBot } from "./bind.ts";
import { becomesText, occupantOf, secretFileOf, withBoundBot } from "./bind-save.ts";
import { bindTexts } from "./bind-texts.ts";
import { chooseAccount } from "./choose-account.ts";
import { nextSteps, nextStepsContext } from "./next-steps.ts";
import { issueOf, withAccount, withRoad, withoutAccount, type AccountPatch } from "./save.ts";
import { wizardTexts } from "./texts.ts";
import { tryDraft } from "./try-draft.ts";

type HostContext = Parameters<ChannelSetupWizardAdapter["configure"]>[0];
type HostResult = Awaited<ReturnType<NonNullable<ChannelSetupWizardAdapter["configureInteractive"]>>>;

/** What the wizard is run with; the host gives the most of it. */
export interface WizardContext extends Pick<HostContext, "cfg" | "prompter" | "options" | "accountOverrides"> {
  /** The process's environment when absent. */
  readonly env?: Env;
  /** The real network when absent. */
  readonly outside?: Outside;
  /** `bindByScan` when absent. */
  readonly bind?: typeof bindByScan;
}

/** What the questions of one road are asked with. */
export interface Asking extends Pick<WizardContext, "cfg" | "prompter" | "options" | "outside" | "bind"> {
  readonly env: Env;
  readonly locale: Locale;
  readonly accountId: string;
  /** The account keeps what is not answered anew. */
  readonly isEdit: boolean;
}

/** The answers of one road. */
export interface Answers {
  readonly patch: AccountPatch;
  /** Secrets of `patch` in plain text, where it holds references: what is tried, and never saved. */
  readonly plain?: AccountPatch;
  readonly publicUrl?: string | undefined;
  /** What a scan gave, in place of `patch`. */
  readonly bound?: BoundBot;
}

type Road = "scan" | "official" | "napcat";

/** What is to be said once the configuration is written, by account; said once. */
const pending = new Map<string, Pending>();

interface Pending {
  /** As it was typed; it is kept nowhere else. */
  readonly publicUrl: string | undefined;
  /** The wizard's terminal, which shows a line as it is: the host's log masks NapCat's token. */
  readonly print: ((line: string) => Promise<void>) | undefined;
  /** The steps were said by the set-up itself. */
  readonly isTold: boolean;
  /** A scanned secret that the account keeps in a file, which is written with the configuration and not before. */
  readonly secret: SecretInFile | undefined;
}

interface SecretInFile {
  readonly path: string;
  readonly value: string;
}

/** What is to be saved. */
interface Draft {
  readonly cfg: OpenClawConfig;
  readonly publicUrl: string | undefined;
  readonly secret: SecretInFile | undefined;
}

/** Asks for an account, tries it, and gives the configuration with it; `skip` when nothing is to change. */
export async function configure(context: WizardContext): Promise<HostResult> {
  const env = context.env ?? realEnv;
  const locale = localeOf(env);
  const choice = await chooseAccount(context, locale);
  if (choice.action === "keep") return "skip";
  if (choice.action === "disable") return { cfg: withoutAccount(context.cfg, choice.accountId), completion: "paused" };
  const asking = { ...context, env, locale, accountId: choice.accountId, isEdit: choice.action === "edit" };
  const result = await askUntilItIsRight(asking);
  if (!result) return "skip";
  const { cfg, publicUrl, secret } = result;
  const isTold = context.options?.deferDeviceLinkToClient === true;
  if (isTold) {
    // Nobody looks at this process's terminal.
    const steps = stepsOf(cfg, choice.accountId, env, publicUrl);
    await context.prompter.note(steps.join("\n"), wizardTexts.nextTitle[locale]);
  }
  pending.set(choice.accountId, { publicUrl, print: isTold ? undefined : context.prompter.plain, isTold, secret });
  return { cfg, accountId: choice.accountId };
}

/** For an account that the wizard has just saved: writes a secret into its file, and says what is left to do. */
export async function tellNextSteps(
  cfg: OpenClawConfig,
  accountId: string,
  log: (line: string) => void,
  env: Env = realEnv,
): Promise<void> {
  const told = pending.get(accountId);
  pending.delete(accountId);
  if (!told) return;
  const say = async (line: string): Promise<void> => await (told.print?.(line) ?? log(line));
  if (told.secret) {
    const { writeSecretFile } = await import("./secret-file.ts");
    const { path } = await writeSecretFile(told.secret.path, told.secret.value);
    await say(bindTexts.inFile(path)[localeOf(env)]);
  }
  if (told.isTold) return;
  for (const line of stepsOf(cfg, accountId, env, told.publicUrl)) await say(line);
}

function stepsOf(cfg: OpenClawConfig, accountId: string, env: Env, publicUrl: string | undefined): readonly string[] {
  const account = resolveAccount(cfg, accountId, env, "inspect");
  return nextSteps(account, nextStepsContext(cfg, publicUrl), localeOf(env));
}

async function askUntilItIsRight(asking: Asking): Promise<Draft | undefined> {
  const road = await chooseRoad(asking);
  if (road === "scan" && !(await mayBecomeText(asking))) return undefined;
  for (;;) {
    const answers = await ROADS[road](asking);
    if (!answers) return undefined;
    const cfg = written(asking, answers);
    const issue = issueOf(cfg);
    if (issue !== undefined) {
      await asking.prompter.note(issue, wizardTexts.title[asking.locale]);
      continue;
    }
    const { bound, plain = {}, publicUrl } = answers;
    const inText: AccountPatch = bound ? { appSecret: bound.appSecret, appSecretFile: undefined } : plain;
    const verdict = await tryDraft(asking, withAccount(cfg, asking.accountId, inText));
    if (verdict === "leave") return undefined;
    if (verdict === "save") return { cfg, publicUrl, secret: bound && secretInFile(asking, bound) };
  }
}

/** As `openclaw qq bind` asks: a secret that is a reference becomes text only after a yes. */
async function mayBecomeText({ accountId, cfg, env, locale, prompter }: Asking): Promise<boolean> {
  if (!becomesText(occupantOf(cfg, accountId, env), secretFileOf(cfg, accountId))) return true;
  return await prompter.confirm({ message: bindTexts.replaceReference(accountId)[locale], initialValue: false });
}

function secretInFile({ accountId, cfg }: Asking, { appSecret }: BoundBot): SecretInFile | undefined {
  const path = secretFileOf(cfg, accountId);
  return path === undefined ? undefined : { path, value: appSecret };
}

const ROADS: Readonly<Record<Road, (asking: Asking) => Promise<Answers | undefined>>> = {
  scan: askScan,
  official: askOfficial,
  napcat: askNapcat,
};

async function chooseRoad({ cfg, accountId, env, isEdit, locale, options, prompter }: Asking): Promise<Road> {
  if (isEdit) return resolveAccount(cfg, accountId, env, "inspect").transport === "onebot" ? "napcat" : "official";
  const option = (
    value: Road,
    label: "scan" | "secret" | "napcat",
    hint: "scanHint" | "secretHint" | "napcatHint",
  ) => ({
    value,
    label: wizardTexts[label][locale],
    hint: wizardTexts[hint][locale],
  });
  // What a scan hands over is a secret in plain text: it is no reference.
  const takesPlain = options?.secretInputMode !== "ref";
  const roads = [option("official", "secret", "secretHint"), option("napcat", "napcat", "napcatHint")];
  return await prompter.select<Road>({
    message: wizardTexts.road[locale],
    options: takesPlain ? [option("scan", "scan", "scanHint"), ...roads] : roads,
  });
}

function written({ cfg, accountId, env, isEdit }: Asking, { bound, patch }: Answers): OpenClawConfig {
  if (bound) return withBoundBot(cfg, accountId, bound, env, secretFileOf(cfg, accountId)).cfg;
  return isEdit ? withAccount(cfg, accountId, patch) : withRoad(cfg, accountId, patch);
}
