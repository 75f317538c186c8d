import type { ChatButton } from "./control.ts";
import { isAbsent, isFields, readText, type Fields } from "./fields.ts";
import { Refusal, demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";
import { findUrl } from "./urls.ts";

/** Who may press a button; the QQ client sees to it (qq-official.md 7.3). */
export type Permission =
  | { readonly kind: "everybody" | "managers" }
  /** Openids as the bot knows them in that chat: of users in C2C, of members in groups, of users in guilds. */
  | { readonly kind: "people"; readonly ids: readonly string[] }
  /** Only guilds have roles. */
  | { readonly kind: "roles"; readonly ids: readonly string[] };

/** A button as the bot has sent it. */
export interface Button {
  readonly id: string;
  readonly label: string;
  /** What it says once it was pressed. */
  readonly visitedLabel: string;
  readonly style: number;
  readonly type: ChatButton["type"];
  /** The address of a link, what a callback carries, or what a command types. */
  readonly data: string;
  readonly permission: Permission;
  /** Of a command: sent at once; absent when the bot does not say. */
  readonly enter: boolean | undefined;
  /** Of a command: quotes the message the button is under. */
  readonly reply: boolean;
  /** Of a callback: once one of the group was pressed the others cannot be. */
  readonly group: string | undefined;
}

/** Rows of buttons. */
export type Keyboard = readonly (readonly Button[])[];

const ROWS = 5;
const BUTTONS_PER_ROW = 5;
const MODAL_TEXT = 40;
const MODAL_BUTTON = 4;
const TYPES = ["link", "callback", "command"] as const;
const STYLES: ReadonlySet<unknown> = new Set([0, 1, 2, 3, 4]);

/** Reads `keyboard` of a send (qq-official.md 7.3) and refuses what is malformed; `undefined` when it is absent. */
export function readKeyboard(value: unknown, rules: Rules): Keyboard | undefined {
  if (isAbsent(value)) return undefined;
  demand(isFields(value), 305007);
  demand(isAbsent(value["id"]), 305007, "(没有审核通过的模板)");
  const content = value["content"];
  demand(isFields(content), 305007, "content");
  const rows = content["rows"];
  demand(Array.isArray(rows) && rows.length > 0, 305007, "rows");
  demand(rows.length <= ROWS, 40034029, `(${rows.length})`);
  const keyboard = rows.map((row: unknown) => readRow(row, rules));
  const ids = keyboard.flat().map((button) => button.id);
  demand(new Set(ids).size === ids.length, 305007, "id");
  return keyboard;
}

/** The same in a guild, where the refusals have codes of their own; which is which is INF but for 304038. */
export function readGuildKeyboard(value: unknown, rules: Rules): Keyboard | undefined {
  demand(!isFields(value) || isAbsent(value["id"]), 304038);
  try {
    return readKeyboard(value, rules);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.code === 305007 ? 304039 : 304040, error.message);
  }
}

function readRow(row: unknown, rules: Rules): Button[] {
  const buttons = isFields(row) ? row["buttons"] : undefined;
  demand(Array.isArray(buttons) && buttons.length > 0, 305007, "buttons");
  demand(buttons.length <= BUTTONS_PER_ROW, 40034029, `(${buttons.length})`);
  return buttons.map((button: unknown) => readButton(button, rules));
}

function readButton(value: unknown, rules: Rules): Button {
  demand(isFields(value), 305007);
  const { render_data: render, action } = value;
  demand(isFields(render) && isFields(action), 305007, "render_data, action");
  const id = readText(value, "id");
  demand(id !== undefined, 305007, "id");
  const label = readText(render, "label");
  demand(label !== undefined && lengthOf(label) <= rules.buttonLabel, 305007, "label");
  const style = render["style"] ?? 0;
  demand(STYLES.has(style), 305007, "style");
  const type = typeof action["type"] === "number" ? TYPES[action["type"]] : undefined;
  demand(type !== undefined, 40034106, "action.type");
  demandModal(action["modal"]);
  return {
    id,
    label,
    visitedLabel: readText(render, "visited_label") ?? label,
    style: Number(style),
    type,
    data: readData(action, type, rules),
    permission: readPermission(action["permission"]),
    enter: readFlag(action, "enter"),
    reply: readFlag(action, "reply") ?? false,
    group: readText(value, "group_id"),
  };
}

/** 40034108 and 40034109 speak of commands; the other kinds have no code of their own (INF). */
function readData(action: Fields, type: Button["type"], rules: Rules): string {
  const data = action["data"];
  const isCommand = type === "command";
  demand(typeof data === "string" && data !== "", isCommand ? 40034109 : 305007, "action.data");
  if (type === "link") demand(/^(?:https?|mqqapi):\/\//.test(data), 305007, "action.data");
  else demand(lengthOf(data) <= rules.buttonData, isCommand ? 40034108 : 305007, "action.data");
  return data;
}

function readPermission(value: unknown): Permission {
  demand(isFields(value), 305007, "permission");
  switch (value["type"]) {
    case 0:
      return { kind: "people", ids: readIds(value["specify_user_ids"], "specify_user_ids") };
    case 1:
      return { kind: "managers" };
    case 2:
      return { kind: "everybody" };
    default:
      demand(value["type"] === 3, 305007, "permission.type");
      return { kind: "roles", ids: readIds(value["specify_role_ids"], "specify_role_ids") };
  }
}

function readIds(value: unknown, name: string): readonly string[] {
  demand(Array.isArray(value) && value.length > 0, 305007, name);
  demand(
    value.every((id: unknown) => typeof id === "string"),
    305007,
    name,
  );
  return value;
}

function readFlag(action: Fields, name: string): boolean | undefined {
  const value = action[name];
  if (isAbsent(value)) return undefined;
  demand(typeof value === "boolean", 305007, name);
  return value;
}

/** The question before a click. The emulator asks nobody, but refuses what the platform would. */
function demandModal(value: unknown): void {
  if (isAbsent(value)) return;
  demand(isFields(value), 305007, "modal");
  const content = readText(value, "content") ?? "";
  demand(lengthOf(content) <= MODAL_TEXT && findUrl(content, []) === undefined, 305007, "modal.content");
  for (const name of ["confirm_text", "cancel_text"]) {
    demand(lengthOf(readText(value, name) ?? "") <= MODAL_BUTTON, 305007, `modal.${name}`);
  }
}

/** Characters as a reader counts them, and not UTF-16 units. */
const lengthOf = (text: string): number => Array.from(text).length;

/** The buttons as the chat shows them before anybody has pressed one. */
export function showButtons(keyboard: Keyboard): ChatButton[][] {
  return keyboard.map((row) =>
    row.map(({ id, label, style, type, data }) => ({ id, label, style, type, ...(type === "link" && { url: data }) })),
  );
}

/** The same once `pressed` was: its other text stands there, and the others of its group are greyed. */
export function showPressed(
  keyboard: Keyboard,
  pressed: Button,
  buttons: readonly (readonly ChatButton[])[],
): ChatButton[][] {
  const group = pressed.type === "callback" ? pressed.group : undefined;
  const greyed = new Set(
    keyboard
      .flat()
      .filter((button) => group !== undefined && button.group === group && button !== pressed)
      .map((button) => button.id),
  );
  return buttons.map((row) =>
    row.map((button) => {
      if (button.id === pressed.id) return { ...button, label: pressed.visitedLabel, pressed: true };
      return greyed.has(button.id) ? { ...button, disabled: true } : button;
    }),
  );
}
