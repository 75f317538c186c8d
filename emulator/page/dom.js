// @ts-check
/** The page builds its elements with `h`: a string is always text, never markup. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: Event) => void)>} [attributes] `on…` listens
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (/^(?:data|aria)-/.test(name) && value !== undefined) element.setAttribute(name, String(value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter(isShown));
  return element;
}

/**
 * @param {Child} child
 * @returns {child is Node | string}
 */
function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/**
 * The element of index.html with this id.
 * @param {string} id
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

/**
 * @param {ParentNode} box
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export function allIn(box, selector) {
  return [...box.querySelectorAll(selector)].filter((element) => element instanceof HTMLElement);
}

/**
 * One of the page's line icons.
 * @param {string} path SVG path data in a 20 by 20 box
 */
export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * Arrow keys move the focus among the elements that `items` finds.
 * @param {HTMLElement} box
 * @param {string} items
 */
export function arrowKeys(box, items) {
  box.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const all = allIn(box, items);
    const at = all.findIndex((item) => item.contains(document.activeElement));
    const next = at < 0 ? all.at(step < 0 ? -1 : 0) : all[Math.min(Math.max(at + step, 0), all.length - 1)];
    next?.focus();
    event.preventDefault();
  });
}
