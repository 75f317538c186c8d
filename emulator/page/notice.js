// @ts-check
/** What the top of the page says of the connection to the emulator, and of the gateway that the demo has started. */
import { byId } from "./dom.js";
import { inEveryLanguage, t } from "./i18n.js";

/** @typedef {import("../control.ts").HostNotice} HostNotice */

export function showLink() {
  const pill = byId("link");
  let isUp = false;
  const show = () => {
    pill.dataset["up"] = isUp ? "yes" : "no";
    pill.textContent = t(isUp ? "link-up" : "link-down");
  };
  inEveryLanguage(show);
  /** @param {boolean} up */
  return (up) => {
    isUp = up;
    show();
  };
}

/** While the gateway starts, or when it has failed, there is a banner; when it is ready, a word at the top will do. */
export function showHost() {
  const banner = byId("host");
  const pill = byId("gateway");
  /** @param {HostNotice | undefined} notice */
  return (notice) => {
    const ready = notice?.state === "ready";
    banner.hidden = !notice || ready;
    pill.hidden = !ready;
    const place = ready ? pill : banner;
    place.textContent = notice?.line ?? "";
    place.dataset["state"] = notice?.state ?? "";
  };
}
