// @ts-check
/** Tells a personal account that one types to it, as the client of QQ does. */
import { call } from "./api.js";
import { accountIn } from "./chat-tools.js";
import { byId } from "./dom.js";

/** QQ repeats it for as long as one types, ms. */
const again = 5000;

/** @param {import("./store.js").Store} store */
export function tellTyping(store) {
  const text = /** @type {HTMLTextAreaElement} */ (byId("text"));
  let toldAt = 0;
  text.addEventListener("input", () => {
    const chat = store.opened();
    const account = chat?.ref.kind === "dm" ? accountIn(chat, store) : undefined;
    const typing = text.value !== "";
    if (!account || (typing && Date.now() - toldAt < again)) return;
    toldAt = typing ? Date.now() : 0;
    // Nobody misses it where it does not arrive.
    call("typing", { person: store.me(), bot: account.uin, typing }).catch(() => {});
  });
}
