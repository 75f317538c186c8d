// @ts-check
/** What the page knows: the world, who you are, which chat is open, what you have not read. Tells listeners of changes. */
import { chatsOf, isDirect, keyOf } from "./chats.js";

/** @typedef {import("../control.ts").WorldState} WorldState */
/** @typedef {import("../control.ts").ChatRef} ChatRef */
/** @typedef {import("../control.ts").ChatMessage} ChatMessage */
/** @typedef {import("./chats.js").Chat} Chat */

/**
 * @typedef {object} Changes
 * @property {undefined} world people, bots, groups, channels or who you are
 * @property {string} open the key of the chat that is open from now on
 * @property {{ key: string, message: ChatMessage }} message one more at the end
 * @property {{ key: string, message: ChatMessage }} edited in the place of the one with its id
 * @property {string} history the messages of this chat are other ones
 * @property {undefined} unread
 */

/** @typedef {ReturnType<typeof createStore>} Store */

export function createStore() {
  /** @type {WorldState} */
  let world = {
    now: Date.now(),
    bots: [],
    accounts: [],
    people: [],
    groups: [],
    channels: [],
    chats: [],
    audits: [],
    binds: [],
  };
  let ahead = 0;
  let me = "";
  let open = "";
  /** @type {Map<string, ChatMessage[]>} */
  const histories = new Map();
  /** @type {Map<string, number>} */
  const unread = new Map();
  const changes = createChanges();
  const emit = changes.emit;

  /** @param {string} key */
  const messages = (key) => histories.get(key) ?? [];
  const chats = () => chatsOf(world, me);

  /** @param {string} key @param {ChatMessage} message */
  function countUnread(key, message) {
    for (const person of world.people) {
      if (message.from.kind === "system" || message.from.id === person.id) continue;
      if (person.id === me && key === open && document.visibilityState === "visible") continue;
      if (!chatsOf(world, person.id).some((chat) => chat.key === key)) continue;
      const at = slot(person.id, key);
      unread.set(at, (unread.get(at) ?? 0) + 1);
    }
    emit("unread", undefined);
  }

  /** @param {ChatRef} chat @param {ChatMessage} message */
  function add(chat, message) {
    const key = keyOf(chat);
    const list = messages(key);
    ahead = Math.max(ahead, message.at - Date.now());
    const place = list.findIndex((known) => known.id === message.id);
    if (place >= 0) {
      histories.set(key, list.with(place, message));
      emit("edited", { key, message });
      return;
    }
    histories.set(key, [...list, message]);
    countUnread(key, message);
    emit("message", { key, message });
  }

  /**
   * Takes over what the server says; a chat that only grew is grown, not drawn anew.
   * @param {string} key @param {readonly ChatMessage[]} list
   */
  function settle(key, list) {
    const known = messages(key);
    if (known.some((message, at) => JSON.stringify(message) !== JSON.stringify(list[at]))) {
      histories.set(key, [...list]);
      emit("history", key);
      return;
    }
    histories.set(key, [...list]);
    for (const message of list.slice(known.length)) emit("message", { key, message });
  }

  /** @param {WorldState} next */
  function replaceWorld(next) {
    world = next;
    ahead = next.now - Date.now();
    if (!world.people.some((person) => person.id === me)) me = world.people[0]?.id ?? "";
    const lists = new Map(next.chats.map(({ chat, messages }) => [keyOf(chat), messages]));
    for (const key of new Set([...histories.keys(), ...lists.keys()])) settle(key, lists.get(key) ?? []);
    if (!chats().some((chat) => chat.key === open)) open = chats()[0]?.key ?? "";
    emit("world", undefined);
    emit("open", open);
  }

  /** @param {string} key */
  function read(key) {
    if (unread.delete(slot(me, key))) emit("unread", undefined);
  }

  /** @param {string} key */
  function openChat(key) {
    open = key;
    read(key);
    emit("open", key);
  }

  /** @param {string} person */
  function become(person) {
    const was = chats().find((chat) => chat.key === open)?.ref;
    me = person;
    const same = was && isDirect(was) ? keyOf({ ...was, person }) : open;
    emit("world", undefined);
    openChat(chats().find((chat) => chat.key === same)?.key ?? chats()[0]?.key ?? "");
  }

  return {
    on: changes.on,
    add,
    replaceWorld,
    openChat,
    become,
    read,
    messages,
    chats,
    world: () => world,
    me: () => me,
    now: () => Date.now() + ahead,
    opened: () => chats().find((chat) => chat.key === open),
    /** @param {string} key */
    unread: (key) => unread.get(slot(me, key)) ?? 0,
    forgetUnread: () => unread.clear(),
  };
}

/**
 * Where the count of what a person has not read in a chat is kept.
 * @param {string} person
 * @param {string} key
 */
function slot(person, key) {
  return `${person} ${key}`;
}

function createChanges() {
  /** @type {Map<string, ((what: never) => void)[]>} */
  const listeners = new Map();
  /**
   * @template {keyof Changes} Name
   * @param {Name} name
   * @param {(what: Changes[Name]) => void} listener
   */
  const on = (name, listener) => {
    listeners.set(name, [...(listeners.get(name) ?? []), listener]);
  };
  /**
   * @template {keyof Changes} Name
   * @param {Name} name
   * @param {Changes[Name]} what
   */
  const emit = (name, what) => {
    for (const listener of listeners.get(name) ?? []) listener(/** @type {never} */ (what));
  };
  return { on, emit };
}
