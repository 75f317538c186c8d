// @ts-check
/** What one does in a chat with a personal account beside writing: poke it, react to messages, ask it for friendship. */
import { call } from "./api.js";
import { byId, h } from "./dom.js";
import { inEveryLanguage, t } from "./i18n.js";
import { tryOut } from "./toast.js";

/** @typedef {import("../control.ts").AccountState} AccountState */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./chats.js").Chat} Chat */

/** @param {Store} store */
export function offerChatTools(store) {
  const show = () => {
    const chat = store.opened();
    const account = chat && accountIn(chat, store);
    byId("chat-tools").replaceChildren(...(chat && account ? tools(chat, account, store) : []));
  };
  store.on("world", show);
  store.on("open", show);
  inEveryLanguage(show);
}

/** The account that one talks to in a chat: the first one in a group. @param {Chat} chat @param {Store} store */
export function accountIn(chat, store) {
  if (chat.ref.kind !== "dm" && chat.ref.kind !== "group") return undefined;
  return store.world().accounts.find(({ uin }) => chat.bots.some(({ id }) => id === uin));
}

/** @param {Chat} chat @param {AccountState} account @param {Store} store @returns {HTMLElement[]} */
function tools(chat, account, store) {
  const person = store.me();
  const target = chat.ref.kind === "group" ? { target: account.uin } : {};
  const poke = tool(t("poke"), () => call("poke", { person, chat: chat.ref, ...target }));
  return chat.ref.kind === "dm" ? [...friendship(account, store), poke] : [poke];
}

/** @param {AccountState} account @param {Store} store @returns {HTMLElement[]} */
function friendship({ uin, friends, requests }, store) {
  const person = store.me();
  if (friends.includes(person)) return [];
  if (requests.some((request) => request.kind === "friend" && request.person === person))
    return [h("span", { class: "waiting" }, t("asked-friend"))];
  const name = store.world().people.find(({ id }) => id === person)?.name ?? person;
  const comment = t("ask-friend-words", { name });
  return [tool(t("ask-friend"), () => call("request", { account: uin, person, kind: "friend", comment }))];
}

/** @param {string} words @param {() => Promise<unknown>} run */
function tool(words, run) {
  return h("button", { type: "button", class: "tool", onclick: () => void tryOut(run) }, words);
}

/**
 * Through which group somebody writes who is no friend of the account; `undefined` where none is needed or there is none.
 * @param {Chat} chat
 * @param {Store} store
 */
export function viaOf(chat, store) {
  const account = chat.ref.kind === "dm" ? accountIn(chat, store) : undefined;
  const me = store.me();
  if (!account || account.friends.includes(me)) return undefined;
  return store.world().groups.find(({ members, bots }) => members.includes(me) && bots.includes(account.uin));
}

/** 👍, as its code point. */
const thumb = String(0x1f44d);

/** Only in groups with a personal account does anybody hear of people's reactions. @param {Store} store */
export function canReact(store) {
  const chat = store.opened();
  return chat?.ref.kind === "group" && accountIn(chat, store) !== undefined;
}

/** Reacts to a message, or takes the reaction back. @param {import("../control.ts").ChatMessage} message @param {Store} store */
export async function react({ id, reactions = [] }, store) {
  const chat = store.opened()?.ref;
  const person = store.me();
  const on = !reactions.some((reaction) => reaction.from === person && reaction.id === thumb);
  if (chat) await tryOut(() => call("react", { person, chat, message: id, emoji: thumb, on }));
}
