// @ts-check
/** Calls to the control API of the emulator; see emulator/control.ts. */
import { t } from "./i18n.js";

/** @typedef {import("../control.ts").ControlCalls} ControlCalls */
/** @typedef {import("../control.ts").WorldState} WorldState */
/** @typedef {import("../control.ts").WireEntry} WireEntry */
/** @typedef {import("../control.ts").HostNotice} HostNotice */

/**
 * @template {keyof ControlCalls} Name
 * @param {Name} name
 * @param {ControlCalls[Name]["body"]} body
 * @returns {Promise<ControlCalls[Name]["answer"]>}
 */
export async function call(name, body) {
  const response = await ask(`/_emulator/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** @returns {Promise<WorldState>} */
export async function readState() {
  return (await ask("/_emulator/state")).json();
}

/** @returns {Promise<WireEntry[]>} */
export async function readLog() {
  return (await ask("/_emulator/log?since=0")).json();
}

/**
 * Undefined when nobody hosts the emulator but itself.
 * @returns {Promise<HostNotice | undefined>}
 */
export async function readHost() {
  const response = await fetch("/_emulator/host");
  if (!response.ok || response.status === 204) return undefined;
  const notice = await response.json();
  return notice?.state ? notice : undefined;
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function ask(path, init) {
  const response = await fetch(path, init).catch(() => {
    throw new Error(t("no-answer"));
  });
  if (!response.ok) throw new Error(await reason(response));
  return response;
}

/** @param {Response} response */
async function reason(response) {
  const text = await response.text();
  try {
    const { error, message } = JSON.parse(text);
    return String(error?.message ?? error ?? message ?? text);
  } catch {
    return text.split("\n")[0]?.slice(0, 200) || `HTTP ${response.status}`;
  }
}
