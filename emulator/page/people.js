// @ts-check
/** Chooses who you are. */
import { avatar } from "./avatar.js";
import { arrowKeys, byId, h } from "./dom.js";

/** @param {import("./store.js").Store} store */
export function showPeople(store) {
  const box = byId("people");
  arrowKeys(box, "[role=radio]");
  box.addEventListener("focusin", (event) => {
    const person = /** @type {HTMLElement} */ (event.target).dataset["person"];
    if (person && person !== store.me() && box.matches(":focus-within:has(:focus-visible)")) store.become(person);
  });
  let drawn = "";
  store.on("world", () => {
    const { people } = store.world();
    const names = JSON.stringify(people);
    if (names !== drawn) box.replaceChildren(...people.map((person) => option(person, store)));
    drawn = names;
    for (const one of box.querySelectorAll("[role=radio]")) {
      const chosen = one.getAttribute("data-person") === store.me();
      one.setAttribute("aria-checked", String(chosen));
      one.setAttribute("tabindex", chosen ? "0" : "-1");
    }
  });
}

/**
 * @param {{ readonly id: string, readonly name: string }} person
 * @param {import("./store.js").Store} store
 */
function option(person, store) {
  return h(
    "button",
    {
      type: "button",
      role: "radio",
      class: "person",
      "data-person": person.id,
      onclick: () => store.become(person.id),
    },
    avatar("person", person.id, person.name),
    h("span", {}, person.name),
  );
}
