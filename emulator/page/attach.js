// @ts-check
/** Files that are about to be sent: chosen with the paper clip, shown as chips, read when the message goes. */
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { sizeWords } from "./media.js";

/** @typedef {import("../control.ts").SayFile} SayFile */

/** @param {(files: readonly File[]) => void} add */
export function offerFiles(add) {
  const input = /** @type {HTMLInputElement} */ (byId("files"));
  byId("attach").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    add([...(input.files ?? [])]);
    // The same file can be chosen again.
    input.value = "";
  });
}

/** @param {readonly File[]} files @param {(file: File) => void} remove */
export function showFiles(files, remove) {
  const box = byId("attaching");
  box.hidden = files.length === 0;
  box.replaceChildren(
    ...files.map((file) =>
      h(
        "button",
        {
          type: "button",
          class: "chip file-chip",
          "aria-label": t("unattach", { name: file.name }),
          onclick: () => remove(file),
        },
        h("span", { class: "file-name" }, file.name),
        sizeWords(file.size),
        h("span", { "aria-hidden": "true" }, "×"),
      ),
    ),
  );
}

/** @param {readonly File[]} files @returns {Promise<SayFile[]>} */
export function readFiles(files) {
  return Promise.all(
    files.map(async (file) => ({ kind: kindOf(file), name: file.name, base64: await base64Of(file) })),
  );
}

/** SILK and AMR have no media type that browsers know. @param {File} file @returns {SayFile["kind"]} */
function kindOf({ type, name }) {
  if (type.startsWith("image/")) return "image";
  if (type.startsWith("video/")) return "video";
  return type.startsWith("audio/") || /\.(?:silk|amr)$/i.test(name) ? "voice" : "file";
}

/** @param {File} file @returns {Promise<string>} */
function base64Of(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () =>
      resolve(typeof reader.result === "string" ? reader.result.replace(/^[^,]*,/, "") : ""),
    );
    reader.addEventListener("error", () => reject(reader.error ?? new Error(file.name)));
    reader.readAsDataURL(file);
  });
}
