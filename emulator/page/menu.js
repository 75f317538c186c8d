// @ts-check
/** Where a menu opens, and where the focus goes then. The browser closes it by Escape or a click elsewhere. */
import { allIn } from "./dom.js";

/** @param {HTMLElement} menu @param {HTMLElement} button */
export function placeBelow(menu, button) {
  open(menu, () => {
    const box = button.getBoundingClientRect();
    const right = Math.max(8, document.documentElement.clientWidth - box.right);
    Object.assign(menu.style, { top: `${box.bottom + 8}px`, right: `${right}px`, left: "auto", bottom: "auto" });
  });
}

/** @param {HTMLElement} menu @param {HTMLElement} button */
export function placeAbove(menu, button) {
  open(menu, () => {
    const box = button.getBoundingClientRect();
    const bottom = document.documentElement.clientHeight - box.top + 8;
    Object.assign(menu.style, { bottom: `${bottom}px`, left: `${box.left}px`, right: "auto", top: "auto" });
  });
}

/** @param {HTMLElement} menu @param {() => void} place */
function open(menu, place) {
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    place();
    allIn(menu, "[role^=menuitem]")[0]?.focus();
  });
}
