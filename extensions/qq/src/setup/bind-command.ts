import { resolve } from "node:path";
import { advise } from "../advice.ts";
import { env } from "../config/env.ts";
import { QQError } from "../errors.ts";
import { localeOf, type Locale } from "../texts.ts";
import { bindTexts } from "./bind-texts.ts";

/** What may be typed after the command. */
export interface BindFlags {
  readonly account?: string | null | undefined;
  readonly source?: string | undefined;
  readonly force?: boolean | undefined;
  readonly secretFile?: string | undefined;
}

/** Ctrl-C; nothing was changed. */
export class Stopped extends Error {}

/**
 * Binds a bot at this process's terminal: `openclaw qq bind`, and `openclaw channels login --channel qq`. Rejects with an
 * error whose message is one line in the operator's language.
 */
export async function bindAtTerminal(flags: BindFlags, say: (lines: string) => void): Promise<void> {
  const [{ runBind }, { hostConfig }, { outside }] = await Promise.all([
    import("./bind-run.ts"),
    import("./bind-host.ts"),
    import("../channel/outside.ts"),
  ]);
  const locale = localeOf(env);
  const stopped = new AbortController();
  const stop = (): void => stopped.abort(new Stopped(bindTexts.stopped[locale]));
  process.once("SIGINT", stop);
  try {
    await runBind({
      accountId: flags.account ?? undefined,
      source: flags.source,
      force: flags.force ?? false,
      // The gateway may run elsewhere than this command.
      secretFile: flags.secretFile === undefined ? undefined : resolve(flags.secretFile),
      env,
      locale,
      outside,
      signal: stopped.signal,
      config: hostConfig,
      say,
      ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
    });
  } catch (error) {
    throw error instanceof QQError ? failure(error, locale) : error;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

/** Without a cause: the host would put the cause's code behind the line. */
function failure(error: QQError, locale: Locale): Error {
  return new Error(bindTexts.failed(advise(error, locale))[locale]);
}

async function ask(question: string): Promise<boolean> {
  const [{ createClackPrompter }, { WizardCancelledError }] = await Promise.all([
    import("openclaw/plugin-sdk/setup-runtime"),
    import("openclaw/plugin-sdk/setup"),
  ]);
  try {
    return await createClackPrompter().confirm({ message: question, initialValue: false });
  } catch (error) {
    if (error instanceof WizardCancelledError) return false;
    throw error;
  }
}
