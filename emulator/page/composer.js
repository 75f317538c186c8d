// @ts-check
/** Writes a message: text, files, bots to mention, a message to quote. What is begun in a chat waits there. */
import { call } from "./api.js";
import { offerFiles, readFiles, showFiles } from "./attach.js";
import { avatar } from "./avatar.js";
import { viaOf } from "./chat-tools.js";
import { isDirect, summary } from "./chats.js";
import { arrowKeys, byId, h } from "./dom.js";
import { inEveryLanguage, t } from "./i18n.js";
import { placeAbove } from "./menu.js";
import { tryOut } from "./toast.js";

/** @typedef {import("../control.ts").ChatMessage} ChatMessage */
/** @typedef {import("./robots.js").Robot} Robot */
/** @typedef {import("../control.ts").Say} Say */
/** @typedef {{ text: string, mention: readonly string[], files: readonly File[], quote?: ChatMessage | undefined }} Draft */

/** @type {Draft} */
const nothing = { text: "", mention: [], files: [], quote: undefined };

/** @param {import("./store.js").Store} store */
export function offerComposer(store) {
  const text = /** @type {HTMLTextAreaElement} */ (byId("text"));
  /** @type {Map<string, Draft>} */
  const drafts = new Map();
  let at = "";

  /** @returns {Draft} */
  const draft = () => ({ ...(drafts.get(at) ?? nothing), text: text.value });
  /** @param {Partial<Draft>} change */
  const change = (change) => {
    drafts.set(at, { ...draft(), ...change });
    show();
  };
  /** @param {string} bot @param {boolean} on */
  const mention = (bot, on) => {
    const others = draft().mention.filter((known) => known !== bot);
    change({ mention: on ? [...others, bot] : others });
    text.focus();
  };
  const show = () => {
    const { mention: mentioned, files, quote, text: written } = drafts.get(at) ?? nothing;
    if (text.value !== written) text.value = written;
    const bots = store.opened()?.bots.filter((bot) => mentioned.includes(bot.id)) ?? [];
    showMentions(bots, (bot) => mention(bot, false));
    showFiles(files, (file) => change({ files: files.filter((other) => other !== file) }));
    showQuote(quote, () => change({ quote: undefined }));
  };
  const turn = () => {
    const chat = store.opened();
    drafts.set(at, draft());
    at = chat ? `${store.me()} ${chat.key}` : "";
    byId("at").hidden = !chat || isDirect(chat.ref) || chat.bots.length === 0;
    const via = chat && viaOf(chat, store);
    text.placeholder = via
      ? t("stranger-via", { name: via.name })
      : t(chat?.onlyMentions ? "write-mention" : "write", { name: chat?.title ?? "" });
    show();
  };
  const send = async () => {
    const chat = store.opened();
    const sent = draft();
    const where = at;
    const me = store.me();
    if (!chat || (!sent.text.trim() && sent.mention.length === 0 && sent.files.length === 0)) return;
    change(nothing);
    drafts.delete(where);
    show();
    const via = viaOf(chat, store);
    const well = await tryOut(async () =>
      call("say", { ...sayOf(me, chat.ref, sent, await readFiles(sent.files)), ...(via && { via: via.id }) }),
    );
    if (well || drafts.get(where)?.text) return;
    drafts.set(where, sent);
    if (where === at) show();
  };

  listen(text, send, () => draft().mention.at(-1), mention);
  offerBots(store, (bot) => mention(bot, true));
  offerFiles((files) => {
    change({ files: [...draft().files, ...files] });
    text.focus();
  });
  store.on("open", turn);
  store.on("world", turn);
  inEveryLanguage(turn);
  /** @param {ChatMessage} message */
  return (message) => {
    change({ quote: message });
    text.focus();
  };
}

/**
 * @param {string} person
 * @param {import("../control.ts").ChatRef} chat
 * @param {Draft} draft
 * @param {readonly import("../control.ts").SayFile[]} files
 * @returns {Say}
 */
function sayOf(person, chat, { text, mention, quote }, files) {
  return {
    person,
    chat,
    text: text.trim(),
    ...(mention.length > 0 && { mention }),
    ...(files.length > 0 && { files }),
    ...(quote && { quote: quote.id }),
  };
}

/**
 * @param {HTMLTextAreaElement} text
 * @param {() => Promise<void>} send
 * @param {() => string | undefined} lastMention
 * @param {(bot: string, on: boolean) => void} mention
 */
function listen(text, send, lastMention, mention) {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  text.addEventListener("keydown", (event) => {
    const last = lastMention();
    if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) {
      event.preventDefault();
      void send();
    } else if (event.key === "Backspace" && last && text.selectionEnd === 0) mention(last, false);
    else if (event.key === "@" && !byId("at").hidden && /(^|\s)$/.test(text.value.slice(0, text.selectionStart))) {
      event.preventDefault();
      byId("bots").showPopover();
    }
  });
}

/**
 * Enter that only ends the choice of an input method does not send. Safari says so with 229.
 * @param {KeyboardEvent} event
 */
function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** @param {import("./store.js").Store} store @param {(bot: string) => void} pick */
function offerBots(store, pick) {
  const menu = byId("bots");
  arrowKeys(menu, "[role=menuitem]");
  placeAbove(menu, byId("at"));
  menu.addEventListener("beforetoggle", () => {
    const bots = store.opened()?.bots ?? [];
    menu.replaceChildren(...bots.map((bot) => botItem(bot, pick, menu)));
  });
}

/** @param {Robot} bot @param {(bot: string) => void} pick @param {HTMLElement} menu */
function botItem(bot, pick, menu) {
  const choose = () => {
    menu.hidePopover();
    pick(bot.id);
  };
  return h(
    "button",
    { type: "button", role: "menuitem", class: "item", "data-bot": bot.id, onclick: choose },
    avatar("bot", bot.id, bot.name),
    h("span", {}, bot.name),
  );
}

/** @param {readonly Robot[]} bots @param {(bot: string) => void} remove */
function showMentions(bots, remove) {
  const box = byId("mentioning");
  box.hidden = bots.length === 0;
  box.replaceChildren(
    ...bots.map((bot) =>
      h(
        "button",
        {
          type: "button",
          class: "chip mention-chip",
          "aria-label": t("unmention", { name: bot.name }),
          onclick: () => remove(bot.id),
        },
        `@${bot.name}`,
        h("span", { "aria-hidden": "true" }, "×"),
      ),
    ),
  );
}

/** @param {ChatMessage | undefined} quote @param {() => void} remove */
function showQuote(quote, remove) {
  const box = byId("quoting");
  box.hidden = !quote;
  if (!quote) return box.replaceChildren();
  box.replaceChildren(
    h("p", {}, h("b", {}, t("quoting", { name: quote.from.name })), h("span", {}, summary(quote))),
    h("button", { type: "button", class: "icon", "aria-label": t("unquote"), onclick: remove }, "×"),
  );
}
