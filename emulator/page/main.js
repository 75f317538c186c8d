// @ts-check
/** Puts the page together. */
import { showChatList } from "./chat-list.js";
import { offerChatTools } from "./chat-tools.js";
import { offerComposer } from "./composer.js";
import { allIn, byId } from "./dom.js";
import { currentLanguage, inEveryLanguage, speak, translateMarkup } from "./i18n.js";
import { showMessages } from "./messages.js";
import { showHost, showLink } from "./notice.js";
import { tellTyping } from "./own-typing.js";
import { showPeople } from "./people.js";
import { createStore } from "./store.js";
import { keepInStep } from "./sync.js";
import { createTyping } from "./typing.js";
import { offerWeather } from "./weather.js";
import { showWire } from "./wire.js";

inEveryLanguage(translateMarkup);
offerLanguages();

const store = createStore();
const typing = createTyping(store);
const go = offerPanes();
showPeople(store);
showChatList(store, typing, (key) => {
  store.openChat(key);
  go("chat");
});
const quote = offerComposer(store);
showMessages(store, typing, quote);
offerChatTools(store);
tellTyping(store);
showLines();
offerWeather(store);
document.addEventListener("visibilitychange", () => {
  const open = store.opened();
  if (open && document.visibilityState === "visible") store.read(open.key);
});
keepInStep({ store, typing, wire: showWire(), link: showLink(), host: showHost() });

function offerLanguages() {
  const buttons = allIn(document, "[data-language]");
  for (const button of buttons)
    button.addEventListener("click", () => speak(button.dataset["language"] === "zh" ? "zh" : "en"));
  inEveryLanguage(() => {
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(button.dataset["language"] === currentLanguage()));
  });
}

/** Only the lines that somebody here has are offered as filters of the wire log. */
function showLines() {
  store.on("world", () => {
    const { bots, accounts } = store.world();
    for (const chip of allIn(document, ".filters [data-channel]"))
      chip.hidden = chip.dataset["channel"] === "onebot" ? accounts.length === 0 : bots.length === 0;
  });
}

/** On a narrow screen one pane is shown at a time. */
function offerPanes() {
  const tabs = byId("tabs");
  /** @param {string} pane */
  const go = (pane) => {
    document.body.dataset["pane"] = pane;
    for (const tab of tabs.querySelectorAll("[data-to]"))
      tab.setAttribute("aria-pressed", String(tab.getAttribute("data-to") === pane));
    window.dispatchEvent(new Event("resize"));
  };
  tabs.addEventListener("click", (event) => {
    const tab = event.target instanceof Element ? event.target.closest("[data-to]") : null;
    if (tab) go(tab.getAttribute("data-to") ?? "chats");
  });
  go("chats");
  return go;
}
