// @ts-check
/** The list of conversations: newest on top, each a line that is kept and only its words change. */
import { avatar } from "./avatar.js";
import { isDirect, summary } from "./chats.js";
import { arrowKeys, byId, h } from "./dom.js";
import { inEveryLanguage, t } from "./i18n.js";
import { shortTime } from "./time.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./chats.js").Chat} Chat */
/** @typedef {ReturnType<typeof createRow>} Row */

/**
 * @param {Store} store
 * @param {import("./typing.js").Typing} typing
 * @param {(key: string) => void} pick
 */
export function showChatList(store, typing, pick) {
  const list = byId("chats");
  arrowKeys(list, "button");
  /** @type {Map<string, Row>} */
  let rows = new Map();

  /** @param {Chat} chat */
  const update = (chat) => {
    const names = typing.names(chat.key);
    rows.get(chat.key)?.update(chat, store, typingLine(chat, names));
  };
  const updateAll = () => {
    for (const chat of store.chats()) update(chat);
    sort(list, store, rows);
    showUnreadTotal(store);
  };
  const rebuild = () => {
    const chats = store.chats();
    if (chats.map((chat) => chat.key).join() !== [...rows.keys()].join()) {
      rows = new Map(chats.map((chat) => [chat.key, createRow(chat, pick)]));
      list.replaceChildren(...[...rows.values()].map((row) => row.element));
    }
    updateAll();
  };
  store.on("world", rebuild);
  for (const change of /** @type {const} */ (["open", "unread", "history"])) store.on(change, updateAll);
  store.on("message", updateAll);
  store.on("edited", updateAll);
  typing.onChange(updateAll);
  inEveryLanguage(updateAll);
}

/** @param {Chat} chat @param {string[]} names */
function typingLine(chat, names) {
  if (names.length === 0) return "";
  return isDirect(chat.ref) ? t("typing-dm") : t("typing-group", { name: names.join(", ") });
}

/** @param {HTMLElement} list @param {Store} store @param {Map<string, Row>} rows */
function sort(list, store, rows) {
  /** @param {Chat} chat */
  const newest = (chat) => store.messages(chat.key).at(-1)?.at ?? 0;
  const wanted = store
    .chats()
    .toSorted((one, other) => newest(other) - newest(one))
    .map((chat) => rows.get(chat.key)?.element)
    .filter((element) => element !== undefined);
  if (wanted.every((element, at) => list.children[at] === element)) return;
  const focused = document.activeElement;
  list.append(...wanted);
  if (focused instanceof HTMLElement && list.contains(focused)) focused.focus();
}

/** @param {Store} store */
function showUnreadTotal(store) {
  const total = store.chats().reduce((sum, chat) => sum + store.unread(chat.key), 0);
  const badge = byId("tab-unread");
  badge.hidden = total === 0;
  badge.textContent = total > 99 ? "99+" : String(total);
}

/** @param {Chat} chat @param {(key: string) => void} pick */
function createRow(chat, pick) {
  const title = h("span", { class: "row-title" });
  const time = h("time", { class: "row-time" });
  const preview = h("span", { class: "row-preview" });
  const unread = h("b", { class: "unread" });
  const button = h(
    "button",
    { type: "button", class: "row", "data-chat": chat.key, onclick: () => pick(chat.key) },
    chatAvatar(chat),
    title,
    time,
    preview,
    unread,
  );
  /** @param {Chat} chat @param {Store} store @param {string} typing */
  const update = (chat, store, typing) => {
    const last = store.messages(chat.key).at(-1);
    const count = store.unread(chat.key);
    title.replaceChildren(chat.title, botBadge(chat), chat.guild ? h("small", {}, chat.guild) : "");
    time.textContent = last ? shortTime(last.at, store.now()) : "";
    preview.textContent = typing || (last ? previewOf(chat, last) : t("nothing-here"));
    preview.toggleAttribute("data-typing", typing !== "");
    unread.textContent = count > 99 ? "99+" : String(count);
    unread.hidden = count === 0;
    unread.setAttribute("aria-label", t("unread", { n: count }));
    button.setAttribute("aria-current", String(store.opened()?.key === chat.key));
  };
  return { element: h("li", {}, button), update };
}

/** @param {Chat} chat @param {import("../control.ts").ChatMessage} message */
function previewOf(chat, message) {
  const said = summary(message);
  return isDirect(chat.ref) || message.from.kind === "system" ? said : `${message.from.name}: ${said}`;
}

/** @param {Chat} chat */
export function botBadge(chat) {
  if (!isDirect(chat.ref)) return "";
  const personal = chat.bots.some((bot) => bot.personal);
  return h("span", { class: "badge" }, t(personal ? "personal" : chat.ref.kind === "dm" ? "bot" : "guild-dm"));
}

/** @param {Chat} chat */
export function chatAvatar(chat) {
  if (chat.ref.kind === "dm" || chat.ref.kind === "guild-dm") return avatar("bot", chat.ref.bot, chat.title);
  return avatar(chat.ref.kind, chat.key, chat.title);
}
