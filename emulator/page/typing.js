// @ts-check
/** Who is typing where: until the next message of theirs, or until the seconds are over. */
import { keyOf } from "./chats.js";

/** @typedef {Extract<import("../control.ts").ControlEvent, { event: "typing" }>["data"]} TypingData */
/** @typedef {ReturnType<typeof createTyping>} Typing */

/** @param {import("./store.js").Store} store */
export function createTyping(store) {
  /** @type {Map<string, Map<string, { name: string, timer: ReturnType<typeof setTimeout> }>>} */
  const chats = new Map();
  /** @type {((key: string) => void)[]} */
  const listeners = [];

  /** @param {string} key */
  const tell = (key) => {
    for (const listener of listeners) listener(key);
  };

  /** @param {string} key @param {string} bot */
  function end(key, bot) {
    const typist = chats.get(key)?.get(bot);
    if (!typist) return;
    clearTimeout(typist.timer);
    chats.get(key)?.delete(bot);
    tell(key);
  }

  /** @param {TypingData} data */
  function begin({ chat, bot, name, seconds }) {
    const key = keyOf(chat);
    const typists = chats.get(key) ?? new Map();
    clearTimeout(typists.get(bot)?.timer);
    typists.set(bot, { name, timer: setTimeout(() => end(key, bot), seconds * 1000) });
    chats.set(key, typists);
    tell(key);
  }

  store.on("message", ({ key, message }) => end(key, message.from.id));
  store.on("history", (key) => {
    for (const bot of chats.get(key)?.keys() ?? []) end(key, bot);
  });
  return {
    begin,
    /** @param {string} key @returns {string[]} */
    names: (key) => [...(chats.get(key)?.values() ?? [])].map((typist) => typist.name),
    /** @param {(key: string) => void} listener */
    onChange: (listener) => void listeners.push(listener),
  };
}
