// @ts-check
/** The open chat: its head, its bubbles, who is typing. A new message is appended; only another chat is drawn anew. */
import { bubble } from "./bubble.js";
import { botBadge, chatAvatar } from "./chat-list.js";
import { isDirect, summary } from "./chats.js";
import { offerPresses, replaceLine } from "./buttons.js";
import { allIn, byId, h } from "./dom.js";
import { inEveryLanguage, t } from "./i18n.js";
import { offerActions } from "./actions.js";
import { canReact, react } from "./chat-tools.js";
import { longTime } from "./time.js";

/** @typedef {import("../control.ts").ChatMessage} ChatMessage */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./chats.js").Chat} Chat */

const timeEvery = 5 * 60_000;

/**
 * @param {Store} store
 * @param {import("./typing.js").Typing} typing
 * @param {(message: ChatMessage) => void} quote
 */
export function showMessages(store, typing, quote) {
  const list = byId("messages");
  const scroll = createStickyScroll(byId("scroll"), byId("newer"));
  let drawn = "";
  let lastAt = 0;

  /** @param {ChatMessage} message @param {Chat} chat */
  const lineOf = (message, chat) => {
    const mine = message.from.kind === "person" && message.from.id === store.me();
    const personal = store.world().accounts.some(({ uin }) => uin === message.from.id);
    return bubble(message, { mine, named: !isDirect(chat.ref) && !mine, personal });
  };
  /** @param {ChatMessage} message @param {Chat} chat */
  const lines = (message, chat) => {
    const line = lineOf(message, chat);
    const spaced = message.at - lastAt > timeEvery;
    lastAt = message.at;
    return spaced ? [h("li", { class: "when" }, longTime(message.at, store.now())), line] : [line];
  };
  const draw = () => {
    const chat = store.opened();
    drawn = chat ? `${store.me()} ${chat.key}` : "";
    lastAt = 0;
    const messages = chat ? store.messages(chat.key) : [];
    list.replaceChildren(...messages.flatMap((message) => (chat ? lines(message, chat) : [])));
    list.dataset["empty"] = messages.length > 0 ? "" : t("nothing");
    scroll.toEnd();
  };
  const refresh = () => {
    const chat = store.opened();
    if (drawn !== (chat ? `${store.me()} ${chat.key}` : "")) draw();
    if (chat) showHead(chat);
    showTyping();
  };
  const showTyping = () => {
    const chat = store.opened();
    const names = chat ? typing.names(chat.key) : [];
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    const line = chat && isDirect(chat.ref) ? t("typing-dm") : t("typing-group", { name: names.join("、") });
    byId("typing").hidden = names.length === 0;
    byId("typing").replaceChildren(...(names.length > 0 ? [dots, line] : []));
    scroll.grown();
  };

  store.on("world", refresh);
  store.on("open", refresh);
  store.on("history", (key) => key === store.opened()?.key && draw());
  store.on("message", ({ key, message }) => {
    const chat = store.opened();
    if (!chat || key !== chat.key) return;
    delete list.dataset["empty"];
    list.append(...lines(message, chat));
    scroll.grown(message.from.id === store.me());
    announce(message, store.me());
  });
  store.on("edited", ({ key, message }) => {
    const chat = store.opened();
    const old = allIn(list, "li[data-id]").find((line) => line.dataset["id"] === message.id);
    if (old && chat && key === chat.key) replaceLine(old, lineOf(message, chat));
    scroll.grown();
  });
  typing.onChange(showTyping);
  offerPresses(list, store);
  offerActions(list, (id) => store.messages(store.opened()?.key ?? "").find((message) => message.id === id), {
    quote,
    react: (message) => void react(message, store),
    canReact: () => canReact(store),
  });
  inEveryLanguage(() => {
    draw();
    refresh();
  });
}

/** @param {ChatMessage} message @param {string} me */
function announce(message, me) {
  if (message.from.id === me) return;
  byId("said").replaceChildren(h("p", {}, `${message.from.name}: ${summary(message)}`));
}

/** @param {Chat} chat */
function showHead(chat) {
  byId("chat-avatar").replaceChildren(chatAvatar(chat));
  byId("chat-title").replaceChildren(
    chat.title,
    botBadge(chat),
    chat.muted ? h("span", { class: "badge warn" }, t("muted")) : "",
  );
  byId("chat-about").replaceChildren(...about(chat));
}

/** @param {Chat} chat @returns {(Node | string)[]} */
function about(chat) {
  const bots = chat.bots.map((bot) => {
    const state = bot.presence();
    const words = isDirect(chat.ref) ? state : `${bot.name} ${state}`;
    return h("span", { class: "presence", "data-online": bot.online }, words);
  });
  if (isDirect(chat.ref)) return chat.guild ? [h("span", {}, chat.guild), ...bots] : bots;
  const members = t("members", { n: chat.members });
  return [h("span", {}, chat.guild ? `${chat.guild} · ${members}` : members), ...bots];
}

/**
 * Stays at the end as the list grows, unless the reader has scrolled up.
 * @param {HTMLElement} box
 * @param {HTMLElement} newer
 */
function createStickyScroll(box, newer) {
  let atEnd = true;
  const toEnd = () => {
    box.scrollTop = box.scrollHeight;
    atEnd = true;
    newer.hidden = true;
  };
  box.addEventListener(
    "scroll",
    () => {
      atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
      if (atEnd) newer.hidden = true;
    },
    { passive: true },
  );
  newer.addEventListener("click", toEnd);
  new ResizeObserver(() => atEnd && toEnd()).observe(box);
  return {
    toEnd,
    /** @param {boolean} [mine] */
    grown(mine) {
      if (atEnd || mine) toEnd();
      else if (mine === false) newer.hidden = false;
    },
  };
}
