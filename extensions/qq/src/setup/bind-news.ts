import { advise } from "../advice.ts";
import type { Locale } from "../texts.ts";
import { bindTexts } from "./bind-texts.ts";
import type { BindNews } from "./bind.ts";

/** Who asks for a bot, as the page on the phone shows it, unless somebody says otherwise. */
export const BIND_SOURCE = "OpenClaw";

/** The news as one line for the person who waits. */
export function newsLine(news: BindNews, locale: Locale): string {
  return (news.state === "lost" ? bindTexts.lost(advise(news.error, locale)) : bindTexts[news.state])[locale];
}
