// @ts-check
/** The page that a QR code of scan to bind leads to: what a phone shows after the scan. */
import { call, readState } from "./api.js";
import { byId, h } from "./dom.js";
import { t, translateMarkup } from "./i18n.js";

const query = new URLSearchParams(location.search);
const task = query.get("task_id") ?? "";
const person = /** @type {HTMLSelectElement} */ (byId("person"));
const bot = /** @type {HTMLSelectElement} */ (byId("bot"));

translateMarkup();
const world = await readState();
byId("who-asks").textContent = t("connect-asks", { source: query.get("source") || t("connect-third-party") });
person.append(...world.people.map(({ id, name }) => h("option", { value: id }, name)));
bot.append(
  ...world.bots.map(({ appId, name }) => h("option", { value: appId }, `${name} (${appId})`)),
  h("option", { value: "" }, t("connect-new")),
);
if (!world.binds.some((open) => open.task === task)) end(t("connect-over"));
byId("confirm").addEventListener("submit", (event) => {
  event.preventDefault();
  void confirm();
});

async function confirm() {
  try {
    const chosen = bot.value === "" ? {} : { bot: bot.value };
    await call("bind", { do: "confirm", task, person: person.value, ...chosen });
    end(t("connect-done"));
  } catch (error) {
    end(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} line */
function end(line) {
  byId("confirm").hidden = true;
  byId("outcome").textContent = line;
}
