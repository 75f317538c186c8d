import { advise } from "../advice.ts";
import { QQError } from "../errors.ts";
import { BIND_SOURCE, newsLine } from "./bind-news.ts";
import { withBoundBot } from "./bind-save.ts";
import { bindTexts } from "./bind-texts.ts";
import type { BindCode, BoundBot } from "./bind.ts";
import type { Answers, Asking } from "./configure.ts";
import { wizardTexts } from "./texts.ts";

/** Shows a QR code until somebody has scanned and confirmed it. `undefined` when it could not be bound. */
export async function askScan(asking: Asking): Promise<Answers | undefined> {
  const { locale, prompter } = asking;
  const waiting = waitingLine(asking);
  try {
    const bound = await bind(asking, waiting);
    waiting.stop();
    await tellWhoMay(asking, bound);
    return { patch: {}, bound };
  } catch (error) {
    waiting.stop();
    if (!(error instanceof QQError)) throw error;
    await prompter.note(bindTexts.failed(advise(error, locale))[locale], wizardTexts.title[locale]);
    return undefined;
  }
}

async function bind(asking: Asking, waiting: Waiting): Promise<BoundBot> {
  const { bind: given, env, locale, outside } = asking;
  const [{ bindByScan }, { bindBaseUrl }, real] = await Promise.all([
    import("./bind.ts"),
    import("./bind-base-url.ts"),
    import("../channel/outside.ts"),
  ]);
  return await (given ?? bindByScan)({
    outside: outside ?? real.outside,
    baseUrl: bindBaseUrl(env),
    source: BIND_SOURCE,
    show: async (code) => {
      waiting.stop();
      await show(asking, code);
      waiting.start();
    },
    waiting: (news) => waiting.say(newsLine(news, locale)),
  });
}

async function show({ locale, options, prompter }: Asking, { url, drawn }: BindCode): Promise<void> {
  const byClient = options?.deferDeviceLinkToClient === true;
  if (byClient) await prompter.openUrl?.(url);
  const code = drawn === "" && !byClient ? [bindTexts.narrow[locale]] : [bindTexts.scan[locale], "", drawn, ""];
  const text = [...code, bindTexts.link(url)[locale]].join("\n");
  // A frame around the code would break its lines.
  if (prompter.plain && !byClient) await prompter.plain(text);
  else await prompter.note(text, wizardTexts.scanTitle[locale]);
}

async function tellWhoMay({ accountId, cfg, env, locale, prompter }: Asking, bot: BoundBot): Promise<void> {
  const { allowed, owner } = withBoundBot(cfg, accountId, bot, env);
  const lines = [...(allowed ? [bindTexts.allowed[locale]] : []), ...(owner ? [bindTexts.owner[locale]] : [])];
  if (lines.length > 0) await prompter.note(lines.join("\n"), wizardTexts.title[locale]);
}

interface Waiting {
  start(): void;
  say(text: string): void;
  stop(): void;
}

/** The line that says what is waited for, while nothing is being shown. */
function waitingLine({ locale, prompter }: Asking): Waiting {
  let progress: ReturnType<Asking["prompter"]["progress"]> | undefined;
  return {
    start: () => (progress = prompter.progress(wizardTexts.scanWaiting[locale])),
    say: (text) => progress?.update(text),
    stop: () => {
      progress?.stop();
      progress = undefined;
    },
  };
}
