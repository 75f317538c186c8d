import { QQApiError } from "../../errors.ts";
import { addressHosts, numberLinks, widenLinks } from "../../message/links.ts";
import type { Keyboard, OutboundContent, SentMessage } from "../../message/outbound.ts";
import { toPlain } from "../../message/plain.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { refusedPart } from "../../protocol/official/faults.ts";
import { text } from "../../texts.ts";
import { markdownFile } from "./answer-file.ts";
import { keyboardAsText } from "../interaction/keyboard.ts";
import { isPersonal, type RunningAccount } from "../running.ts";

/** Sends one content; every call with the same anchor, so that of all tries one message comes. */
export type Send = (content: OutboundContent) => Promise<SentMessage>;

/** What a message says, before it is known what the chat can show. */
export interface Words {
  /** Markdown, or plain text where `plain` says so. Fits the platform's size. */
  readonly text: string;
  readonly plain?: boolean;
  readonly keyboard?: Keyboard;
}

/** What became of it: shown, or refused for what it says. The chat has been told then. */
export type Shown =
  | { readonly sent: SentMessage; readonly refused?: never }
  | { readonly sent: SentMessage | undefined; readonly refused: QQApiError };

/** How a text is tried: each refusal takes one thing away until the platform lets it through. */
interface Form {
  readonly markdown: boolean;
  readonly keyboard: boolean;
  /** Widen the dots of every link, not only of those that QQ is known to refuse. */
  readonly widenAll: boolean;
}

/**
 * Whether this chat is shown native markdown: guilds only by invitation (QQ, "Markdown messages"), so never there; and
 * nothing that a person writes.
 */
export function showsMarkdown(chat: Target, running: RunningAccount): boolean {
  if (isPersonal(running)) return false;
  const { account } = running.current();
  if (account.config.nativeMarkdown === false || chat.kind === "channel" || chat.kind === "dm") return false;
  return !running.refusals.isKnown(`markdown ${chat.kind}`, running.clock.now());
}

/**
 * Shows words the best way the chat takes them: as markdown, else as plain text; with links as they are, else with
 * widened dots, else in a file. A lost answer helps nobody. Rejects with what no other form can change.
 */
export async function showWords(words: Words, chat: Target, send: Send, running: RunningAccount): Promise<Shown> {
  let form: Form = {
    markdown: !words.plain && showsMarkdown(chat, running) && (words.keyboard !== undefined || isFormatted(words.text)),
    keyboard: words.keyboard !== undefined,
    widenAll: false,
  };
  for (;;) {
    try {
      return { sent: await send(contentOf(words, form, chat, running)) };
    } catch (error) {
      if (!(error instanceof QQApiError) || error.mayHaveArrived) throw error;
      const next = simpler(form, error, words, chat, running);
      if (next) {
        running.log.info(`message refused chat=${formatTarget(chat)} next="${next.why}" why="${error.message}"`);
        form = next.form;
      } else if (error.kind === "url" || refusedPart(error.refusal.platformCode) === "length") {
        return { sent: await showAsFile(words, chat, send, running, error) };
      } else if (error.kind === "content") {
        return await tellRefusal(error, chat, send, running);
      } else {
        throw error;
      }
    }
  }
}

/** Whether anything in the text would look otherwise as markdown. What would not goes as text: it can be copied and searched. */
function isFormatted(markdown: string): boolean {
  return toPlain(markdown).trim() !== markdown.trim();
}

function contentOf(words: Words, form: Form, chat: Target, running: RunningAccount): OutboundContent {
  const written = form.markdown || words.plain ? words.text : toPlain(words.text);
  const said =
    words.keyboard && !(form.markdown && form.keyboard) ? withChoices(written, words.keyboard, running) : written;
  const shown = widenLinks(said, (host) => form.widenAll || isKnownLink(host, chat, running));
  if (!form.markdown) return { kind: "text", text: shown };
  return {
    kind: "markdown",
    text: shown,
    ...(form.keyboard && words.keyboard && { keyboard: words.keyboard }),
  };
}

/** Where no button can be shown, the message says what to write instead. */
function withChoices(written: string, keyboard: Keyboard, running: RunningAccount): string {
  return `${written}\n\n${keyboardAsText(keyboard, running.current().account.locale)}`;
}

const linkFact = (host: string, chat: Target): string => `link ${chat.kind} ${host.toLowerCase()}`;

/** Whether QQ is known to refuse a link to this host in chats of this kind. */
export function isKnownLink(host: string, chat: Target, { refusals, clock }: RunningAccount): boolean {
  return refusals.isKnown(linkFact(host, chat), clock.now());
}

/** Remembers that QQ refuses the links of a text; false when it has none that was not known. */
export function noteLinks(text: string, chat: Target, running: RunningAccount): boolean {
  const { refusals, clock } = running;
  const hosts = addressHosts(text).filter((host) => !isKnownLink(host, chat, running));
  for (const host of hosts) refusals.note(linkFact(host, chat), clock.now());
  return hosts.length > 0;
}

/** The next form to try, with what it leaves out; `undefined` when none would help. What was learned is kept. */
function simpler(
  form: Form,
  error: QQApiError,
  words: Words,
  chat: Target,
  running: RunningAccount,
): { readonly form: Form; readonly why: string } | undefined {
  const part = refusedPart(error.refusal.platformCode);
  if (part === "keyboard" && form.keyboard) return { form: { ...form, keyboard: false }, why: "without buttons" };
  if (part === "markdown-right" && form.markdown) running.refusals.note(`markdown ${chat.kind}`, running.clock.now());
  if ((part === "markdown" || part === "markdown-right") && form.markdown) {
    return { form: { ...form, markdown: false, keyboard: false }, why: "as plain text" };
  }
  if (error.kind === "url" && !form.widenAll) {
    noteLinks(words.text, chat, running);
    return { form: { ...form, widenAll: true }, why: "with widened dots" };
  }
  return undefined;
}

/** The last way out where files can be sent: nothing in a file is looked at. Elsewhere the links are left out by number. */
async function showAsFile(
  words: Words,
  chat: Target,
  send: Send,
  running: RunningAccount,
  refusal: QQApiError,
): Promise<SentMessage> {
  const { locale } = running.current().account;
  const { line, log } = running;
  if (line.upload && (chat.kind === "c2c" || chat.kind === "group")) {
    log.info(`message refused chat=${formatTarget(chat)} next="as a file" why="${refusal.message}"`);
    const media = await line.upload(chat, markdownFile(text(locale, "answerFileName", {}), words.text), running.signal);
    return send({ kind: "media", media });
  }
  const plain = words.plain ? words.text : toPlain(words.text);
  const unlinked = numberLinks(plain, (number) => text(locale, "linkLabel", { number: String(number) })).text;
  if (unlinked === plain) throw refusal;
  log.warn(`links left out chat=${formatTarget(chat)} why="${refusal.message}"`);
  return send({ kind: "text", text: unlinked });
}

/** One visible line in place of what was refused: silence would look as if the bot had died. */
async function tellRefusal(error: QQApiError, chat: Target, send: Send, running: RunningAccount): Promise<Shown> {
  running.log.error(`content refused chat=${formatTarget(chat)} why="${error.message}"`);
  const { locale } = running.current().account;
  const notice = text(locale, "contentRefused", { code: String(error.refusal.platformCode) });
  return { sent: await send({ kind: "text", text: notice }).catch(() => undefined), refused: error };
}
